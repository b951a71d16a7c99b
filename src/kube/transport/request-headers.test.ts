import { expect, test } from 'vitest';
import { requestHeaders } from './request-headers.ts';

const encodingFor = (server: string) =>
  requestHeaders({ body: undefined }, { server: new URL(server) }, {}, 'k8s-mcp/test')['accept-encoding'];

test.each([
  ['https://10.0.0.1:6443', 'gzip'],
  ['https://api.prod.example:443', 'gzip'],
  ['https://127.0.0.1:6443', 'identity'],
  ['https://localhost:6443', 'identity'],
  ['https://[::1]:6443', 'identity'],
  ['https://localhost.example.com', 'gzip'],
])('%s is asked for %s', (server, encoding) => {
  expect(encodingFor(server)).toBe(encoding);
});
