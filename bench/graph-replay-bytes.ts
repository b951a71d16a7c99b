/** What the replaying API server says, as protobuf, before anyone asks: pages of lists, events of pods. */
import { createProtobuf } from '../sandbox/protobuf/create-protobuf.ts';
import { fieldsV1 } from '../sandbox/scale/objects/managed-fields.ts';
import { bookmarkMeta, bytesField, enveloped, listMeta, watchFrame } from '../sandbox/server/protobuf-wire.ts';
import type { KubeObject as SandboxObject } from '../sandbox/types.ts';
import type { KubeObject } from '../src/kernel/vocabulary.ts';
import type { ApiResource } from '../src/kube/types.ts';
import { backdrop, type ClusterSize, type Made, podAgain, pods } from './graph-cluster.ts';

export interface ReplayedKind {
  resource: ApiResource;
  pages: readonly Buffer[];
}

/** Frames of a watch, one after the other; the number of digits of a version never changes, so that it can be written over. */
export interface Tape {
  bytes: Buffer;
  frames: readonly { start: number; end: number; versionAt: number }[];
}

type Json = Readonly<Record<string, unknown>>;

/** As the product asks, and as many as it asks for. */
const PAGE = 500;
/** Above all that graph-cluster.ts gives, with as many digits; versions of events follow. */
export const LIST_VERSION = 9_700_000_000;

const protobuf = createProtobuf();
export const apiVersionOf = ({ group, version }: ApiResource) => (group === '' ? version : `${group}/${version}`);

export function replayedKinds(size: ClusterSize): ReplayedKind[] {
  const kinds = new Map<ApiResource, Buffer[]>();
  for (const each of [backdrop(size), pods(size)])
    for (const made of each) {
      const items = kinds.get(made.resource) ?? [];
      kinds.set(made.resource, items);
      items.push(bytesField(2, encode(made)));
    }
  return [...kinds].map(([resource, items]) => ({ resource, pages: pagesOf(resource, items) }));
}

function pagesOf(resource: ApiResource, items: readonly Buffer[]): Buffer[] {
  const pages: Buffer[] = [];
  for (let from = 0; from < items.length; from += PAGE) {
    const rest = items.length - from - PAGE;
    const meta = {
      resourceVersion: String(LIST_VERSION),
      ...(rest > 0 && { continue: tokenOf(pages.length + 1), remainingItemCount: rest }),
    };
    const list = Buffer.concat([bytesField(1, listMeta(meta)), ...items.slice(from, from + PAGE)]);
    pages.push(enveloped(apiVersionOf(resource), `${resource.kind}List`, list));
  }
  return pages;
}

/** In the form of the real server's. */
function tokenOf(page: number): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: LIST_VERSION, start: String(page) })).toString(
    'base64url',
  );
}

/** 0: the first, without a token. */
export function pageOf(token: string | null): number {
  if (token === null) return 0;
  // Our own token.
  return Number((JSON.parse(Buffer.from(token, 'base64url').toString()) as { start: string }).start);
}

function encode({ object, resource }: Made): Buffer {
  const { kind } = resource;
  const whole = { ...managed(object), apiVersion: apiVersionOf(resource), kind };
  // graph-cluster.ts names everything that it makes.
  const bytes = protobuf.encode(whole as SandboxObject);
  if (bytes === undefined) throw new Error(`${kind} has no form in protobuf`);
  return bytes;
}

/** Half of what a real object's bytes are: who set which of its fields. */
function managed({ metadata, spec, status }: KubeObject): Json {
  const { labels, ownerReferences, creationTimestamp: time } = metadata ?? {};
  const entry = (manager: string, fields: Json, subresource?: string) => ({
    ...{ manager, operation: 'Update', apiVersion: 'v1', time, fieldsType: 'FieldsV1', fieldsV1: fieldsV1(fields) },
    ...(subresource !== undefined && { subresource }),
  });
  const managedFields = [
    entry('kube-controller-manager', { metadata: { labels, ownerReferences }, ...(spec !== undefined && { spec }) }),
    ...(status === undefined ? [] : [entry('kubelet', { status }, 'status')]),
  ];
  return {
    metadata: { ...metadata, managedFields },
    ...(spec !== undefined && { spec }),
    ...(status !== undefined && { status }),
  };
}

export function addedFrame(made: Made): Buffer {
  return frameOf('ADDED', made);
}

function frameOf(type: string, made: Made): Buffer {
  return watchFrame(type, enveloped(apiVersionOf(made.resource), made.resource.kind, encode(made)));
}

export function bookmarkFrame(resource: ApiResource, version: number): Buffer {
  const meta = bytesField(1, bookmarkMeta(String(version), {}));
  return watchFrame('BOOKMARK', enveloped(apiVersionOf(resource), resource.kind, meta));
}

interface Phase {
  ready: boolean;
  restarts: number;
  ended: boolean;
}

/** A probe fails and succeeds again; the container ends, is started anew, and is ready: what a kubelet writes of it. */
const PHASES: readonly Phase[] = [
  { ready: false, restarts: 0, ended: false },
  { ready: true, restarts: 0, ended: false },
  { ready: false, restarts: 0, ended: true },
  { ready: false, restarts: 1, ended: false },
  { ready: true, restarts: 1, ended: false },
];

/**
 * Pods from everywhere, a group of them in one phase, then in the next, then another group: as many as a group are not ready at a time.
 * A second pass begins where the first did.
 */
export function podTape(size: ClusterSize, groups: number, podsPerGroup: number): Tape {
  const all = size.namespaces * size.workloadsPerNamespace * size.podsPerWorkload;
  const step = Math.floor(all / (groups * podsPerGroup));
  const at = new Date().toISOString().replace(/\.\d+/, '');
  const chunks: Buffer[] = [];
  const frames: Tape['frames'][number][] = [];
  let start = 0;
  const record = (pod: number, phase: Phase) => {
    const made = podAgain(size, pod * step, phase.restarts);
    const frame = frameOf('MODIFIED', { ...made, object: inPhase(made.object, phase, at) });
    const version = frame.indexOf(made.object.metadata?.resourceVersion ?? '');
    frames.push({ start, end: start + frame.length, versionAt: start + version });
    chunks.push(frame);
    start += frame.length;
  };
  for (let group = 0; group < groups; group++)
    for (const phase of PHASES) for (let pod = 0; pod < podsPerGroup; pod++) record(group + pod * groups, phase);
  return { bytes: Buffer.concat(chunks), frames };
}

interface PodStatus {
  conditions: { type: string }[];
  containerStatuses: { name: string; restartCount: number; state: object }[];
}

function inPhase(object: KubeObject, { ready, restarts, ended }: Phase, at: string): KubeObject {
  // As graph-cluster.ts makes it.
  const { status } = object as { status: PodStatus };
  const [main, ...others] = status.containerStatuses;
  const end = { exitCode: 1, reason: 'Error', finishedAt: at };
  const started = { running: { startedAt: at } };
  const changed = {
    ...main,
    ...{ ready, started: !ended, restartCount: restarts, state: ended ? { terminated: end } : started },
    ...(restarts > 0 && { lastState: { terminated: end } }),
  };
  const conditions = status.conditions.map((condition) =>
    condition.type === 'Ready' || condition.type === 'ContainersReady'
      ? {
          ...{ ...condition, status: ready ? 'True' : 'False', lastTransitionTime: at },
          ...(!ready && { reason: 'ContainersNotReady', message: 'containers with unready status: [main]' }),
        }
      : condition,
  );
  const containerStatuses = [changed, ...others.map((other) => ({ ...other, restartCount: 0 }))];
  return { ...object, status: { ...status, conditions, containerStatuses } } as KubeObject;
}
