import type { GraphView, NodeId } from '../../graph/types.ts';
import type { Anomaly, Finding, ObjectName } from '../types.ts';
import { type Blame, behindService, explain } from './blame.ts';
import { blastOf } from './blast.ts';
import { nodeGroups } from './correlated.ts';
import { type Case, describe } from './describe.ts';
import { groupBy } from './group-by.ts';
import { guessText, hiddenCause, troubledKeepers } from './hidden.ts';
import { createMissingServices, missingText } from './missing-service.ts';
import { idOf, keyOf, nameOf } from './names.ts';
import { natureOf } from './natures.ts';
import { scoreOf } from './score.ts';
import { ownerOf, unitOf } from './units.ts';

/** Causes of causes that are followed. */
const CHAIN = 12;
/** Findings that are traced to a cause; the gravest come first, and what lies beyond is told by itself. */
const TRACED = 2000;
/** Cases whose reach is measured; those of the least severity come last. */
const MEASURED = 100;

/** Objects of one case that its reach begins at, beside its root. */
const HURT = 500;

/** Times of different components differ by so much, ms. */
const SLACK_MS = 60_000;

/**
 * Kinds that are to blame for not being there only when several suffer from it: else it is the one that names them. Of a Service that is
 * missing by its right name nobody else is to blame.
 */
const SHARED_ONLY = new Set([
  'StorageClass.storage.k8s.io',
  '~Image',
  '~Host',
  'Service',
  'PriorityClass.scheduling.k8s.io',
]);

/** Findings told as what they come from, ranked. */
export function foldFindings(findings: readonly Finding[], view: GraphView, now: number): readonly Anomaly[] {
  const incidents = findings.filter((finding) => finding.class === 'incident');
  const cases = gather(incidents, view);
  joinNodes(cases, view);
  const ordered = [...cases.values()].sort(bySeverity);
  const firstPlain = Math.min(...ordered.filter((one) => severityOf(one) === 4 && !isPuzzle(one)).map(sinceOf));
  const anomalies = ordered.map((one, index) => {
    const ids = (objects: readonly ObjectName[]) =>
      objects.map((object) => idOf(view, object)).filter((id) => id !== undefined);
    const hurt = one.findings.slice(0, HURT).map(({ object }) => object);
    const blast =
      index < MEASURED
        ? blastOf(view, ids([one.root, ...one.fellows]), ids(hurt))
        : { objects: 0, entryPoints: 0, weight: 0 };
    const severity = severityOf(one);
    const since = sinceOf(one);
    const score = scoreOf({ severity, blast, since, now, confidence: confidenceIn(one, firstPlain) });
    const { objects, entryPoints } = blast;
    return { ...describe(one, view), severity, since, score, blast: { objects, entryPoints } };
  });
  return anomalies.sort(
    (a, b) =>
      b.score - a.score || b.severity - a.severity || b.since - a.since || (keyOf(a.root) < keyOf(b.root) ? -1 : 1),
  );
}

const severityOf = ({ findings }: Case) => [...findings].sort((a, b) => b.severity - a.severity)[0]?.severity ?? 1;

/** A cause is as old as the first thing that came of it. */
const sinceOf = ({ findings }: Case) => Math.min(...findings.map(({ since }) => since));

const isPuzzle = ({ findings }: Case) => findings.every(isPuzzling);

/**
 * What began to fail without saying why, once something plain had broken, is likely to come of that in a way that the graph
 * does not show.
 */
function confidenceIn(one: Case, firstPlain: number): number {
  if (isPuzzle(one) && sinceOf(one) >= firstPlain - SLACK_MS) return 0.6;
  return one.guessed ? 0.9 : 1;
}

const bySeverity = (a: Case, b: Case) => severityOf(b) - severityOf(a) || (keyOf(a.root) < keyOf(b.root) ? -1 : 1);

interface Traced {
  finding: Finding;
  unit: ObjectName;
  /** Whether another finding of the unit is about something that this object made. */
  sumsUp: boolean;
  cause: ObjectName | undefined;
  /** How it is told that `cause` is one, where no finding and no trouble of its own says so. */
  because: string | undefined;
}

/** Every finding to the case of its root. */
function gather(findings: readonly Finding[], view: GraphView): Map<string, Case> {
  const blame: Blame = { byObject: groupBy(findings, ({ object }) => keyOf(object)), natureOf, members: new Map() };
  const traced = trace(findings, view, blame);
  const causes = causesOfUnits(traced);
  const next = nextOf(view, blame, causes);
  const cases = new Map<string, Case>();
  for (const { finding, unit, cause, sumsUp, because } of traced) {
    const first = sumsUp ? causes.get(keyOf(unit)) : cause;
    const root = first === undefined ? unit : rootOf(first, unit, view, next);
    const one = cases.get(keyOf(root)) ?? {
      root,
      findings: [],
      fellows: [],
      group: undefined,
      guessed: false,
      guesses: new Set(),
    };
    one.findings.push(finding);
    if (first !== undefined && finding.cause === undefined) one.guessed = true;
    const laid = first !== undefined && keyOf(root) !== keyOf(unit) && isSame(first, cause);
    if (because !== undefined && laid) one.guesses.add(because);
    cases.set(keyOf(root), one);
  }
  return cases;
}

/** The cause of what was found to be a cause. */
function nextOf(
  view: GraphView,
  blame: Blame,
  causes: ReadonlyMap<string, ObjectName>,
): (object: ObjectName) => ObjectName | undefined {
  const behind = new Map<string, ObjectName | undefined>();
  return (object) => {
    const key = keyOf(object);
    const known = causes.get(key);
    if (known !== undefined || blame.byObject.has(key) || object.kind !== 'Service') return known;
    if (!behind.has(key)) behind.set(key, behindService(view, object, blame));
    return behind.get(key);
  };
}

function trace(findings: readonly Finding[], view: GraphView, blame: Blame): Traced[] {
  const makers = makersOf(findings, view);
  const troubled = troubledKeepers(findings, view);
  const services = createMissingServices(view);
  const traced = findings.map((finding, index): Traced => {
    const id = idOf(view, finding.object);
    const unitId = id === undefined ? undefined : unitOf(view, id);
    const unit = unitId === undefined ? finding.object : nameOf(view.node(unitId));
    const known = index < TRACED ? explain(view, finding, unitId, blame) : undefined;
    const guess = known === undefined && unitId !== undefined && isPuzzling(finding);
    const hidden = guess ? hiddenCause(view, unitId, finding.since, troubled) : undefined;
    const missing = guess && hidden === undefined && index < TRACED ? services.of([unitId, id ?? unitId]) : undefined;
    const sumsUp = makers.has(keyOf(finding.object));
    if (hidden !== undefined) return { finding, unit, sumsUp, cause: hidden, because: guessText(unit, hidden) };
    if (missing !== undefined) return { finding, unit, sumsUp, cause: missing, because: missingText(unit, missing) };
    return { finding, unit, sumsUp, cause: known, because: undefined };
  });
  const blamed = groupBy(
    traced.filter(({ cause }) => cause !== undefined && SHARED_ONLY.has(cause.kind)),
    ({ cause }) => (cause === undefined ? '' : keyOf(cause)),
  );
  return traced.map((one) => {
    const { cause } = one;
    if (cause === undefined || !SHARED_ONLY.has(cause.kind) || isPresent(view, cause)) return one;
    const units = new Set((blamed.get(keyOf(cause)) ?? []).map(({ unit }) => keyOf(unit)));
    const itself = units.size > 1 || (cause.kind === 'Service' && !services.isMisnamed(cause));
    return itself ? one : { ...one, cause: undefined };
  });
}

const isSame = (a: ObjectName, b: ObjectName | undefined) => b !== undefined && keyOf(a) === keyOf(b);

function isPresent(view: GraphView, object: ObjectName): boolean {
  const id = idOf(view, object);
  return id !== undefined && view.node(id).state === 'present';
}

/** It does not work, and neither says why nor names what does. */
const isPuzzling = (finding: Finding) => finding.cause === undefined && natureOf(finding) === 'working';

/** Objects that made one that has a finding. */
function makersOf(findings: readonly Finding[], view: GraphView): ReadonlySet<string> {
  const makers = new Set<string>();
  for (const { object } of findings) {
    let at: NodeId | undefined = idOf(view, object);
    for (let depth = 0; at !== undefined && depth < CHAIN; depth++) {
      at = ownerOf(view, at);
      if (at !== undefined) makers.add(keyOf(view.node(at)));
    }
  }
  return makers;
}

/** What a unit suffers from as a whole: what most of its findings come from; nothing where one of them is its own fault. */
function causesOfUnits(traced: readonly Traced[]): ReadonlyMap<string, ObjectName> {
  const causes = new Map<string, ObjectName>();
  for (const [unit, all] of groupBy(traced, (one) => keyOf(one.unit))) {
    const leaves = all.filter(({ sumsUp }) => !sumsUp);
    const counted = leaves.length > 0 ? leaves : all;
    const known = counted.flatMap(({ cause }) => (cause === undefined ? [] : [cause]));
    if (known.length < counted.length) continue;
    const counts = [...groupBy(known, keyOf)].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
    const most = counts[0]?.[1][0];
    if (most !== undefined) causes.set(unit, most);
  }
  return causes;
}

/** Follows causes of causes. In a circle the one comes first that is first by name, whoever asks. */
function rootOf(
  first: ObjectName,
  from: ObjectName,
  view: GraphView,
  causeOf: (object: ObjectName) => ObjectName | undefined,
): ObjectName {
  const path: ObjectName[] = [from];
  let at = wholeOf(first, view);
  for (let step = 0; step < CHAIN; step++) {
    const seenAt = path.findIndex((known) => keyOf(known) === keyOf(at));
    if (seenAt >= 0) {
      const circle = path.slice(seenAt);
      return circle.reduce((least, one) => (keyOf(one) < keyOf(least) ? one : least), at);
    }
    path.push(at);
    const next = causeOf(at);
    if (next === undefined) return at;
    at = wholeOf(next, view);
  }
  return at;
}

function wholeOf(object: ObjectName, view: GraphView): ObjectName {
  const id = idOf(view, object);
  return id === undefined ? object : nameOf(view.node(unitOf(view, id)));
}

/** Nodes of one pool or zone that have the same trouble are one case. */
function joinNodes(cases: Map<string, Case>, view: GraphView): void {
  const onNodes = [...cases.values()].filter(({ root }) => root.kind === 'Node');
  const byTrouble = groupBy(onNodes, ({ root, findings }) => {
    const own = findings.filter(({ object }) => keyOf(object) === keyOf(root)).map(({ detector }) => detector);
    return [...new Set(own)].sort().join(' ');
  });
  for (const [trouble, same] of byTrouble) {
    if (trouble === '' || same.length < 2) continue;
    for (const { name, leader, members } of nodeGroups(
      view,
      same.map(({ root }) => root),
    )) {
      const one = cases.get(keyOf(leader));
      if (one === undefined) continue;
      one.group = name;
      for (const member of members) {
        const other = cases.get(keyOf(member));
        if (other === undefined || other === one) continue;
        one.findings.push(...other.findings);
        one.fellows.push(member);
        cases.delete(keyOf(member));
      }
    }
  }
}
