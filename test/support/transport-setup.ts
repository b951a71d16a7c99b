/** A transport and a scripted server for it, both gone after the test. */
import { afterEach, expect } from 'vitest';
import { AppError } from '../../src/kernel/errors.ts';
import type { ClusterConnection } from '../../src/kube/connection.ts';
import { createTransport, type TransportOptions } from '../../src/kube/transport/create-transport.ts';
import type { Transport, TransportRequest } from '../../src/kube/transport/types.ts';
import { anyCall, connectionTo, type Protocol, type Script, type ScriptedApi, scriptedApi } from './scripted-api.ts';

/** Run after each test, last first. */
export const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Setup {
  protocol?: Protocol;
  settings?: object;
  requestCert?: boolean;
  rejectUnauthorized?: boolean;
  connection?: Partial<ClusterConnection>;
  options?: TransportOptions;
}

export async function setup(script: Script, { connection, options, ...server }: Setup = {}) {
  const api = await scriptedApi(script, server);
  cleanups.push(() => api.close());
  return { api, transport: transportTo(api, connection, options) };
}

export function transportTo(
  api: Pick<ScriptedApi, 'url'>,
  connection?: Partial<ClusterConnection>,
  options?: TransportOptions,
): Transport {
  const transport = createTransport(connectionTo(api.url, connection), { userAgent: 'k8s-mcp/test', ...options });
  cleanups.push(() => transport.close());
  return transport;
}

export const request = (changes: Partial<TransportRequest> = {}): TransportRequest => ({
  method: 'GET',
  path: '/api/v1/namespaces/ns/pods',
  scope: anyCall,
  signal: new AbortController().signal,
  ...changes,
});

export async function failure(work: Promise<unknown>): Promise<AppError> {
  const thrown = await work.then(
    () => 'nothing was thrown',
    (e: unknown) => e,
  );
  expect(thrown).toBeInstanceOf(AppError);
  return thrown as AppError;
}

export const ok: Script = (_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end('{"ok":true}');
};
