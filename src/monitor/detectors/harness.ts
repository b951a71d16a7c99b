/**
 * Test support: what detectors say of states written down in YAML.
 *
 * `fixtures/<detector-id>.yaml` is a list of cases `{name, objects, expect, now?, seen?}`. Objects are plain ones of Kubernetes with
 * little to write: uid, creationTimestamp and the apiVersion of built-in kinds are filled in, a time may be `~5m` (that long before
 * now), and `{kind: Event, on: Pod/shop/cart-1, reason, message, type?, at?, first?, count?}` is a whole Event. `expect: []`: nothing is wrong.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { graphOf } from '../../graph/testing.ts';
import type { EventFacts, GraphNode, GraphView, NodeId } from '../../graph/types.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { kindsLookedAt } from '../engine/kinds.ts';
import type { DetectContext, Detector, Found } from '../types.ts';

interface Expected {
  /** `Pod/shop/cart-1`, `Node/worker-1`: without the group. */
  object: string;
  severity: number;
  /** Exact, or `/a regular expression/`. */
  title: string;
  /** As `object`; not looked at where it is not given. `none`: the finding names none. */
  cause?: string;
  /** Parts of the evidence, in any order. */
  evidence?: string[];
  /** A cause of its own; not looked at where it is not given. */
  own?: boolean;
  /** As the title; `none`: it gives none. Not looked at where it is not given. */
  advice?: string;
  /** `~5m`; `none`: the finding does not know. Not looked at where it is not given. */
  since?: string;
  /** false: found, but it has not held for long enough. */
  held?: boolean;
}

interface Case {
  name: string;
  now?: string;
  /** Since when all was as it is, for findings that do not know it themselves. Default: now. */
  seen?: string;
  objects: Raw[];
  expect: Expected[];
}

type Raw = Record<string, unknown>;

/** A Found of an object, as tests compare it. */
export interface Seen {
  detector: string;
  object: string;
  found: Found;
  cause: string | undefined;
  held: boolean;
}

const NOW = '2026-11-22T12:00:00Z';
const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Runs every fixture of `folder`, and sees to it that each detector has some that find and some that do not. */
export function testFixtures(detectors: readonly Detector[], folder: URL): void {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  it('has fixtures for each detector, and a detector for each fixture', () => {
    expect(files.sort()).toEqual(detectors.map(({ id }) => `${id}.yaml`).sort());
  });
  for (const detector of detectors.filter(({ id }) => files.includes(`${id}.yaml`))) {
    const cases = parse(readFileSync(new URL(`${detector.id}.yaml`, folder), 'utf8'), { merge: true }) as Case[];
    describe(detector.id, () => {
      it('has states that it finds and states in which it stays silent', () => {
        expect(cases.some((one) => one.expect.some(({ held }) => held !== false))).toBe(true);
        expect(cases.some((one) => one.expect.every(({ held }) => held === false))).toBe(true);
      });
      it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
        const seen = seenIn(detector, one);
        const now = Date.parse(one.now ?? NOW);
        expect(seen.map(summary)).toEqual(one.expect.map((expected, at) => summaryOf(expected, seen[at], now)));
      });
    });
  }
}

function seenIn(detector: Detector, { objects, now = NOW, seen = now }: Case): Seen[] {
  const at = Date.parse(now);
  const firstSeen = Date.parse(timed(seen, at) as string);
  const { graph } = graphOf(objects.map((object) => complete(object, at)));
  return look([detector], graph.view(), at, firstSeen);
}

/** What detectors say of everything in a graph, by object. */
export function look(detectors: readonly Detector[], view: GraphView, now: number, firstSeen = now): Seen[] {
  const result: Seen[] = [];
  for (const detector of detectors)
    for (const kind of kindsLookedAt(detector, view))
      view.eachOfKind(kind, undefined, (id) => {
        const node = view.node(id);
        for (const found of detector.detect(node, new Context(view, now)))
          result.push({
            detector: detector.id,
            object: nameOf(node),
            found,
            cause: found.cause === undefined ? undefined : nameOfId(view, found.cause),
            held: now - (found.since ?? firstSeen) >= (found.holdMs ?? 0),
          });
        return undefined;
      });
  return result.sort((a, b) => compare(`${a.object}#${a.found.key ?? ''}`, `${b.object}#${b.found.key ?? ''}`));
}

/** As the engine's: its time cannot be copied along. */
class Context implements DetectContext {
  readonly view: GraphView;
  readonly #now: number;
  constructor(view: GraphView, now: number) {
    this.view = view;
    this.#now = now;
  }
  get now(): number {
    return this.#now;
  }
  events(of: GraphNode): readonly EventFacts[] {
    return this.view.events(of.id);
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const nameOf = ({ kind, namespace, name }: GraphNode) =>
  [kind.split('.')[0], ...(namespace === '' ? [] : [namespace]), name].join('/');
const nameOfId = (view: GraphView, id: NodeId) => nameOf(view.node(id));

const summary = ({ object, found, cause = 'none', held }: Seen) => ({
  object,
  severity: found.severity,
  title: found.title,
  cause,
  evidence: found.evidence,
  own: found.own ?? false,
  advice: found.advice ?? 'none',
  since: timeText(found.since),
  held,
});

const timeText = (ms: number | undefined) =>
  ms === undefined ? 'none' : new Date(ms).toISOString().replace('.000Z', 'Z');

function textOf(expected: string): unknown {
  const pattern = /^\/(.*)\/$/s.exec(expected)?.[1];
  return pattern === undefined ? expected : expect.stringMatching(new RegExp(pattern));
}

/** What the case leaves open is taken from what was seen. */
function summaryOf(expected: Expected, seen: Seen | undefined, now: number): unknown {
  const { object, severity, title, advice, since, held = true } = expected;
  return {
    object,
    severity,
    title: textOf(title),
    cause: expected.cause ?? seen?.cause ?? 'none',
    evidence:
      expected.evidence === undefined
        ? (seen?.found.evidence ?? [])
        : expect.arrayContaining(expected.evidence.map((part) => expect.stringContaining(part))),
    own: expected.own ?? seen?.found.own ?? false,
    advice: advice === undefined ? (seen?.found.advice ?? 'none') : textOf(advice),
    since: since === undefined ? timeText(seen?.found.since) : timed(since, now),
    held,
  };
}

/** `~5m` in any string place becomes a time. */
function timed(value: unknown, now: number): unknown {
  if (typeof value === 'string') {
    const match = /^~(\d+)([smhd])$/.exec(value);
    if (match === null) return value;
    const unit = UNITS[match[2] as keyof typeof UNITS];
    return new Date(now - Number(match[1]) * unit).toISOString().replace('.000Z', 'Z');
  }
  if (Array.isArray(value)) return value.map((item) => timed(item, now));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, timed(member, now)]));
}

const VERSIONS: Readonly<Record<string, string>> = {
  ...byKind('apps/v1', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ControllerRevision'),
  ...byKind('batch/v1', 'Job', 'CronJob'),
  ...byKind('networking.k8s.io/v1', 'Ingress', 'IngressClass', 'NetworkPolicy'),
  ...byKind('discovery.k8s.io/v1', 'EndpointSlice'),
  ...byKind('autoscaling/v2', 'HorizontalPodAutoscaler'),
  ...byKind('policy/v1', 'PodDisruptionBudget'),
  ...byKind('storage.k8s.io/v1', 'StorageClass', 'CSIDriver', 'CSINode', 'VolumeAttachment'),
  ...byKind('scheduling.k8s.io/v1', 'PriorityClass'),
  ...byKind('node.k8s.io/v1', 'RuntimeClass'),
  ...byKind('coordination.k8s.io/v1', 'Lease'),
  ...byKind('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
  ...byKind('apiregistration.k8s.io/v1', 'APIService'),
  ...byKind('rbac.authorization.k8s.io/v1', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'),
  ...byKind(
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
  ),
  ...byKind('gateway.networking.k8s.io/v1', 'Gateway', 'GatewayClass', 'HTTPRoute', 'GRPCRoute'),
};

function byKind(apiVersion: string, ...kinds: string[]): Record<string, string> {
  return Object.fromEntries(kinds.map((kind) => [kind, apiVersion]));
}

const uidOf = (kind: unknown, namespace: unknown, name: unknown) => `${kind}/${namespace ?? ''}/${name}`;

function complete(raw: Raw, now: number): KubeObject {
  const object = timed(raw, now) as Raw;
  if (object['kind'] === 'Event' && typeof object['on'] === 'string') return eventOf(object, object['on'], now);
  const metadata = (object['metadata'] ?? {}) as Raw;
  const kind = String(object['kind']);
  const owners = (metadata['ownerReferences'] ?? []) as Raw[];
  return {
    apiVersion: VERSIONS[kind] ?? 'v1',
    ...object,
    metadata: {
      uid: uidOf(kind, metadata['namespace'], metadata['name']),
      resourceVersion: '1',
      creationTimestamp: timed('~1h', now) as string,
      ...metadata,
      ...(owners.length === 0 ? {} : { ownerReferences: owners.map((owner) => ownerOf(owner, metadata['namespace'])) }),
    },
  };
}

/** `{kind, name}` is enough for an owner. */
const ownerOf = (owner: Raw, namespace: unknown) => ({
  apiVersion: VERSIONS[String(owner['kind'])] ?? 'v1',
  controller: true,
  uid: uidOf(owner['kind'], namespace, owner['name']),
  kind: String(owner['kind']),
  name: String(owner['name']),
  ...owner,
});

let events = 0;

function eventOf(short: Raw, on: string, now: number): KubeObject {
  const parts = on.split('/');
  const [kind = '', namespace = '', name = ''] = parts.length === 2 ? [parts[0], '', parts[1]] : parts;
  const at = short['at'] ?? timed('~1m', now);
  const home = namespace === '' ? 'default' : namespace;
  const unique = `${name}.${++events}`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: unique, namespace: home, uid: uidOf('Event', home, unique), resourceVersion: '1' },
    involvedObject: {
      apiVersion: VERSIONS[kind] ?? 'v1',
      kind,
      name,
      ...(namespace === '' ? {} : { namespace }),
      uid: uidOf(kind, namespace, name),
    },
    type: short['type'] ?? 'Warning',
    reason: short['reason'],
    message: short['message'] ?? '',
    count: short['count'] ?? 1,
    firstTimestamp: short['first'] ?? at,
    lastTimestamp: at,
    source: { component: short['source'] ?? 'kubelet' },
  };
}
