import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serve, shell } from '../support/product.ts';

const pem = (name: string) => join(import.meta.dirname, '..', 'support', 'tls', name);

function get(url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca: readFileSync(pem('ca.pem')) }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => {
        body += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('serve speaks HTTPS with a certificate and its key', async () => {
  const { url } = await serve({
    args: ['--tls-cert-file', pem('server.pem'), '--tls-key-file', pem('server-key.pem')],
  });
  expect(url).toMatch(/^https:\/\/localhost:\d+$/);
  const { status, body } = await get(`${url}/healthz`);
  expect([status, body.length > 0]).toEqual([200, true]);
});

test.each([
  [['--tls-cert-file', pem('server.pem')], '- --tls-key-file: is missing'],
  [['--tls-cert-file', pem('server.pem'), '--tls-key-file', '/nowhere/key.pem'], '- --tls-key-file: ENOENT'],
  [
    ['--tls-cert-file', pem('server.pem'), '--tls-key-file', pem('client-key.pem')],
    '- --tls-cert-file: not PEM, or the key is of another certificate',
  ],
])('serve refuses to start with unusable TLS files: %#', async (flags, problem) => {
  const { code, stderr } = await shell(['serve', '--port', '0', ...flags]);
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
  expect(stderr).not.toContain('PRIVATE KEY');
});
