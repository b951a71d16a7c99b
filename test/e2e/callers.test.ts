/** Who may call over HTTP and with what: kubeconfigs in requests, tokens where writes are open. No cluster. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { kubeconfigFor } from '../support/bad-input.ts';
import { callTool, type Era, type Served, serve } from '../support/product.ts';

const ERAS: readonly Era[] = ['2025', '2026'];

describe('X-Kubeconfig with --no-request-kubeconfig', () => {
  const SECRET = 'a-token-that-nobody-may-see';
  const KUBECONFIG = Buffer.from(
    kubeconfigFor('https://10.0.0.1', 'theirs').replace('"user":{}', `"user":{"token":"${SECRET}"}`),
  ).toString('base64');
  const headers = { 'x-kubeconfig': KUBECONFIG };
  let served: Served;
  beforeAll(async () => {
    served = await serve({ args: ['--no-request-kubeconfig'] });
  });

  const post = async (path: string, body: object, extra: Record<string, string>) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...extra },
      body: JSON.stringify(body),
    };
    const response = await fetch(new URL(path, served.url), init);
    return { status: response.status, body: await response.text() };
  };

  test('REST refuses the header and the field', async () => {
    for (const answer of [
      await post('/tools/k8s-get-pods', {}, headers),
      await post('/tools/k8s-get-pods', { kubeconfig: KUBECONFIG }, {}),
      await post('/tools/call', { id: 'x', name: 'k8s-get-pods', arguments: {} }, headers),
      await post('/tools/call', { id: 'x', name: 'k8s-get-pods', arguments: { kubeconfig: KUBECONFIG } }, {}),
    ]) {
      expect(answer).toEqual({
        status: 403,
        body: expect.stringContaining('This server does not take a kubeconfig with the request.'),
      });
      expectHidden(answer.body);
    }
  });

  const ways: [string, { era: Era; sse?: boolean }][] = [
    ['Streamable HTTP 2025', { era: '2025' }],
    ['Streamable HTTP 2026', { era: '2026' }],
    ['SSE', { era: '2025', sse: true }],
  ];
  test.each(ways)(
    'MCP over %s refuses it in words and lists its tools all the same',
    async (_, { era, sse = false }) => {
      const client = await served.client(era, { sse, headers });
      expect((await client.listTools()).tools.length).toBeGreaterThan(8);
      const { isError, text } = await callTool(client, 'k8s-get-pods');
      expect(isError).toBe(true);
      expect(text).toMatch(/^kubeconfig_refused: /);
      expectHidden(text);
    },
  );

  test('it is in no log', async () => {
    const logs = () =>
      readdirSync(served.logDir)
        .map((name) => readFileSync(join(served.logDir, name), 'utf8'))
        .join('');
    // One line for each call above: they are written when the answers have gone.
    await expect.poll(() => logs().match(/"code":"kubeconfig_refused"/g)).toHaveLength(7);
    expectHidden(logs() + served.log());
  });

  function expectHidden(text: string): void {
    for (const part of [SECRET, KUBECONFIG, Buffer.from(SECRET).toString('base64').slice(4, 20)])
      expect(text).not.toContain(part);
  }
});

describe('open write gates over HTTP', () => {
  test('print a token once, refuse all without it, and work with it', async () => {
    const served = await serve({ args: ['--enable-delete'] });
    const [token, ...more] = [...served.log().matchAll(/token\s+(\S{32})\s/g)].map((match) => match[1] ?? '');
    expect(more).toEqual([]);
    expect(token).toMatch(/^[\w-]{32}$/);
    const status = async (path: string, init: RequestInit) => (await fetch(new URL(path, served.url), init)).status;
    const post = (headers: Record<string, string>) => ({ method: 'POST', headers, body: '{}' });
    for (const path of ['/mcp', '/tools/k8s-get-pods', '/tools/call', '/tools/refresh', '/message?sessionId=x']) {
      expect({ path, status: await status(path, post({})) }).toEqual({ path, status: 401 });
      expect({ path, status: await status(path, post({ authorization: 'Bearer wrong' })) }).toEqual({
        path,
        status: 401,
      });
    }
    for (const path of ['/sse', '/events', '/tools'])
      expect({ path, status: await status(path, {}) }).toEqual({ path, status: 401 });
    const headers = { authorization: `Bearer ${token}` };
    for (const era of ERAS) {
      await expect(served.client(era)).rejects.toThrow();
      const client = await served.client(era, { headers });
      expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('delete_resource');
    }
    await served.stop();
    for (const name of readdirSync(served.logDir))
      expect(readFileSync(join(served.logDir, name), 'utf8')).not.toContain(token);
  });

  test('--allow-unauthenticated-writes needs none', async () => {
    const served = await serve({ args: ['--enable-delete', '--allow-unauthenticated-writes'] });
    expect(served.log()).not.toMatch(/token {2,}/);
    expect((await fetch(new URL('/tools', served.url))).status).toBe(200);
  });
});
