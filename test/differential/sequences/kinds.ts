/** Every kind: made with little and with much, read back as JSON, as a table, as metadata and as protobuf. */
import { createProtobuf } from '../../../sandbox/protobuf/create-protobuf.ts';
import type { KubeObject } from '../../../sandbox/types.ts';
import { CLUSTER } from '../manifests/cluster.ts';
import { CONFIG } from '../manifests/config.ts';
import type { Sample } from '../manifests/types.ts';
import { WORKLOADS } from '../manifests/workloads.ts';
import {
  across,
  get,
  inNamespace,
  post,
  type RequestOptions,
  remove,
  type Sequence,
  type Side,
  type Step,
  topic,
} from '../sequence.ts';

const SAMPLES = [...WORKLOADS, ...CONFIG, ...CLUSTER];
const as = (form: string, version = 'v1'): RequestOptions => ({
  headers: { accept: `application/json;as=${form};v=${version};g=meta.k8s.io` },
});
const codec = createProtobuf();
/** The envelope: four bytes that say what it is. */
const MAGIC = 4;

const pathOf = ({ apiVersion, resource, namespaced }: Sample) =>
  (namespaced ? inNamespace : across)(apiVersion, resource);
const nameOf = (sample: Sample) => sample.name ?? (sample.namespaced ? 'x' : '{id}');

/** Waits until the controllers are through with it. */
function settled(sample: Sample): Step[] {
  const { settles } = sample;
  if (settles === undefined) return [];
  const object = { ...get(`${pathOf(sample)}/${nameOf(sample)}`), unrecorded: true };
  return [(on) => on.until(object, ({ body }) => settles(body as never))];
}

function life(sample: Sample, size: 'minimal' | 'rich'): Sequence {
  const [path, name] = [pathOf(sample), nameOf(sample)];
  const metadata =
    size === 'minimal' ? { name } : { name, labels: { app: 'x', tier: 'y' }, annotations: { 'example.com/note': 'z' } };
  const object = { apiVersion: sample.apiVersion, kind: sample.kind, metadata, ...sample[size] };
  const one = `${path}/${name}`;
  const selected = `${path}?fieldSelector=metadata.name=${name}`;
  return {
    name: `${sample.kind} of ${sample.apiVersion}, ${size}`,
    noNamespace: !sample.namespaced,
    steps: [
      post(`${path}?dryRun=All`, object),
      post(`${path}?dryRun=All`, object, as('Table')),
      ...(sample.onlyDry
        ? []
        : [
            post(path, object),
            ...settled(sample),
            get(one),
            get(selected),
            get(selected, as('Table')),
            get(`${selected}&includeObject=Object`, as('Table')),
            get(`${selected}&includeObject=None`, as('Table', 'v1beta1')),
            get(one, as('Table')),
            get(one, as('PartialObjectMetadata')),
            get(selected, as('PartialObjectMetadataList')),
            protobufOf(one),
            remove(one, undefined, sample.settles === undefined ? {} : { unrecorded: true }),
          ]),
    ],
  };
}

/** Whether our encoder makes the server's bytes from the server's JSON, and the JSON comes back from them. */
function protobufOf(path: string): Step {
  return async (on) => {
    for (let tries = 0; tries < 5; tries++) {
      const [before, raw, after] = [
        await jsonOf(on, path),
        await on.bytes(get(path, { headers: { accept: 'application/vnd.kubernetes.protobuf' } })),
        await jsonOf(on, path),
      ];
      if (before.metadata.resourceVersion !== after.metadata.resourceVersion) continue;
      return on.note('protobuf', compareBytes(before, raw));
    }
    on.note('protobuf', 'it never held still');
  };
}

async function jsonOf(on: Side, path: string): Promise<KubeObject> {
  return JSON.parse((await on.bytes(get(path))).toString('utf8'));
}

function compareBytes(object: KubeObject, raw: Buffer): string {
  if (raw.subarray(0, MAGIC).toString('latin1') !== 'k8s\0')
    return `no protobuf: ${raw.subarray(0, 200).toString('utf8')}`;
  const message = codec.encode(object);
  if (message === undefined) return 'the kind is not covered';
  const at = raw.indexOf(message);
  if (at >= 0) return 'the bytes are equal';
  let same = 0;
  const body = raw.subarray(raw.indexOf(message.subarray(0, 8)));
  while (same < message.length && message[same] === body[same]) same++;
  return `the bytes part near ${message.subarray(Math.max(0, same - 40), same + 20).toString('latin1')}`;
}

export const KINDS = topic('kind', ...SAMPLES.flatMap((sample) => [life(sample, 'minimal'), life(sample, 'rich')]));
