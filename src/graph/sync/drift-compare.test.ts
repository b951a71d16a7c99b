import { expect, test } from 'vitest';
import { object, PODS, scriptedCluster, settle } from '../../../test/support/scripted-sync.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ObjectVersion } from '../../kube/cluster-reader.ts';
import { graphOf } from '../testing.ts';
import { createCompare } from './drift-compare.ts';

const target = { resource: PODS, depth: 'object', fields: [] } as const;
const pod = (name: string, resourceVersion: string) => object(PODS, name, { resourceVersion });
const versionOf = ({ metadata: { namespace = '', name = '', uid = '', resourceVersion = '' } = {} }: KubeObject) => ({
  namespace,
  name,
  uid,
  resourceVersion,
});

/** What is listed and what is got, against a graph with pods of version 1. */
async function compared(known: readonly string[], listed: readonly KubeObject[], now = listed) {
  const { ports, clock, pass } = scriptedCluster([PODS]);
  const { graph } = graphOf(known.map((name) => pod(name, '1')));
  const asked: string[] = [];
  const reader = {
    async versions(_target: unknown, _query: unknown, each: (version: ObjectVersion) => void) {
      for (const one of listed) each(versionOf(one));
      return {};
    },
    async get(_target: unknown, name: string) {
      asked.push(name);
      return now.find(({ metadata }) => metadata?.name === name);
    },
  };
  const compare = createCompare({ graph, reader, clock, scope: ports.scope, signal: new AbortController().signal });
  let done: number | undefined;
  const running = compare('Pod', target).then(({ differences }) => {
    done = differences;
  });
  for (let turn = 0; done === undefined && turn < 5; turn++) await pass(3_000);
  await settle();
  await running;
  return { differences: done, asked };
}

test('what is equal asks for nothing', async () => {
  const { differences, asked } = await compared(['a', 'b'], [pod('a', '1'), pod('b', '1')]);
  expect({ differences, asked }).toEqual({ differences: 0, asked: [] });
});

test('an object that is missing, changed or too many is a difference', async () => {
  const { differences, asked } = await compared(['a', 'b'], [pod('a', '2'), pod('c', '1')]);
  expect({ differences, asked }).toEqual({ differences: 3, asked: ['a', 'c', 'b'] });
});

test('what was gone again when it was asked for is none', async () => {
  const { differences, asked } = await compared(['a'], [pod('a', '1'), pod('gone', '1')], [pod('a', '1')]);
  expect({ differences, asked }).toEqual({ differences: 0, asked: ['gone'] });
});
