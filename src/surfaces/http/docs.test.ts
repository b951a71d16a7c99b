import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { type Running, startServer } from './testing.ts';

const assetsDir = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui.css')));
let server: Running | undefined;
afterEach(() => server?.stop());

test('The docs page and its scripts refer to nothing outside this server, and all they refer to is there', async () => {
  server = await startServer({ settings: { assetsDir } });
  const page = await (await fetch(`${server.url}/docs`)).text();
  const references = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
  const local = references.filter((reference) => reference !== 'data:,');
  expect(local).toEqual(['docs/swagger-ui.css', 'openapi.json', 'docs/swagger-ui-bundle.js', 'docs/start.js']);
  for (const reference of local) {
    const asset = await fetch(new URL(reference, `${server.url}/docs`));
    expect([reference, asset.status]).toEqual([reference, 200]);
    expect(await asset.text()).not.toBe('');
  }
  const start = await (await fetch(`${server.url}/docs/start.js`)).text();
  expect(start).not.toMatch(/https?:/);
  expect(start).toContain('validatorUrl: null');
});

test('The page has no inline script or style, and its policy allows none', async () => {
  server = await startServer({ settings: { assetsDir } });
  const answer = await fetch(`${server.url}/docs`);
  const page = await answer.text();
  expect(page).not.toMatch(/<script>|<style|\son\w+=|style=/);
  const policy = answer.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  expect(policy).not.toContain('http');
});

test('The library loads as a script and exposes what the page starts', async () => {
  server = await startServer({ settings: { assetsDir } });
  const bundle = await fetch(`${server.url}/docs/swagger-ui-bundle.js`);
  expect(bundle.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await bundle.text()).toContain('SwaggerUIBundle');
});

test('Only the two files of the library are served, whatever path is tried', async () => {
  server = await startServer({ settings: { assetsDir } });
  for (const path of [
    '/docs/package.json',
    '/docs/..%2fpackage.json',
    '/docs/swagger-ui.css/../package.json',
    '/docs/swagger-ui.css.map',
  ]) {
    expect([path, (await fetch(server.url + path)).status]).toEqual([path, 404]);
  }
});

test('Without the library the answer says what is missing', async () => {
  server = await startServer();
  const answer = await fetch(`${server.url}/docs/swagger-ui.css`);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ detail: 'swagger-ui.css is not installed with this server.' });
});

test('/docs/ leads to /docs', async () => {
  server = await startServer({ settings: { assetsDir } });
  expect((await fetch(`${server.url}/docs/`)).url).toBe(`${server.url}/docs`);
});
