/** Objects of one target, and the few other messages that stand beside them. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { WatchTarget } from '../watch/types.ts';
import type { Cursor } from './cursor.ts';
import type { Decoder } from './decode.ts';
import { openEnvelope } from './envelope.ts';
import { messageOfKind, NAMED_MESSAGES } from './messages.ts';
import { type Plan, planOf, wholePlan } from './plan.ts';

export interface ObjectDecoder {
  /** An object of the target. `kind`: what its list says that it holds, '' for the target's own. */
  object(kind: string, cursor: Cursor, end: number): KubeObject;
  /** Any message that a watch may hold, by its envelope; what is unknown has its kind only. */
  enveloped(bytes: Buffer, from: number, end: number): KubeObject;
}

const METADATA_ONLY = 'PartialObjectMetadata';
const NO_FIELDS: readonly string[] = [];

/** Whether a target can come as protobuf. Metadata can for every kind, also where the kind itself has no form in it. */
export function coversProtobuf({ resource, depth }: WatchTarget): boolean {
  return depth === 'metadata' || messageOfKind(resource) !== undefined;
}

export function createObjectDecoder(decoder: Decoder, target: WatchTarget): ObjectDecoder {
  const { kind } = target.resource;
  const message = messageOfKind(target.resource);
  const plan =
    message === undefined ? undefined : planOf(message, target.depth === 'object' ? target.fields : NO_FIELDS);
  const metadataPlan = planOf(NAMED_MESSAGES.PartialObjectMetadata, NO_FIELDS);
  const planFor = (name: string): Plan | undefined => {
    if (name === kind && plan !== undefined) return plan;
    if (name === METADATA_ONLY) return metadataPlan;
    return name === 'Status' ? wholePlan(NAMED_MESSAGES.Status) : undefined;
  };
  const object = (name: string, cursor: Cursor, end: number, into: Decoder['into']): KubeObject => {
    const found = planFor(name === '' ? (plan === undefined ? METADATA_ONLY : kind) : name);
    const made: KubeObject = { apiVersion: '', kind: name };
    return found === undefined ? made : into(made, found, cursor, end);
  };
  return {
    object: (name, cursor, end) => object(name, cursor, end, decoder.into),
    enveloped(bytes, from, end) {
      const opened = openEnvelope(bytes, from, end);
      return object(opened.kind, opened.cursor, opened.end, decoder.again);
    },
  };
}

/** The Status in an answer, as its JSON; undefined where there is none. */
export function statusOf(decoder: Decoder, bytes: Buffer): KubeObject | undefined {
  try {
    const { kind, cursor, end } = openEnvelope(bytes, 0, bytes.length);
    if (kind !== 'Status') return undefined;
    return decoder.into({ apiVersion: 'v1', kind }, wholePlan(NAMED_MESSAGES.Status), cursor, end);
  } catch {
    return undefined;
  }
}
