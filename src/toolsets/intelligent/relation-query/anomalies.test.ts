import { expect, it } from 'vitest';
import { graphOf } from '../../../graph/testing.ts';
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import type { Anomaly, ObjectName } from '../../../monitor/types.ts';
import { anomaliesAround } from './anomalies.ts';
import type { Asked } from './answer.ts';

const NOW = 1_700_000_000_000;

const service = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});
const pod = (name: string, calls?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: {
    containers: [{ name: 'c', env: calls === undefined ? [] : [{ name: 'ADDR', value: `http://${calls}:80` }] }],
  },
});
const named = (path: string): ObjectName => {
  const [kind = '', name = ''] = path.split('/');
  return { kind, namespace: 'shop', name };
};
const anomaly = (root: string, ...objects: string[]): Anomaly => ({
  root: named(root),
  severity: 4,
  title: `${root} is ill`,
  evidence: [],
  advice: undefined,
  since: NOW,
  score: 1,
  blast: { objects: 0, entryPoints: 0 },
  symptoms: [],
  findings: [],
  objects: objects.map(named),
});

/** `web` calls `api`, which calls `db`. */
function around(target: string, ...anomalies: Anomaly[]) {
  const graph = graphOf([
    pod('web', 'api'),
    service('web'),
    pod('api', 'db'),
    service('api'),
    pod('db'),
    service('db'),
  ]);
  const asked: Pick<Asked, 'targets' | 'bounds'> & Record<string, unknown> = {
    question: { query_type: 'anomaly_correlation', max_results: 10 },
    graph: { view: graph.view, now: () => NOW, coverage: () => ({}) },
    targets: [graph.id(target)],
    bounds: { depth: 5, relations: undefined, edges: 10_000 },
    ctx: { budgetTokens: 10_000, policy: {} },
  };
  const known = { anomalies, ready: true };
  const found = anomaliesAround(asked as never, known as never);
  return { lines: found.lines.slice(1), results: found.typed().results };
}

it('tells of an anomaly where its root stands to the target, and whether it hurts that', () => {
  const { lines, results } = around('Pod/shop/web', anomaly('Service/api', 'Pod/web', 'Pod/api'));
  expect(lines).toEqual([
    '- severity 4: Service shop/api: Service/api is ill (for 0s) [in what it needs, 1 step away, hurts it]',
  ]);
  expect(results).toMatchObject([
    { side: 'upstream', depth: 1, hurts_target: true, path: ['Pod/shop/web', 'Service/shop/api'] },
  ]);
  expect(results[0]?.['relation']).toMatch(/^[a-z-]+$/);
});

it('names what is near of an anomaly whose root is not', () => {
  const { lines, results } = around('Pod/shop/web', anomaly('Secret/far', 'Pod/web'));
  expect(lines.join()).toContain('[in it: Pod shop/web]');
  expect(results).toMatchObject([{ side: 'itself', by: 'Pod/shop/web' }]);
  expect(around('Pod/shop/web', anomaly('Secret/far')).lines).toEqual([]);
});

it('tells what hurts the target before what is around it', () => {
  const { results } = around('Pod/shop/api', anomaly('Pod/web'), anomaly('Pod/db'), anomaly('Service/db', 'Pod/api'));
  expect(results.map(({ name, side }) => [name, side])).toEqual([
    ['db', 'upstream'],
    ['db', 'upstream'],
    ['web', 'downstream'],
  ]);
  expect(results[0]).toMatchObject({ kind: 'Service', hurts_target: true });
});
