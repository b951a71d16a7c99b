import { workloadOf } from '../../graph/project/workloads.ts';
import type { GraphView } from '../../graph/types.ts';
import type { Anomaly, Finding, ObjectName } from '../types.ts';
import { groupBy } from './group-by.ts';
import { idOf, keyOf, spoken, spokenKind } from './names.ts';
import { isDown } from './services.ts';
import { unitOf } from './units.ts';

/** Examples of one symptom. */
const EXAMPLES = 3;
const EVIDENCE = 5;
const SYMPTOMS = 8;
const GUESSES = 3;
/** Things that are said of the nodes of one case. */
const TITLES = 3;

/** Everything that comes of one root. */
export interface Case {
  root: ObjectName;
  findings: Finding[];
  /** Others that have the same trouble as the root: nodes of one pool. */
  fellows: ObjectName[];
  /** What they have in common: `node pool burst`. */
  group: string | undefined;
  /** Whether something was laid to the root that no finding names it for. */
  guessed: boolean;
  /** What of it is laid to the root, or to what leads to it, by a name only: in words. */
  guesses: Set<string>;
}

type Described = Pick<Anomaly, 'root' | 'title' | 'evidence' | 'advice' | 'symptoms' | 'findings'>;

/** A case in words. */
export function describe(one: Case, view: GraphView): Described {
  const { root, findings, fellows } = one;
  const roots = new Set([root, ...fellows].map(keyOf));
  const own = findings.filter(({ object }) => roots.has(keyOf(object)));
  const others = findings.filter(({ object }) => !roots.has(keyOf(object)));
  const [made, foreign] = partsOf(one, others, view);
  const [reason, ...more] = symptomsOf(made, roots);
  const symptoms = [...symptomsOf(foreign, roots), ...more];
  const [symptom] = symptoms;
  const at = one.group === undefined ? spoken(root) : `${one.group} (${fellows.length + 1} nodes: ${listed(one)})`;
  const why = reason === undefined ? undefined : reasonText(reason, made);
  const told = [storyOf(one, own, why === undefined ? view : undefined), why].filter((text) => text !== undefined);
  const cause = told.length === 0 ? at : `${at}: ${told.join('; ')}`;
  const title = symptom === undefined || foreign.length === 0 ? cause : `${symptomText(symptom, foreign)} <- ${cause}`;
  const known = [...own, ...made, ...foreign];
  return {
    root,
    title,
    evidence: evidenceOf(one, known),
    advice: known.find(({ advice }) => advice !== undefined)?.advice,
    symptoms: symptoms.slice(0, SYMPTOMS),
    findings: findings.map(({ id }) => id),
  };
}

/** What is found on what the root has made says why the root fails, and does not follow from it. */
function partsOf({ root }: Case, findings: readonly Finding[], view: GraphView): [made: Finding[], foreign: Finding[]] {
  const id = idOf(view, root);
  const { made = [], foreign = [] } = Object.groupBy(findings, ({ object }) => {
    const at = id === undefined ? undefined : idOf(view, object);
    return at !== undefined && unitOf(view, at) === id ? 'made' : 'foreign';
  });
  return [made, foreign];
}

/** A guess is always told as one, however much else is known: the first right after the first fact. */
function evidenceOf({ guesses }: Case, findings: readonly Finding[]): string[] {
  const more = guesses.size - GUESSES;
  const guessed = [...guesses]
    .slice(0, GUESSES)
    .map((text, at) => (more > 0 && at === GUESSES - 1 ? `${text} (and ${more} more like it)` : text));
  const [first, ...facts] = [...new Set(findings.flatMap(({ evidence }) => evidence))];
  const told = [...(first === undefined ? [] : [first]), ...guessed.slice(0, 1)];
  return [...told, ...facts.slice(0, EVIDENCE - 1 - guessed.length), ...guessed.slice(1)];
}

const listed = ({ root, fellows }: Case) => {
  const names = [root, ...fellows].map(({ name }) => name);
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')}, …`;
};

/** What is wrong with the root itself, where that is known. */
function storyOf({ root, group }: Case, own: readonly Finding[], view: GraphView | undefined): string | undefined {
  const [first] = own;
  if (first !== undefined) return group === undefined ? first.title : titlesOf(own);
  if (view === undefined) return undefined;
  const id = idOf(view, root);
  if (id === undefined || view.whereabouts(id) === 'gone')
    return root.kind.startsWith('~') ? undefined : 'does not exist';
  if (view.whereabouts(id) === 'unknown') return 'cannot be seen';
  if (isDown(view, id)) return 'none of its endpoints can be called';
  const workload = workloadOf(view.node(id));
  return workload?.specReplicas === 0 ? 'scaled to 0' : undefined;
}

/** Of several objects what is said of most of them comes first, and of how many where it is not of all. */
function titlesOf(own: readonly Finding[]): string {
  const objects = new Set(own.map(({ object }) => keyOf(object))).size;
  const groups = [...groupBy(own, ({ title }) => title)].sort(
    (a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1),
  );
  const told = groups
    .slice(0, TITLES)
    .map(([title, { length }]) => (length === objects ? title : `${title} (${length} of ${objects})`));
  return `${told.join('; ')}${groups.length > TITLES ? '; …' : ''}`;
}

/** Those first that say themselves that the root is their cause. */
function symptomsOf(findings: readonly Finding[], roots: ReadonlySet<string>): Anomaly['symptoms'] {
  const groups = [...groupBy(findings, ({ detector, object }) => `${detector} ${object.kind}`).values()];
  const symptoms = groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const objects = new Map(group.map(({ object }) => [keyOf(object), object]));
    return [
      {
        detector: first.detector,
        title: first.title,
        direct: group.some(({ cause }) => cause !== undefined && roots.has(keyOf(cause))) ? 1 : 0,
        severity: Math.max(...group.map(({ severity }) => severity)),
        count: objects.size,
        examples: [...objects.values()].slice(0, EXAMPLES),
      },
    ];
  });
  symptoms.sort(
    (a, b) => b.direct - a.direct || b.severity - a.severity || b.count - a.count || (a.detector < b.detector ? -1 : 1),
  );
  return symptoms.map(({ severity: _severity, direct: _direct, ...symptom }) => symptom);
}

/** `37 Pods: unschedulable`, `Pod shop/cart-1: container cart: CrashLoopBackOff`. */
function symptomText(
  { count, title, examples, detector }: Anomaly['symptoms'][number],
  all: readonly Finding[],
): string {
  const [example] = examples;
  if (example === undefined) return title;
  if (count === 1) return `${spoken(example)}: ${title}`;
  return `${count} ${plural(spokenKind(example.kind))}: ${commonTitle(title, detector, all)}`;
}

/** `container cart: CrashLoopBackOff (2 Pods)`. */
function reasonText(
  { count, title, examples, detector }: Anomaly['symptoms'][number],
  all: readonly Finding[],
): string {
  const [example] = examples;
  if (example === undefined) return title;
  if (count === 1) return `${title} (${spokenKind(example.kind)} ${example.name})`;
  return `${commonTitle(title, detector, all)} (${count} ${plural(spokenKind(example.kind))})`;
}

function commonTitle(title: string, detector: string, all: readonly Finding[]): string {
  const titles = new Set(all.filter((finding) => finding.detector === detector).map((finding) => finding.title));
  return titles.size === 1 ? title : `${title}, …`;
}

const plural = (kind: string) =>
  /(s|x|ch)$/.test(kind) ? `${kind}es` : kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
