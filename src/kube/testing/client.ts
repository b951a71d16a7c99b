/** A client over a scripted transport, and what it sent, for tests. */
import type { ApiRequest, Decision, KubeObject } from '../../kernel/vocabulary.ts';
import { createKubeClient } from '../client/kube-client.ts';
import type { CallScope, TransportRequest } from '../transport/types.ts';
import { allowAll, identity, scriptedTransport } from './scripted-transport.ts';

export function clientFor(answer: unknown, scope: CallScope = allowAll) {
  const transport = scriptedTransport((path, request) =>
    typeof answer === 'function' ? answer(path, request) : answer,
  );
  return { client: createKubeClient(transport, scope, identity), sent: transport.sent };
}

/** Method, path and query of what was sent, the query decoded. */
export function lines(sent: readonly TransportRequest[]): string[] {
  return sent.map(({ method, path }) => {
    const url = new URL(path, 'http://server');
    const query = [...url.searchParams].map(([name, value]) => `${name}=${value}`);
    return [method, url.pathname, ...query].join(' ');
  });
}

export function scopeOf(decision: Decision): CallScope & { asked: ApiRequest[] } {
  const asked: ApiRequest[] = [];
  return {
    asked,
    decide(request) {
      asked.push(request);
      return decision;
    },
  };
}

export async function collect(chunks: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const chunk of chunks) collected.push(chunk);
  return collected;
}

export const pod = (namespace: string, name: string): KubeObject => ({ metadata: { namespace, name } });
export const names = (items: KubeObject[]) => items.map((item) => item.metadata?.name);
