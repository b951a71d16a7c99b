/** A Service that nobody answers at. */
import type { ServiceFacts } from '../../../graph/facts.ts';
import { service as serviceKind } from '../../../graph/project/service.ts';
import { nearness } from '../../../kernel/nearest.ts';
import type { Detector, Found } from '../../types.ts';
import { JOB } from '../workloads/reading/owners.ts';
import { because, CRITICAL, POD, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE, SECOND } from '../workloads/reading/times.ts';
import { troubleOf } from '../workloads/reading/workloads.ts';
import { known } from './reading/edges.ts';
import { type Looked, onKind } from './reading/on-kind.ts';
import {
  type BackingPod,
  backing,
  behind,
  hurts,
  isServed,
  makerOf,
  servicesNear,
  type Template,
  templatesIn,
  usersOf,
  WORKLOADS,
} from './reading/services.ts';
import { type Guess, likeliest, meant } from './reading/words.ts';

/** Pods of a rollout, and of a chart that is being installed, come within it. */
const HOLD = 45 * SECOND;
const STARTING = 2 * MINUTE;

export const serviceNoEndpoints: Detector = onKind(serviceKind, {
  id: 'service-no-endpoints',
  reads: [POD, ...WORKLOADS, JOB],
  affected: servicesNear,
  look(seen) {
    const { node, facts, view } = seen;
    if (!wantsPods(facts) || isServed(node.id, view) || !known(view, POD)) return undefined;
    const pods = backing(node.id, view);
    return pods.length > 0 ? unready(seen, pods) : unselected(seen);
  },
});

const wantsPods = ({ selector, type, publishNotReady }: ServiceFacts) =>
  Object.keys(selector).length > 0 && type !== 'ExternalName' && !publishNotReady;

function unready({ node, facts, view }: Looked<ServiceFacts>, pods: readonly BackingPod[]): Found {
  const troubles = new Set(pods.map(({ pod }) => troubleOf(pod) ?? 'not ready'));
  const cause = behind(node.id, facts, pods, view);
  return {
    severity: CRITICAL,
    title:
      pods.length === 1
        ? 'no endpoint: its only pod is not ready'
        : `no endpoint: none of its ${pods.length} pods is ready`,
    evidence: [
      `selects ${wordsOf(facts.selector)}: ${pods
        .slice(0, 3)
        .map((one) => `Pod ${one.node.name}`)
        .join(', ')}`,
      `pods: ${[...troubles].slice(0, 3).join(', ')}`,
    ],
    holdMs: STARTING,
    ...because(cause === node.id ? undefined : cause),
  };
}

function unselected({ node, facts, view }: Looked<ServiceFacts>): Found | undefined {
  const templates = templatesIn(node.namespace, view);
  const own = makerOf(facts, templates);
  // Scaled to nothing: that it is used is told of the workload.
  if (own?.replicas === 0) return undefined;
  const users = usersOf(node.id, view);
  const evidence = [`spec.selector: ${wordsOf(facts.selector)}`];
  if (users.length > 0)
    evidence.push(
      `used by ${users
        .slice(0, 3)
        .map((user) => `${user.kind.split('.')[0]} ${user.namespace}/${user.name}`)
        .join(', ')}`,
    );
  // Without anybody who uses it, it may be there for what is still to come.
  const severity = users.length > 0 ? CRITICAL : WARNING;
  const base = { severity, evidence, holdMs: hurts(users) ? SECOND : HOLD } as const;
  if (own !== undefined)
    return { ...base, holdMs: HOLD, title: 'no endpoint: there is no pod that it selects', cause: own.node.id };
  const near = nearest(facts.selector, templates);
  // What nobody uses and nothing is like: left over, told as such by itself.
  if (users.length === 0 && near === undefined) return undefined;
  return {
    ...base,
    title: 'no endpoint: its selector matches no pod',
    evidence: near === undefined ? evidence : [near.says, ...evidence],
    ...(near === undefined ? {} : { advice: near.advice }),
  };
}

const wordsOf = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

interface Near {
  says: string;
  advice: string;
}

/** What the selector was to be: what pods have that differ from it by one slip, a value that is almost the same or a key that is. */
function nearest(selector: Readonly<Record<string, string>>, templates: readonly Template[]): Near | undefined {
  const guesses = new Map<string, Guess<Near>>();
  for (const template of templates) {
    const guess = slipOf(selector, template);
    if (guess === undefined) continue;
    const before = guesses.get(guess.means.advice);
    // Several workloads may have what it should ask for.
    if (before === undefined || (guess.serves && !before.serves)) guesses.set(guess.means.advice, guess);
  }
  return likeliest([...guesses.values()]);
}

function slipOf(selector: Readonly<Record<string, string>>, template: Template): Guess<Near> | undefined {
  const { node, labels, replicas, ready } = template;
  const wrong = Object.entries(selector).filter(([key, value]) => labels[key] !== value);
  const [[key, value] = ['', '']] = wrong;
  if (wrong.length !== 1) return undefined;
  const says = (label: string, has: string) =>
    `pods of ${node.kind.split('.')[0]} ${node.name}${replicas === 0 ? ', which is scaled to 0,' : ''} have ${label}=${has}, the selector asks for ${key}=${value}`;
  const serves = ready > 0;
  const has = labels[key];
  if (has !== undefined) {
    const distance = nearness(value, has);
    if (distance === undefined) return undefined;
    return { distance, serves, means: { says: says(key, has), advice: `set spec.selector["${key}"] to ${has}` } };
  }
  const other = meant(
    key,
    Object.keys(labels).filter((label) => labels[label] === value),
  );
  const distance = other === undefined ? undefined : nearness(key, other);
  if (other === undefined || distance === undefined) return undefined;
  return { distance, serves, means: { says: says(other, value), advice: `select by ${other} instead of ${key}` } };
}
