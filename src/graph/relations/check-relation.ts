/** Test support: a relation's fixture, run the ways that objects reach a graph: either side first, changed, and gone. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { kindKeyOfApiVersion } from '../kind-key.ts';
import { type GraphUnderTest, graphOf, resourceOf } from '../testing.ts';
import type { GraphView, KindKey, NodeId, Reference, Relation, Why } from '../types.ts';

/** `<id>.yaml`. Paths as `graphOf` reads them: `Kind/namespace/name`, `Kind.group/name`. */
export interface RelationFixture {
  /** Sources and targets. An object without a uid has the one that `graphOf` gives it. */
  objects: readonly KubeObject[];
  /** All edges of this relation and no other. Several selected targets are told one by one. */
  expect: readonly ExpectedEdge[];
  /** A source (same kind, namespace, name) that refers to something else. */
  changed: KubeObject;
  expectChanged: readonly ExpectedEdge[];
}

export interface ExpectedEdge {
  /** What depends. */
  from: string;
  to: string;
  path: string;
  optional?: boolean;
}

export function readFixture(folder: string, id: string): RelationFixture {
  return parse(readFileSync(`${folder}/${id}.yaml`, 'utf8'));
}

/** Ids of the fixtures in a folder. */
export function fixtureIds(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** One way that objects reach a graph: the edges that it shows, and those that it should. */
export interface Check {
  way: string;
  actual: readonly string[];
  expected: readonly string[];
}

/** Only this relation is at work, so that no other's edges are taken for its own. Each check's `actual` must equal its `expected`. */
export function checkRelation(relation: Relation, fixture: RelationFixture): Check[] {
  const { objects, changed } = fixture;
  const checks: Check[] = [];
  const start = (...first: KubeObject[]): GraphUnderTest => graphOf(first, { relations: [relation] });
  const check = (way: string, under: GraphUnderTest, expected: readonly ExpectedEdge[]): void => {
    checks.push({ way, actual: edgesOf(under), expected: expected.map(textOf).sort() });
  };
  /** Without the edges that the object that changes states. */
  const ofOthers = (edges: readonly ExpectedEdge[]): ExpectedEdge[] => {
    const path = pathOf(changed);
    return edges.filter(({ from, to }) => (relation.inverse === true ? to : from) !== path);
  };

  const forward = start();
  for (const object of objects) forward.apply(object);
  check('one by one', forward, fixture.expect);

  const backward = start();
  for (const object of objects.toReversed()) backward.apply(object);
  check('one by one, the other way round', backward, fixture.expect);

  const together = start(...objects);
  check('all at once', together, fixture.expect);
  together.apply(...objects);
  check('all once more', together, fixture.expect);
  together.apply(changed);
  check('a source changed', together, fixture.expectChanged);
  together.remove(changed);
  check('that source gone', together, ofOthers(fixture.expectChanged));
  backward.remove(changed);
  check('the source gone as it was', backward, ofOthers(fixture.expect));

  for (const target of targetsOf(relation, fixture)) checks.push(...checkTarget(relation, fixture, target));
  return checks;
}

/** A named target that is deleted stays in view as absent, with its edges; a selected one leaves. When it comes back all is as it was. */
function checkTarget(relation: Relation, { objects }: RelationFixture, target: KubeObject): Check[] {
  const under = graphOf(objects, { relations: [relation] });
  const before = edgesOf(under);
  const path = pathOf(target);
  const stays = !isSelected(relation, objects, kindOf(target));
  under.remove(target);
  const checks: Check[] = [
    {
      way: `${path} gone`,
      actual: edgesOf(under),
      expected: stays ? before : before.filter((edge) => !mentions(edge, path)),
    },
  ];
  if (stays) {
    const where = under.view.whereabouts(under.id(path));
    checks.push({ way: `where ${path} is then`, actual: [where], expected: ['gone'] });
  }
  under.apply(target);
  checks.push({ way: `${path} back`, actual: edgesOf(under), expected: before });
  return checks;
}

/** Objects at the far end of an edge that state nothing themselves. */
function targetsOf(relation: Relation, { objects, expect }: RelationFixture): KubeObject[] {
  const ends = new Set(expect.flatMap(({ from, to }) => [from, to]));
  return objects.filter((object) => ends.has(pathOf(object)) && referencesOf(relation, object).length === 0);
}

function isSelected(relation: Relation, objects: readonly KubeObject[], kind: KindKey): boolean {
  return objects.some((object) =>
    referencesOf(relation, object).some((reference) => reference.by === 'selector' && reference.kind === kind),
  );
}

function referencesOf(relation: Relation, object: KubeObject): readonly Reference[] {
  const { sources } = relation;
  return sources === 'any' || sources.includes(kindOf(object)) ? relation.references(object, resourceOf(object)) : [];
}

function kindOf(object: KubeObject): KindKey {
  return kindKeyOfApiVersion(object.apiVersion ?? 'v1', object.kind ?? '');
}

function pathOf(object: KubeObject): string {
  const { namespace, name } = object.metadata ?? {};
  return [kindOf(object), namespace, name].filter((part) => part !== undefined).join('/');
}

function mentions(edge: string, path: string): boolean {
  return edge.startsWith(`${path} => `) || edge.includes(` => ${path} by `);
}

function textOf({ from, to, path, optional }: ExpectedEdge): string {
  return `${from} => ${to} by ${path}${optional === true ? ' (optional)' : ''}`;
}

/** All edges. Each has a present end: the object that states it. */
function edgesOf({ view }: GraphUnderTest): string[] {
  const edges = new Set<string>();
  const add = (from: NodeId, to: NodeId, { path, optional }: Why): void => {
    edges.add(textOf({ from: nameOf(view, from), to: nameOf(view, to), path, optional }));
  };
  for (const kind of view.kinds()) {
    view.eachOfKind(kind, undefined, (id) => {
      view.out(id, (target, why) => {
        add(id, target, why);
        return undefined;
      });
      view.in(id, (source, why) => {
        add(source, id, why);
        return undefined;
      });
      return undefined;
    });
  }
  return [...edges].sort();
}

function nameOf(view: GraphView, id: NodeId): string {
  const { kind, namespace, name } = view.node(id);
  return namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}
