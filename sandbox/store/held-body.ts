/** The body of an object that is held parsed; its bytes are made when first asked for, and once. */
import type { KubeObject, ObjectMeta } from '../types.ts';
import type { Body } from './types.ts';

/** The protobuf message of an object without its envelope; undefined where the kind has none. */
export type EncodeProtobuf = (object: KubeObject) => Buffer | undefined;

/** The order in which the real server prints metadata (that of the fields of ObjectMeta in Go). */
export const METADATA_ORDER = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const satisfies readonly (keyof ObjectMeta)[];

class HeldBody implements Body {
  readonly #object: KubeObject;
  readonly #encode: EncodeProtobuf | undefined;
  #json: Buffer | undefined;
  /** null: encoded, and the kind has none. */
  #protobuf: Buffer | null | undefined;

  constructor(object: KubeObject, encode: EncodeProtobuf | undefined) {
    this.#object = object;
    this.#encode = encode;
  }

  object(): KubeObject {
    return this.#object;
  }

  json(): Buffer {
    this.#json ??= Buffer.from(JSON.stringify(printed(this.#object)));
    return this.#json;
  }

  protobuf(): Buffer | undefined {
    if (this.#protobuf === undefined) this.#protobuf = this.#encode?.(this.#object) ?? null;
    return this.#protobuf ?? undefined;
  }

  restamp(revision: number): Body {
    return new RestampedBody(this, revision, this.#encode);
  }
}

/** A body with another resourceVersion; its object is copied when asked for. */
class RestampedBody implements Body {
  readonly #of: Body;
  readonly #revision: number;
  readonly #encode: EncodeProtobuf | undefined;
  #held: Body | undefined;

  constructor(of: Body, revision: number, encode: EncodeProtobuf | undefined) {
    this.#of = of;
    this.#revision = revision;
    this.#encode = encode;
  }

  get #body(): Body {
    this.#held ??= heldBody(stamped(this.#of.object(), this.#revision), this.#encode);
    return this.#held;
  }

  object(): KubeObject {
    return this.#body.object();
  }

  json(): Buffer {
    return this.#body.json();
  }

  protobuf(): Buffer | undefined {
    return this.#body.protobuf();
  }

  field(path: string): string | undefined {
    return this.#of.field?.(path);
  }
}

/** `body` with the resourceVersion of `revision`. */
export function restamped(body: Body, revision: number): Body {
  return body.restamp?.(revision) ?? new RestampedBody(body, revision, undefined);
}

/** The body of `object`, which must not change any more. */
export function heldBody(object: KubeObject, encodeProtobuf?: EncodeProtobuf): Body {
  return new HeldBody(object, encodeProtobuf);
}

/** `object` with the resourceVersion of `revision`; the rest is shared with it. */
function stamped(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

function printed({ apiVersion: _, kind: __, metadata, ...rest }: KubeObject): Record<string, unknown> {
  const ordered: Record<string, unknown> = {};
  for (const field of METADATA_ORDER) if (metadata[field] !== undefined) ordered[field] = metadata[field];
  // What is no field of ObjectMeta follows; what is, keeps its place.
  return { metadata: Object.assign(ordered, metadata), ...rest };
}
