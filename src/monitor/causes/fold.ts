import type { GraphView } from '../../graph/types.ts';
import type { Anomaly, Finding, ObjectName, Severity } from '../types.ts';
import { type Blame, behindService, explain } from './blame.ts';
import { blastOf } from './blast.ts';
import { type Fallen, fallenBefore, fallenNodes, sinceFallen, timeText } from './by-time.ts';
import { nodeGroups } from './correlated.ts';
import { type Case, describe } from './describe.ts';
import { groupBy } from './group-by.ts';
import { guessText, hiddenCause, troubledKeepers } from './hidden.ts';
import { createMissingServices, missingText } from './missing-service.ts';
import { idOf, keyOf, nameOf } from './names.ts';
import { natureOf } from './natures.ts';
import { earliestOf } from './onset.ts';
import { scoreOf } from './score.ts';
import { ownersOf, unitOf } from './units.ts';

/** Causes of causes that are followed. */
const CHAIN = 12;
/** Findings that are traced to a cause; the gravest come first, and what lies beyond is told by itself. */
const TRACED = 2000;
/** Edges that are looked at to measure how far cases reach, about 50 ms; the gravest come first, and of the last ones only what is found counts. */
const MEASURED = 300_000;

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

/** Pauses where others may have their turn; the graph may be another one after each. */
export type Folding = Generator<undefined, readonly Anomaly[], undefined>;

/** Findings told as what they come from, ranked. */
export function foldFindings(
  findings: readonly Finding[],
  view: GraphView,
  now: number,
  waiting: readonly Finding[] = [],
): readonly Anomaly[] {
  const folding = foldInSteps(findings, view, now, waiting);
  for (;;) {
    const step = folding.next();
    if (step.done === true) return step.value;
  }
}

/**
 * As `foldFindings`, a finding or a case at a time. What does not count yet, though it was there from the start on (`waiting`), is told
 * where something that counts comes of it: the root is the same whenever the product was started.
 */
export function* foldInSteps(
  findings: readonly Finding[],
  view: GraphView,
  now: number,
  waiting: readonly Finding[] = [],
): Folding {
  const incidents = findings.filter((finding) => finding.class === 'incident');
  const cases = yield* gather(incidents, waiting, view);
  joinNodes(cases, view);
  const ranked = [...cases.values()].map(rankedOf).sort(bySeverity);
  const plain = ranked.filter((one) => one.severity === 4 && !isPuzzle(one.told));
  const firstPlain = plain.reduce((first, { earliest }) => Math.min(first, earliest), Number.POSITIVE_INFINITY);
  const anomalies: Anomaly[] = [];
  const left = { edges: MEASURED };
  for (const one of ranked) {
    anomalies.push(anomalyOf(one, { view, now, firstPlain, left }));
    yield;
  }
  return anomalies.sort(
    (a, b) =>
      b.score - a.score || b.severity - a.severity || b.since - a.since || (keyOf(a.root) < keyOf(b.root) ? -1 : 1),
  );
}

interface Ranked {
  told: Case;
  key: string;
  severity: Severity;
  /** A cause is as old as the first thing that came of it. */
  since: number;
  earliest: number;
}

function rankedOf(told: Case): Ranked {
  let severity: Severity = 1;
  let [since, earliest] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const finding of told.findings) {
    if (finding.severity > severity) severity = finding.severity;
    since = Math.min(since, finding.since);
    earliest = Math.min(earliest, earliestOf(finding));
  }
  return { told, key: keyOf(told.root), severity, since, earliest };
}

/** Of two of one severity that with more findings. */
const bySeverity = (a: Ranked, b: Ranked) =>
  b.severity - a.severity || b.told.findings.length - a.told.findings.length || (a.key < b.key ? -1 : 1);

function anomalyOf(
  one: Ranked,
  { view, now, firstPlain, left }: { view: GraphView; now: number; firstPlain: number; left: { edges: number } },
): Anomaly {
  const { told, severity, since } = one;
  const { root, fellows, findings } = told;
  const ids = (objects: readonly ObjectName[]) =>
    objects.map((object) => idOf(view, object)).filter((id) => id !== undefined);
  const objects = [...new Map(findings.map(({ object }) => [keyOf(object), object])).values()];
  const blast = blastOf(view, ids([root, ...fellows]), ids(objects.slice(0, HURT)), left.edges);
  left.edges -= blast.edges;
  return {
    ...describe(told, view),
    severity,
    since,
    score: scoreOf({ severity, blast, since, now, confidence: confidenceIn(one, firstPlain) }),
    blast: { objects: blast.objects, entryPoints: blast.entryPoints },
    objects,
  };
}

const isPuzzle = ({ findings }: Case) => findings.every(isPuzzling);

/**
 * What began to fail without saying why, once something plain had broken, is likely to come of that in a way that the graph
 * does not show.
 */
function confidenceIn({ told, since }: Ranked, firstPlain: number): number {
  if (isPuzzle(told) && since >= firstPlain - SLACK_MS) return 0.6;
  return told.guessed ? 0.9 : 1;
}

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
function* gather(
  counted: readonly Finding[],
  waiting: readonly Finding[],
  view: GraphView,
): Generator<undefined, Map<string, Case>, undefined> {
  const findings = [...counted, ...waiting];
  const placed = yield* place(findings, view);
  const byObject = groupBy(findings, ({ object }) => keyOf(object));
  const blame: Blame = { byObject, natureOf, members: new Map(), generation: view.generation };
  const traced = yield* trace(placed, view, blame);
  const causes = causesOfUnits(traced);
  const next = nextOf(view, blame, causes);
  const cases = new Map<string, Case>();
  for (const { finding, unit, cause, sumsUp, because } of traced.slice(0, counted.length)) {
    const first = sumsUp ? causes.get(keyOf(unit)) : cause;
    const root = first === undefined ? unit : rootOf(first, unit, view, next);
    const key = keyOf(root);
    let one = cases.get(key);
    if (one === undefined) {
      one = { root, findings: [], fellows: [], group: undefined, guessed: false, guesses: new Set() };
      cases.set(key, one);
    }
    one.findings.push(finding);
    if (first !== undefined && finding.cause === undefined) one.guessed = true;
    const laid = first !== undefined && key !== keyOf(unit) && isSame(first, cause);
    if (because !== undefined && laid) one.guesses.add(because);
    yield;
  }
  for (const { finding, unit } of traced.slice(counted.length)) cases.get(keyOf(unit))?.findings.push(finding);
  return cases;
}

interface Placed {
  finding: Finding;
  /** What it is told as one with. */
  unit: ObjectName;
}

interface Places {
  placed: readonly Placed[];
  /** Objects that made one that has a finding. */
  makers: ReadonlySet<string>;
}

function* place(findings: readonly Finding[], view: GraphView): Generator<undefined, Places, undefined> {
  const placed: Placed[] = [];
  const makers = new Set<string>();
  for (const finding of findings) {
    let unit = finding.object;
    const id = idOf(view, finding.object);
    for (const owner of id === undefined ? [] : ownersOf(view, id)) {
      unit = nameOf(view.node(owner));
      makers.add(keyOf(unit));
    }
    placed.push({ finding, unit });
    yield;
  }
  return { placed, makers };
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

function* trace(
  { placed, makers }: Places,
  view: GraphView,
  blame: Blame,
): Generator<undefined, readonly Traced[], undefined> {
  const keepers = troubledKeepers(placed, view);
  const fallen = fallenNodes(placed, keepers, view);
  const troubled = sinceFallen(keepers, fallen);
  // Of what says by another finding why it does not work nothing is guessed.
  const plain = new Set(placed.flatMap(({ finding }) => (natureOf(finding) === 'own' ? [keyOf(finding.object)] : [])));
  const services = createMissingServices(view);
  const traced: Traced[] = [];
  for (const { finding, unit } of placed) {
    const id = idOf(view, finding.object);
    const unitId = idOf(view, unit);
    const key = keyOf(finding.object);
    const sumsUp = makers.has(key);
    const beyond = traced.length >= TRACED;
    // What sums others up follows from what they follow from.
    const known = beyond || sumsUp ? undefined : explain(view, finding, unitId, blame);
    const guess = known === undefined && !sumsUp && unitId !== undefined && isPuzzling(finding) && !plain.has(key);
    const hidden = guess ? hiddenCause(view, unitId, finding.since, troubled) : undefined;
    const missing = guess && hidden === undefined && !beyond ? services.of([unitId, id ?? unitId]) : undefined;
    if (hidden !== undefined) traced.push({ finding, unit, sumsUp, cause: hidden, because: guessText(unit, hidden) });
    else if (missing !== undefined)
      traced.push({ finding, unit, sumsUp, cause: missing, because: missingText(unit, missing) });
    else traced.push({ finding, unit, sumsUp, cause: known, because: undefined });
    yield;
  }
  const blamed = groupBy(
    traced.filter(({ cause }) => cause !== undefined && SHARED_ONLY.has(cause.kind)),
    ({ cause }) => (cause === undefined ? '' : keyOf(cause)),
  );
  const shared = traced.map((one) => {
    const { cause } = one;
    if (cause === undefined || !SHARED_ONLY.has(cause.kind) || isPresent(view, cause)) return one;
    const units = new Set((blamed.get(keyOf(cause)) ?? []).map(({ unit }) => keyOf(unit)));
    const itself = units.size > 1 || (cause.kind === 'Service' && !services.isMisnamed(cause));
    return itself ? one : { ...one, cause: undefined };
  });
  return fallen.length === 0 ? shared : guessedByTime(shared, fallen, view);
}

/** What nothing else explains, as a whole. */
function guessedByTime(traced: readonly Traced[], fallen: readonly Fallen[], view: GraphView): readonly Traced[] {
  const guesses = new Map<string, Pick<Traced, 'cause' | 'because'>>();
  for (const [key, all] of groupBy(traced, ({ unit }) => keyOf(unit))) {
    const [first] = all;
    const id = first === undefined ? undefined : idOf(view, first.unit);
    const known = all.flatMap(({ finding }) => (finding.fromTheStart === true ? [] : [finding.since]));
    if (first === undefined || id === undefined || known.length === 0) continue;
    if (!all.every(({ finding, cause }) => cause === undefined && isPuzzling(finding))) continue;
    const since = Math.min(...known);
    const node = fallenBefore(view, id, since, fallen);
    if (node !== undefined) guesses.set(key, { cause: node.node, because: timeText(first.unit, since, node) });
  }
  return traced.map((one) => ({ ...one, ...guesses.get(keyOf(one.unit)) }));
}

const isSame = (a: ObjectName, b: ObjectName | undefined) => b !== undefined && keyOf(a) === keyOf(b);

function isPresent(view: GraphView, object: ObjectName): boolean {
  const id = idOf(view, object);
  return id !== undefined && view.node(id).state === 'present';
}

/** It does not work, and neither says why nor names what does. */
const isPuzzling = (finding: Finding) => finding.cause === undefined && natureOf(finding) === 'working';

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

/** Nodes that have the same trouble and are most of a pool or zone are one case. */
function joinNodes(cases: Map<string, Case>, view: GraphView): void {
  const onNodes = [...cases.values()].filter(({ root }) => root.kind === 'Node');
  const byTrouble = groupBy(onNodes, ({ root, findings }) => {
    const own = findings
      .filter(({ object }) => keyOf(object) === keyOf(root))
      .map(({ detector, key = '' }) => `${detector}#${key}`);
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
