/** What one pod of a list costs from its bytes to the graph, in CPU time. A process of its own: `node bench/graph-decode.ts TASK.json`. */
import { readFileSync } from 'node:fs';
import { createGraph } from '../src/graph/create-graph.ts';
import { createIntern } from '../src/graph/intern.ts';
import { createProjector } from '../src/graph/project/projector.ts';
import { RELATIONS } from '../src/graph/relations/index.ts';
import type { Change, Projected } from '../src/graph/types.ts';
import type { KubeObject } from '../src/kernel/vocabulary.ts';
import type { ApiResource } from '../src/kube/types.ts';
import { createDecoders, type Decoders } from '../src/kube/watch/encodings.ts';
import { objectMaker } from '../src/kube/watch/objects.ts';
import type { WatchTarget } from '../src/kube/watch/types.ts';
import { listBytes } from './sandbox-lists.ts';
import type { Access } from './sandbox-server.ts';

export interface DecodeTask {
  access: Access;
  task: { pages: number; rounds: number };
}

/** us of CPU per pod. */
export interface Decoded {
  pods: number;
  bytesPerPod: number;
  decode: number;
  decodeAndProject: number;
  apply: number;
  /** JSON.parse of the pages that hold the same pods as JSON. */
  plain: number;
}

const PODS: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  resource: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  verbs: ['list', 'watch'],
  subresources: [],
  preferred: true,
};
const ACCEPTS = { protobuf: 'application/vnd.kubernetes.protobuf', json: 'application/json' } as const;

const { access, task }: DecodeTask = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const result: Partial<Record<keyof typeof ACCEPTS, Decoded>> = {};
const jsonPages = await listBytes(access, '/api/v1/pods', ACCEPTS.json, task.pages);
const plainMicros = cpuMicros(() => {
  for (const page of jsonPages) JSON.parse(Buffer.concat(page).toString());
});
for (const encoding of ['protobuf', 'json'] as const)
  result[encoding] = measure(await listBytes(access, '/api/v1/pods', ACCEPTS[encoding], task.pages), encoding);
process.stdout.write(JSON.stringify(result));

/** The last round is the one that counts: by then the code is compiled, as it is for most of 150,000 pods. */
function measure(pages: readonly (readonly Buffer[])[], encoding: 'protobuf' | 'json'): Decoded {
  let last: Decoded | undefined;
  for (let round = 0; round < task.rounds; round++) last = measureOnce(pages, encoding);
  if (last === undefined) throw new Error('nothing was measured');
  return last;
}

function measureOnce(pages: readonly (readonly Buffer[])[], encoding: 'protobuf' | 'json'): Decoded {
  const projector = createProjector(createIntern(), RELATIONS);
  const target: WatchTarget = { resource: PODS, ...projector.targetOf(PODS) };
  const decoders = createDecoders();
  let pods = 0;
  const decode = cpuMicros(() => {
    for (const page of pages) decoded(decoders, encoding, target, page, () => pods++);
  });
  const both = cpuMicros(() => {
    for (const page of pages) decoded(decoders, encoding, target, page, (object) => projector.project(object, PODS));
  });
  const graph = createGraph();
  let apply = 0;
  for (const page of pages) {
    const changes: Change[] = [];
    const add = (object: Projected) => changes.push({ type: 'upsert', object });
    decoded(decoders, encoding, target, page, (object) => add(projector.project(object, PODS)));
    apply += cpuMicros(() => graph.apply(changes));
  }
  const bytes = pages.flat().reduce((sum, { length }) => sum + length, 0);
  return {
    pods,
    bytesPerPod: bytes / pods,
    decode: decode / pods,
    decodeAndProject: both / pods,
    apply: apply / pods,
    plain: plainMicros / pods,
  };
}

function decoded(
  decoders: Decoders,
  encoding: 'protobuf' | 'json',
  target: WatchTarget,
  chunks: readonly Buffer[],
  take: (object: KubeObject) => void,
): void {
  const decoder = decoders.list(encoding, target);
  const make = objectMaker(target);
  for (const chunk of chunks) for (const raw of decoder.push(chunk)) take(make(raw));
  decoder.end();
}

function cpuMicros(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
