import { describe, expect, it } from 'vitest';
import { COVERAGE } from '../../../../test/support/coverage.ts';
import { memoryCluster, NOW } from '../../../../test/support/memory-view.ts';
import { impact } from '../../../graph/queries/impact.ts';
import { EDGE_BUDGET } from '../../../graph/queries/types.ts';
import { type GraphOfOptions, graphOf } from '../../../graph/testing.ts';
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import { createMonitor } from '../../../monitor/create-monitor.ts';
import { operation } from '../k8s-relation-query.ts';
import type { Asked } from './answer.ts';
import { ofReach } from './reach.ts';

const made = (apiVersion: string, kind: string, name: string, spec: object, more: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop', ...more },
  spec,
});
const ownedBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `uid:${kind}/shop/${name}`, controller: true }],
});
const LABELS = { app: 'cart' };
const CART: KubeObject[] = [
  made('apps/v1', 'Deployment', 'cart', { replicas: 1 }),
  {
    ...made('v1', 'Pod', 'cart-0', { containers: [{ name: 'main', image: 'cart:1' }] }),
    metadata: { name: 'cart-0', namespace: 'shop', labels: LABELS, ...ownedBy('Deployment', 'cart') },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  },
  made('apps/v1', 'ControllerRevision', 'cart-1', {}, ownedBy('Deployment', 'cart')),
  made('v1', 'Service', 'cart', { selector: LABELS }),
  made('networking.k8s.io/v1', 'Ingress', 'web', { defaultBackend: { service: { name: 'cart' } } }),
  made('networking.k8s.io/v1', 'Ingress', 'web-2', { defaultBackend: { service: { name: 'cart' } } }),
];

function asking(objects: KubeObject[], options: GraphOfOptions = {}) {
  const { graph } = graphOf(objects, options);
  const detection = createMonitor({ graph, detectors: [], now: () => NOW });
  const opened = { view: graph.view(), detection, coverage: () => COVERAGE, now: () => NOW };
  const world = memoryCluster({
    defaultNamespace: 'shop',
    graph: { ask: async (_question, answer) => answer(opened) },
  });
  return async (query_type: string, target: string, more: object = {}) => {
    const { text, output } = await world.call(operation, { query_type, target_resources: [target], ...more });
    return { output, lines: text.split('\n').filter((line) => !line.startsWith('[')) };
  };
}

describe('what lies beyond max_depth', () => {
  it.each([
    ['impact_analysis', 'pod/cart-0'],
    ['related_resources', 'pod/cart-0'],
  ])('is counted in one line, and %s is not complete', async (query_type, target) => {
    const ask = asking(CART);
    const cut = await ask(query_type, target, { max_depth: 1 });
    expect(cut.lines.at(-1)).toMatch(/^\d objects are one step further: raise max_depth \(1\)\.$/);
    expect(cut.output).toMatchObject({ complete: false, summary: { one_step_further: expect.any(Number) } });
    const whole = await ask(query_type, target, { max_depth: 4 });
    expect(whole.lines.join('\n')).not.toContain('further');
    expect(whole.output['complete']).toBe(true);
  });

  it('is told of dependencies too, and of one object as of one', async () => {
    const { lines } = await asking(CART)('dependencies', 'service/cart', { max_depth: 1 });
    expect(lines.at(-1)).toBe('2 objects are one step further: raise max_depth (1).');
    const one = await asking(CART.slice(0, -1))('impact_analysis', 'pod/cart-0', { max_depth: 1 });
    expect(one.lines.at(-1)).toBe('1 object is one step further: raise max_depth (1).');
  });
});

describe('parts of what is asked about', () => {
  it('are counted where they are shown, and only its own', async () => {
    const ask = asking(CART);
    const { lines } = await ask('impact_analysis', 'deployment/cart');
    expect(lines[0]).toBe('impact of Deployment shop/cart (0/1 ready): 3 objects (3 down), 2 parts of it');
    expect(lines.join('\n')).toContain('ControllerRevision shop/cart-1');
    expect((await ask('dependencies', 'deployment/cart')).lines[0]).toBe(
      'dependencies of Deployment shop/cart (0/1 ready): 1 object',
    );
  });

  it('are steps on the way where other relations are asked about', async () => {
    const ask = asking(CART);
    for (const query_type of ['impact_analysis', 'related_resources']) {
      const { lines, output } = await ask(query_type, 'deployment/cart', { relation_filter: ['routes'] });
      expect(output['results']).toMatchObject([{ name: 'cart', kind: 'Service' }, { name: 'web' }, { name: 'web-2' }]);
      expect(lines.join('\n')).not.toContain('ControllerRevision');
    }
    const path = await ask('resource_path', 'deployment/cart', {
      target_resources: ['deployment/cart', 'service/cart'],
      relation_filter: ['routes'],
    });
    expect(path.lines[0]).toBe('path of 2 steps:');
  });
});

it('of what could not be read nothing is known, which is not nothing', async () => {
  const secret = { name: 's', secret: { secretName: 'web' } };
  const user = made('v1', 'Pod', 'a', { containers: [], volumes: [secret] });
  const ask = asking([user], { states: { Secret: { state: 'synced', namespaces: ['data'] } } });
  const { lines, output } = await ask('dependencies', 'secret/web');
  expect(lines[0]).toBe('dependencies of Secret shop/web (unknown: its namespace is not read): nothing is known');
  expect(output['complete']).toBe(false);
});

it('says what the API refuses while something is not answered that no object names', () => {
  const service = { name: 'cart', namespace: 'shop' };
  const { view, id } = graphOf([
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.shop.io' },
      spec: { group: 'shop.io', version: 'v1', service },
    },
  ]);
  const start = id('APIService.apiregistration.k8s.io/v1.shop.io');
  const bounds = { depth: 3, relations: undefined, edges: EDGE_BUDGET };
  const asked = {
    graph: { view, coverage: () => COVERAGE },
    question: { max_results: 10 },
    bounds,
    ctx: { budgetTokens: 1_000 },
  } as unknown as Asked;
  expect(ofReach(asked, impact(view, start, bounds), 'impact of', [start]).lines).toEqual([
    'impact of APIService v1.shop.io: no object by a field',
    'while it is not answered, requests fail for shop.io/v1',
  ]);
});
