import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { controlPlane, freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { callTool, type Served, serve, shell } from '../../support/product.ts';

const OPEN = ['--enable-create', '--enable-update', '--enable-delete', '--allow-unauthenticated-writes'];
/** Values that must never leave, each in one place only. */
const SECRETS = {
  opaque: 'opaque-Value-4711-xyz',
  applied: 'applied-Value-4712-xyz',
  env: 'env-Value-4713-xyz',
  written: 'written-Value-4714-xyz',
  annotated: 'annotated-Value-4715-xyz',
  argument: 'argument-Value-4716-xyz',
};

let namespace: string;
let served: Served;
let client: Client;
/** Everything that left the product. */
const seen: string[] = [];

describe.skipIf(!hasTestUsers())('secrets are never shown', () => {
  const ask = async (tool: string, args: Record<string, unknown>) => {
    const { text } = await callTool(client, tool, args);
    seen.push(text);
    return text;
  };

  beforeAll(async () => {
    namespace = await freshNamespace('secrets');
    await kubectl([
      'create',
      'secret',
      'generic',
      'opaque',
      `--from-literal=password=${SECRETS.opaque}`,
      '-n',
      namespace,
    ]);
    // Client-side apply keeps what was sent in an annotation.
    await apply(secret('applied', { token: SECRETS.applied }), '--server-side=false');
    await apply(secret('annotated', {}, { 'example.test/note': `password=${SECRETS.annotated}` }), '--server-side');
    await apply(pod(), '--server-side');
    await kubectl(['wait', '--for=condition=Ready', 'pod/app', '-n', namespace, '--timeout=40s']);
    const { kubeconfig } = controlPlane();
    served = await serve({ kubeconfig, args: [...OPEN, '--debug', '--confirm=never'] });
    client = await served.client('2026');
  });

  test.each<[string, () => Record<string, unknown>]>([
    ['get_resource', () => ({ kind: 'Secret', name: 'opaque', namespace })],
    ['get_resource', () => ({ kind: 'Secret', name: 'applied', namespace, full: true })],
    ['get_resource', () => ({ kind: 'Secret', name: 'applied', namespace, output: 'json' })],
    ['get_resource', () => ({ kind: 'Secret', name: 'annotated', namespace, full: true })],
    ['get_resource', () => ({ kind: 'Secret', name: 'opaque', namespace, fields: '.data.password' })],
    ['get_resource', () => ({ kind: 'Secret', name: 'applied', namespace, fields: '.metadata.annotations' })],
    ['get_resource', () => ({ kind: 'Pod', name: 'app', namespace, full: true })],
    ['get_resource', () => ({ kind: 'Pod', name: 'app', namespace, fields: '.spec.containers[*].env' })],
    ['list_resources', () => ({ kind: 'Secret', namespace, output: 'yaml' })],
    ['list_resources', () => ({ kind: 'Secret', namespace, output: 'json' })],
    ['list_resources', () => ({ kind: 'Secret', namespace, columns: 'NAME:.metadata.name,V:.data.password' })],
    ['list_resources', () => ({ kind: 'Secret', namespace, groupBy: '.data.password' })],
    ['list_resources', () => ({ kind: 'Secret', namespace, sortBy: '.data.password' })],
    ['list_resources', () => ({ kind: 'Secret', namespace, columns: 'wide' })],
    ['list_resources', () => ({ kind: 'Pod', namespace, output: 'yaml' })],
    ['list_resources', () => ({ kind: 'Pod', namespace, columns: 'ENV:.spec.containers[*].env[*].value' })],
    ['k8s-describe-pod', () => ({ pod_name: 'app', namespace })],
    ['k8s-get-logs', () => ({ pod_name: 'app', namespace })],
    ['create_resource', () => ({ manifest: secret('written', { key: SECRETS.written }) })],
    ['update_resource', () => ({ manifest: secret('written', { key: SECRETS.written, more: SECRETS.written }) })],
    ['update_resource', () => ({ manifest: secret('missing', { key: SECRETS.written }) })],
    [
      'create_resource',
      () => ({ manifest: { ...secret('bad', { key: SECRETS.written }), type: 'kubernetes.io/tls' } }),
    ],
    ['create_resource', () => ({ manifest: { ...secret('typo', {}), strngData: { key: SECRETS.written } } })],
    [
      'update_resource',
      () => ({
        kind: 'Secret',
        name: 'opaque',
        namespace,
        mode: 'merge',
        manifest: '{"metadata":{"labels":{"a":"b"}}}',
      }),
    ],
    ['delete_resource', () => ({ kind: 'Secret', name: 'written', namespace })],
    ['k8s-get-pods', () => ({ namespace, password: SECRETS.argument })],
    ['get_resource', () => ({ kind: 'Secret', name: SECRETS.argument, namespace })],
  ])('%s %#', async (tool, args) => {
    const text = await ask(tool, args());
    const { argument: _, ...inCluster } = SECRETS;
    expect(leaks(text, Object.values(inCluster))).toEqual([]);
  });

  test('the search for leaks finds what is hidden in base64, at any offset', () => {
    for (const before of ['', 'a', 'ab', 'abc']) {
      const text = Buffer.from(`${before}${SECRETS.env} and more`).toString('base64');
      expect(leaks(`x ${text} y`, Object.values(SECRETS))).toEqual([SECRETS.env]);
    }
  });

  test('a condition cannot be used to guess a value', async () => {
    const guess = (value: string) =>
      ask('list_resources', { kind: 'Secret', namespace, where: `.data.password ${value}` });
    const right = Buffer.from(SECRETS.opaque).toString('base64');
    const wrong = Buffer.from('another-Value-0000-xyz').toString('base64');
    // The question itself holds the value: only whether the two answers differ would tell something.
    const answers = [await guess(`== "${right}"`), await guess(`== "${wrong}"`)];
    expect(answers[0]?.replaceAll(right, 'X')).toBe(answers[1]?.replaceAll(wrong, 'X'));
    seen.splice(-2);
    expect(await guess('=~ "^b3Bh"')).toContain('None of');
  });

  test('equal values show equal fingerprints, and different ones do not', async () => {
    await apply(secret('twin', { password: SECRETS.opaque, other: SECRETS.applied }), '--server-side');
    const markers = (text: string) =>
      [...text.matchAll(/(\w+): (<redacted sha256:[0-9a-f]{8}>)/g)].map((m) => [m[1], m[2]]);
    const [[, first] = []] = markers(await ask('get_resource', { kind: 'Secret', name: 'opaque', namespace }));
    const twin = Object.fromEntries(markers(await ask('get_resource', { kind: 'Secret', name: 'twin', namespace })));
    expect(twin['password']).toBe(first);
    expect(twin['other']).not.toBe(first);
  });

  test('over REST and in the shell as well', async () => {
    const input = { kind: 'Secret', name: 'opaque', namespace, output: 'json' };
    for (const accept of ['application/json', 'text/plain']) {
      const answer = await fetch(`${served.url}/tools/get_resource`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify(input),
      });
      expect(answer.status).toBe(200);
      seen.push(await answer.text());
    }
    const { kubeconfig } = controlPlane();
    for (const output of ['text', 'json']) {
      const { code, stdout, stderr } = await shell(
        ['call', 'get_resource', '--json', JSON.stringify(input), '-o', output],
        {
          kubeconfig,
        },
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      seen.push(stdout);
    }
    expect(leaks(seen.slice(-4).join('\n'), Object.values(SECRETS))).toEqual([]);
  });

  test('no log, no audit line and no answer of this file holds one', async () => {
    await served.stop();
    const files = readdirSync(served.logDir).map((name) => ({
      name,
      text: readFileSync(join(served.logDir, name), 'utf8'),
    }));
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['audit.log', 'k8s-mcp.log']));
    const audit = files.find(({ name }) => name === 'audit.log')?.text ?? '';
    expect(audit.split('\n').length).toBeGreaterThan(25);
    const { argument, ...rest } = SECRETS;
    for (const { name, text } of files) expect(leaks(text, Object.values(rest)), name).toEqual([]);
    expect(leaks(served.log(), Object.values(rest))).toEqual([]);
    // A name is a name: but the argument called password is not written down.
    const passwords = audit.split('\n').filter((line) => line.includes('"k8s-get-pods"'));
    expect(leaks(passwords.join('\n'), [argument])).toEqual([]);
    expect(leaks(seen.join('\n'), Object.values(rest))).toEqual([]);
  });
});

/** Which of `values` stand in `text`, plain or base64 at any offset. */
function leaks(text: string, values: readonly string[]): string[] {
  return values.filter((value) => formsOf(value).some((form) => text.includes(form)));
}

function formsOf(value: string): string[] {
  const shifted = ['', ' ', '  '].map((pad) => {
    const encoded = Buffer.from(pad + value).toString('base64');
    // Characters at either end mix with their neighbours.
    return encoded.slice(pad === '' ? 0 : 4, -4);
  });
  return [value, encodeURIComponent(value), ...shifted];
}

function secret(name: string, values: Record<string, string>, annotations: Record<string, string> = {}) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, annotations }, stringData: values };
}

function pod() {
  const env = [
    { name: 'DB_PASSWORD', value: SECRETS.env },
    { name: 'DATABASE_URL', value: `postgres://app:${SECRETS.env}@db:5432/app` },
    { name: 'COLOR', value: 'blue' },
    { name: 'FROM_SECRET', valueFrom: { secretKeyRef: { name: 'opaque', key: 'password' } } },
  ];
  const containers = [{ name: 'app', image: 'example.test/app:1', env, args: ['--password', SECRETS.env] }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app', namespace }, spec: { containers } };
}

async function apply(object: unknown, ...flags: string[]): Promise<void> {
  await kubectl(['apply', ...flags, '-f', '-'], { stdin: JSON.stringify(object) });
}
