import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { type NodeChild, startNodeChild } from './node-child.ts';

const folder = mkdtempSync(join(tmpdir(), 'node-child-'));
const children: NodeChild[] = [];
afterAll(async () => {
  await Promise.all(children.map((child) => child.kill()));
  rmSync(folder, { recursive: true });
});

function start(code: string): NodeChild {
  const file = join(folder, `${children.length}.mjs`);
  writeFileSync(file, `process.once('disconnect', () => process.exit());\n${code}`);
  const child = startNodeChild(pathToFileURL(file), 'k8s-mcp-test');
  children.push(child);
  return child;
}

const ECHO = `process.on('message', (message) => process.send({ got: message }));`;

test('answers one after another, bytes and characters as they are', async () => {
  const child = start(ECHO);
  for (const message of [{ a: [1, undefined, 'ü\ud800'] }, 'text', { bytes: new Uint8Array([1, 255]) }]) {
    expect(await child.ask([message])).toMatchObject({ answer: { got: message } });
  }
});

test('sends many messages in their order before it waits', async () => {
  const child = start(`const all = [];
    process.on('message', (message) => message === 'end' ? process.send(all.join('').length) : all.push(message));`);
  expect(await child.ask([...Array.from({ length: 8 }, () => 'x'.repeat(1_000_000)), 'end'])).toEqual({
    answer: 8_000_000,
  });
});

test('has no environment, arguments, options or streams of ours', async () => {
  const child =
    start(`process.on('message', () => process.send([process.env, process.argv.length, process.execArgv, process.cwd()]));
    console.log('seen by nobody'); console.error('seen by nobody');`);
  expect(await child.ask(['?'])).toEqual({ answer: [{}, 2, [], '/'] });
});

test('its end is the answer where there is none, also to what is asked later', async () => {
  const child = start(`process.on('message', () => process.exit(7));`);
  expect(await child.ask(['x'])).toEqual({ end: { exitCode: 7, signal: null } });
  expect(await child.ask(['x'])).toEqual({ end: { exitCode: 7, signal: null } });
});

test('one that V8 ends has ended by a signal, and its last words are nowhere', async () => {
  const child = start(`process.on('message', () => process.abort());`);
  expect(await child.ask(['x'])).toEqual({ end: { exitCode: null, signal: 'SIGABRT' } });
});

test('is killed whatever it does, and killing twice is no fault', async () => {
  const child = start(`process.on('message', () => { for (;;); });`);
  const asked = child.ask(['x']);
  await child.kill();
  await child.kill();
  expect(await asked).toEqual({ end: { exitCode: null, signal: 'SIGKILL' } });
});

test('a program that is not there has ended', async () => {
  const child = startNodeChild(pathToFileURL(join(folder, 'none.mjs')), 'k8s-mcp-test');
  expect(await child.ask(['x'])).toEqual({ end: { exitCode: 1, signal: null } });
});
