import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import { graphOf } from '../../testing.ts';
import { depthOf, MAX_OBJECT_BYTES, referenceRulesOf, schemaFactsOf, schemaRelation } from './index.ts';

const TEXT = { type: 'string' };
const LABELS = { type: 'object', additionalProperties: TEXT };

function record(properties: Record<string, unknown>): Record<string, unknown> {
  return { type: 'object', properties };
}

function list(items: unknown): Record<string, unknown> {
  return { type: 'array', items };
}

function definition(kind: string, group: string, spec: unknown, status: unknown = record({})): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.toLowerCase()}s.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind },
      versions: [
        { name: 'v1', served: true, schema: { openAPIV3Schema: record({ metadata: record({}), spec, status }) } },
      ],
    },
  };
}

const DATABASE = definition(
  'Database',
  'shop.io',
  record({
    tls: record({ secretName: TEXT }),
    credentials: record({ passwordSecretRef: record({ name: TEXT, key: TEXT }) }),
    backups: list(record({ configMapKeyRef: record({ name: TEXT, key: TEXT, optional: { type: 'boolean' } }) })),
    owner: record({ teamRef: record({ apiGroup: TEXT, kind: TEXT, name: TEXT, namespace: TEXT }) }),
    poolRefs: list(record({ apiVersion: TEXT, kind: TEXT, name: TEXT })),
    volume: record({ persistentVolumeClaim: record({ claimName: TEXT }), storageClassName: TEXT }),
    podSelector: record({ matchLabels: LABELS, matchExpressions: list(record({ key: TEXT })) }),
    vagueRef: record({ kind: TEXT, name: TEXT }),
    serviceRefs: list(record({ kind: TEXT, name: TEXT, namespace: TEXT })),
    description: record({ name: TEXT }),
  }),
  record({ conditions: list(record({ type: TEXT })), secretName: TEXT }),
);

describe('references in the schemas of definitions', () => {
  it('are recognised by what their fields are called, and not guessed', () => {
    expect(referenceRulesOf(DATABASE)).toEqual([
      { at: 'spec.tls.secretName', type: 'name', kind: 'Secret' },
      { at: 'spec.credentials.passwordSecretRef', type: 'record', key: 'name', kind: 'Secret' },
      { at: 'spec.backups[].configMapKeyRef', type: 'record', key: 'name', kind: 'ConfigMap' },
      { at: 'spec.owner.teamRef', type: 'typed' },
      { at: 'spec.poolRefs[]', type: 'typed' },
      { at: 'spec.volume.persistentVolumeClaim', type: 'record', key: 'claimName', kind: 'PersistentVolumeClaim' },
      { at: 'spec.volume.storageClassName', type: 'name', kind: 'StorageClass.storage.k8s.io' },
      { at: 'spec.podSelector', type: 'selector' },
      { at: 'spec.serviceRefs[]', type: 'record', key: 'name', kind: 'Service' },
    ]);
  });

  it('become edges that name the field', () => {
    const facts = schemaFactsOf(DATABASE);
    const relation = facts && schemaRelation(facts);
    expect(relation?.sources).toEqual(['Database.shop.io']);
    const { view, id } = graphOf(
      parse(`
- { apiVersion: v1, kind: Pod, metadata: { name: db-0, namespace: shop, labels: { app: db } } }
- apiVersion: shop.io/v1
  kind: Database
  metadata: { name: db, namespace: shop }
  spec:
    tls: { secretName: db-tls }
    backups: [{ configMapKeyRef: { name: plan, key: a, optional: true } }]
    owner: { teamRef: { apiGroup: org.io, kind: Team, name: a, namespace: people } }
    poolRefs: [{ kind: Pool, name: nowhere }, { apiVersion: v1, kind: Service, name: pool }]
    volume: { storageClassName: fast }
    podSelector: { matchLabels: { app: db } }
    serviceRefs: [{ kind: Service, name: api }, { kind: ExternalService, name: far }, { name: web }]
`),
      { relations: relation === undefined ? [] : [relation] },
    );
    const edges: string[] = [];
    view.out(id('Database.shop.io/shop/db'), (target, { path, optional, strength }) => {
      const { kind, namespace, name } = view.node(target);
      edges.push(`${kind} ${namespace}/${name} ${path} ${strength}${optional ? ' optional' : ''}`);
      return undefined;
    });
    expect(edges.sort()).toEqual([
      'ConfigMap shop/plan spec.backups[0].configMapKeyRef.name soft optional',
      'Pod shop/db-0 spec.podSelector soft',
      'Secret shop/db-tls spec.tls.secretName soft',
      'Service shop/api spec.serviceRefs[api].name soft',
      'Service shop/pool spec.poolRefs[pool].name soft',
      'Service shop/web spec.serviceRefs[web].name soft',
      'StorageClass.storage.k8s.io /fast spec.volume.storageClassName soft',
      'Team.org.io people/a spec.owner.teamRef.name soft',
    ]);
  });

  it('leave to relations written by hand what those read', () => {
    const certificate = definition(
      'Certificate',
      'cert-manager.io',
      record({
        secretName: TEXT,
        issuerRef: record({ group: TEXT, kind: TEXT, name: TEXT }),
        extra: record({ secretName: TEXT }),
      }),
    );
    const facts = schemaFactsOf(certificate);
    expect(facts?.rules).toHaveLength(3);
    expect(facts && schemaRelation(facts)?.fields).toEqual(['spec.extra.secretName']);
  });

  it('say how deep objects are read', () => {
    const plain = definition('Plain', 'shop.io', record({ size: TEXT }));
    const route = definition('HTTPRoute', 'gateway.networking.k8s.io', record({}));
    expect(depthOf(DATABASE)).toBe('object');
    expect(depthOf(DATABASE, MAX_OBJECT_BYTES + 1)).toBe('metadata');
    expect(depthOf(plain)).toBe('metadata');
    expect(depthOf(definition('Plain', 'shop.io', record({}), record({ phase: TEXT })))).toBe('object');
    expect(depthOf(route, MAX_OBJECT_BYTES + 1)).toBe('object');
  });

  it('end where a schema leads round in circles, is deep without end or wide without end', () => {
    const circle: Record<string, unknown> = record({ secretName: TEXT });
    (circle['properties'] as Record<string, unknown>)['again'] = circle;
    expect(referenceRulesOf(definition('Circle', 'shop.io', circle))).toEqual([
      { at: 'spec.secretName', type: 'name', kind: 'Secret' },
    ]);
    let shared: unknown = record({ secretName: TEXT });
    for (let depth = 0; depth < 40; depth++) shared = record({ a: shared, b: shared });
    expect(referenceRulesOf(definition('Bomb', 'shop.io', shared))).toEqual([]);
    const wide = record(
      Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`f${i}`, record({ secretName: TEXT })])),
    );
    expect(referenceRulesOf(definition('Wide', 'shop.io', wide))).toHaveLength(200);
  });

  it('never throw, whatever stands there instead of a schema or an object', () => {
    const name = fc.constantFrom(
      'secretName',
      'secretRef',
      'targetRef',
      'podSelector',
      'name',
      'kind',
      'group',
      'x.y',
      '',
    );
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { maxDepth: 5 },
        fc.record({ type: fc.constantFrom('object', 'string', 'array', 7) }),
        fc.record({ type: fc.constant('object'), properties: fc.dictionary(name, tie('schema')) }),
        fc.record({ type: fc.constant('array'), items: tie('schema') }),
        fc.record({ $ref: fc.constant('#/spec') }),
        fc.anything(),
      ),
    }));
    fc.assert(
      fc.property(schema, fc.object(), (spec, given) => {
        const facts = schemaFactsOf(definition('Any', 'shop.io', spec));
        const object: KubeObject = { ...given, metadata: { name: 'a', namespace: 'shop' } };
        const relation = facts && schemaRelation(facts);
        const resource = { group: 'shop.io', version: 'v1', kind: 'Any', resource: 'anys', singular: 'any' };
        relation?.references(object, {
          ...resource,
          shortNames: [],
          categories: [],
          namespaced: true,
          verbs: [],
          subresources: [],
          preferred: true,
        });
        expect(facts?.kind).toBe('Any.shop.io');
      }),
    );
    for (const spec of [undefined, null, 7, [], { group: 'a' }, { names: 'x', group: 'a', versions: {} }]) {
      expect(referenceRulesOf({ spec })).toEqual([]);
    }
  });
});
