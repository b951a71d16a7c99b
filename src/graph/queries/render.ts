import { mostFirst } from '../../kernel/counts.ts';
import type { GraphView, NodeId } from '../types.ts';
import { type Branch, branchesOf } from './branches.ts';
import { countOf, nodeName, stateText } from './state-text.ts';
import type { Hit, Hub } from './types.ts';

/** Names told of one group; the rest is counted. */
const NAMES = 5;
/** Of the objects of a Namespace, to which no edge leads. */
const IS_IN = 'is in';
/** Fields counted of one group. */
const MOST_FIELDS = 20;

/** A tree that people and models read: a line for each group of nodes reached alike, with why, and in which state. */
export function treeLines(view: GraphView, hits: readonly Hit[], options: { keepParts: boolean }): string[] {
  const branches = branchesOf(hits, { kindOf: (id) => view.node(id).kind, keepParts: options.keepParts });
  return branches.flatMap((branch, at) => branchLines(view, branch, '', at === branches.length - 1));
}

function branchLines(view: GraphView, branch: Branch, indent: string, last: boolean): string[] {
  const deeper = `${indent}${last ? '   ' : '│  '}`;
  return [
    `${indent}${last ? '└ ' : '├ '}${branchLine(view, branch)}`,
    ...branch.children.flatMap((child, at) => branchLines(view, child, deeper, at === branch.children.length - 1)),
  ];
}

/** `mounts ConfigMap shop/cart (MISSING) · spec.volumes[config].configMap.name`, or `3 Pods (all ready): … · runs on it · down`. */
function branchLine(view: GraphView, { hits }: Branch): string {
  const [first] = hits;
  if (first === undefined) return '';
  const verb = first.why?.relation.verb ?? IS_IN;
  const who = hits.length === 1 ? named(view, first) : severalNamed(view, hits);
  const said = first.direction === 'out' ? `${verb} ${who}` : who;
  const facts = [
    first.direction === 'in' ? `${verb} it` : undefined,
    noteOf(hits),
    first.effect === 'withstands' ? 'withstands' : first.effect,
    first.why === undefined || first.part ? undefined : fieldsOf(hits),
  ].filter((fact) => fact !== undefined && fact !== '');
  return [said.trim(), ...facts].join(' · ');
}

/** What is said of each of them alike. */
function noteOf(hits: readonly Hit[]): string | undefined {
  const note = hits[0]?.note;
  return hits.every((hit) => hit.note === note) ? note : undefined;
}

/** The field that says so; of several, the first and how many others there are. */
function fieldsOf(hits: readonly Hit[]): string {
  const why = hits[0]?.why;
  if (why === undefined) return '';
  const paths = new Set<string>();
  for (const hit of hits) if (hit.why !== undefined && paths.size <= MOST_FIELDS) paths.add(hit.why.path);
  const others = paths.size - 1;
  const count = others === MOST_FIELDS ? `${others} or more` : `${others}`;
  const rest = others === 0 ? '' : ` and ${count} other ${others === 1 ? 'field' : 'fields'}`;
  return `${why.path}${why.optional ? ' (optional)' : ''}${rest}`;
}

function named(view: GraphView, { id }: Hit): string {
  const state = stateText(view, id);
  return `${nodeName(view.node(id))}${state === '' ? '' : ` (${state})`}`;
}

/** `12 Pods (10 ready, 2 CrashLoopBackOff): shop/cart-1, …`. */
function severalNamed(view: GraphView, hits: readonly Hit[]): string {
  const [first] = hits;
  const kind = first === undefined ? '' : view.node(first.id).kind;
  const states = countedStates(view, hits);
  const names = hits.slice(0, NAMES).map(({ id }) => shortName(view, id));
  const rest = hits.length - names.length;
  return `${countOf(hits.length, kind)}${states}: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function countedStates(view: GraphView, hits: readonly Hit[]): string {
  const counts = new Map<string, number>();
  for (const { id } of hits) {
    const state = stateText(view, id);
    if (state !== '') counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  if (counts.size === 0) return '';
  const told = mostFirst(counts).slice(0, NAMES);
  return ` (${told.map(([state, count]) => (count === hits.length ? `all ${state}` : `${count} ${state}`)).join(', ')})`;
}

function shortName(view: GraphView, id: NodeId): string {
  const { namespace, name } = view.node(id);
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** `not followed further: Node w1 (35 references), NetworkPolicy shop/default-deny and 2 more`. */
export function hubLines(view: GraphView, hubs: readonly Hub[]): string[] {
  if (hubs.length === 0) return [];
  const told = [...hubs].sort((a, b) => (b.degree ?? 0) - (a.degree ?? 0)).slice(0, NAMES);
  const names = told.map(
    ({ id, degree }) => `${nodeName(view.node(id))}${degree === undefined ? '' : ` (${degree} references)`}`,
  );
  const rest = hubs.length - told.length;
  return [`not followed further: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`];
}

/** One line a step: `Pod shop/a -runs on-> Node w1 (spec.nodeName)`. */
export function pathLines(view: GraphView, steps: readonly Hit[]): string[] {
  return steps.map((step, at) => {
    const state = stateText(view, step.id);
    const name = `${nodeName(view.node(step.id))}${state === '' ? '' : ` (${state})`}`;
    if (at === 0) return name;
    const verb = step.why?.relation.verb ?? IS_IN;
    const path = step.why?.path ?? 'metadata.namespace';
    const indent = '  '.repeat(at);
    return step.direction === 'out' ? `${indent}${verb} ${name} · ${path}` : `${indent}${name} · ${verb} it · ${path}`;
  });
}
