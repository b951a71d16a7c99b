/** The codec that the server and the store use: built-in kinds only, as at the real server. */
import { badRequest } from '../api/failure.ts';
import type { KubeObject } from '../types.ts';
import { decodeMessage } from './decode.ts';
import { encodeMessage } from './encode.ts';
import { messageOfKind } from './messages.ts';
import { BackwardWriter } from './writer.ts';

export interface Protobuf {
  /** Whether a kind has a form in protobuf. */
  covers(group: string, version: string, kind: string): boolean;
  /** The message without its envelope; undefined where the kind has none. */
  encode(object: KubeObject): Buffer | undefined;
  /** Throws `ApiFailure`. */
  decode(apiVersion: string, kind: string, raw: Buffer): KubeObject;
}

export function createProtobuf(): Protobuf {
  const writer = new BackwardWriter();
  return {
    covers: (group, version, kind) => messageOfKind(group === '' ? version : `${group}/${version}`, kind) !== undefined,
    encode(object) {
      const message = messageOfKind(object.apiVersion, object.kind);
      if (message === undefined) return undefined;
      encodeMessage(message, object, writer);
      return writer.take();
    },
    decode(apiVersion, kind, raw) {
      const message = messageOfKind(apiVersion, kind);
      if (message === undefined)
        throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}" in scheme`);
      try {
        const object = decodeMessage(message, raw);
        return { apiVersion, kind, metadata: { name: '' }, ...object };
      } catch (error) {
        throw badRequest(`the ${kind} cannot be read as protobuf: ${(error as Error).message}`);
      }
    },
  };
}
