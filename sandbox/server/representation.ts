/** Answers as bytes: a shape in a medium. */
import { stringify } from 'yaml';
import { ApiFailure } from '../api/failure.ts';
import type { ListAnswer, Status, WatchFrame } from '../api/types.ts';
import type { Version } from '../store/types.ts';
import type { KubeObject } from '../types.ts';
import { joined } from './chunks.ts';
import { type Form, MEDIA_TYPES } from './negotiate.ts';
import type { ProtobufCodec } from './ports.ts';
import {
  bookmarkMeta,
  encodeStatus,
  envelope,
  enveloped,
  fieldHead,
  findField,
  listMeta,
  watchFrame,
} from './protobuf-wire.ts';
import type { AnswerKind, Shape } from './shapes.ts';

export interface Representation {
  contentType: string;
  /** Of a stream of watch events. */
  streamType: string;
  /** Names the form, so that frames can be shared; undefined when they cannot. */
  sharedAs: string | undefined;
  whole(object: KubeObject): Buffer;
  /** In pieces, many of them small. */
  list(answer: ListAnswer): Iterable<Buffer>;
  frame(frame: WatchFrame, first: boolean): Buffer;
}

const NEWLINE = Buffer.from('\n');
const COMMA = Buffer.from(',');
const FRAME_END = Buffer.from('}\n');

/** Any JSON value, as a document of its own. */
export function document(value: object, form: Form): Buffer {
  if (form.media === 'yaml') return Buffer.from(yamlText(value));
  const text = JSON.stringify(value, null, form.pretty ? 2 : 0);
  return Buffer.from(`${text.replace(/[<>&\u2028\u2029]/g, goEscape)}\n`);
}

/** As encoding/json writes what HTML and JavaScript would read otherwise; these stand in strings only. */
function goEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export function statusDocument(status: Status, form: Form): Buffer {
  return form.media === 'protobuf' ? encodeStatus(status) : document(status, form);
}

function yamlText(value: unknown): string {
  return stringify(value, { sortMapEntries: true, indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false });
}

/** JSON or YAML. */
export function textRepresentation(shape: Shape, form: Form, key: string): Representation {
  const contentType = MEDIA_TYPES[form.media];
  const reformat = (bytes: Buffer): Buffer => {
    if (form.media === 'json' && !form.pretty) return Buffer.concat([bytes, NEWLINE]);
    return document(JSON.parse(bytes.toString()), form);
  };
  return {
    contentType,
    streamType: contentType,
    sharedAs: shape.lasting ? key : undefined,
    whole: (object) => reformat(shape.whole(object)),
    list(answer) {
      const { members, items } = shape.list(answer);
      if (form.media === 'yaml') return yamlList(members, items, answer.versions, shape);
      return form.pretty
        ? prettyList(members, items, answer.versions, shape)
        : compactList(members, items, answer.versions, shape);
    },
    frame(frame, first) {
      const object =
        frame.type === 'ERROR'
          ? [Buffer.from(JSON.stringify(frame.status))]
          : frame.type === 'BOOKMARK'
            ? [shape.bookmark(frame, first)]
            : shape.event(frame.version, first);
      return joined([Buffer.from(`{"type":"${frame.type}","object":`), ...object, FRAME_END]);
    },
  };
}

type Members = Readonly<Record<string, unknown>>;

function* compactList(members: Members, items: string, versions: readonly Version[], shape: Shape): Iterable<Buffer> {
  const start = `${JSON.stringify(members).slice(0, -1)},"${items}":`;
  // The list that the real server fills item by item was never made.
  if (versions.length === 0 && members['kind'] === 'PartialObjectMetadataList')
    return yield Buffer.from(`${start}null}\n`);
  yield Buffer.from(`${start}[`);
  let first = true;
  for (const version of versions) {
    if (!first) yield COMMA;
    first = false;
    yield shape.item(version);
  }
  yield Buffer.from(']}\n');
}

/** Each item is indented on its own, so that no list becomes one long string. */
function* prettyList(members: Members, items: string, versions: readonly Version[], shape: Shape): Iterable<Buffer> {
  yield Buffer.from(`${JSON.stringify(members, null, 2).slice(0, -2)},\n  "${items}": [`);
  let separator = '\n    ';
  for (const version of versions) {
    const item = JSON.stringify(JSON.parse(shape.item(version).toString()), null, 2);
    yield Buffer.from(separator + item.replaceAll('\n', '\n    '));
    separator = ',\n    ';
  }
  yield Buffer.from(versions.length === 0 ? ']\n}\n' : '\n  ]\n}\n');
}

function* yamlList(members: Members, items: string, versions: readonly Version[], shape: Shape): Iterable<Buffer> {
  const { metadata, ...rest } = members;
  // Sorted, `items` and `rows` stand where their letter says; only `metadata` may follow or precede.
  const { apiVersion, ...others } = rest;
  yield Buffer.from(yamlText({ apiVersion }));
  const after = items === 'items' ? { ...others, metadata } : {};
  if (items !== 'items') yield Buffer.from(yamlText({ ...others, metadata }));
  yield Buffer.from(versions.length === 0 ? `${items}: []\n` : `${items}:\n`);
  for (const version of versions) {
    const text = yamlText(JSON.parse(shape.item(version).toString())).trimEnd();
    yield Buffer.from(`- ${text.replaceAll('\n', '\n  ')}\n`);
  }
  if (Object.keys(after).length > 0) yield Buffer.from(yamlText(after));
}

/** Protobuf of whole objects, or of their metadata: field 1 of every kind's message. */
export function protobufRepresentation(
  kind: AnswerKind,
  codec: ProtobufCodec,
  metadata: { groupVersion: string } | undefined,
  shape: Shape,
  key: string,
): Representation {
  const head =
    metadata === undefined
      ? { apiVersion: kind.apiVersion, kind: kind.kind, listKind: kind.listKind }
      : { apiVersion: metadata.groupVersion, kind: 'PartialObjectMetadata', listKind: 'PartialObjectMetadataList' };
  const shown = (message: Buffer | undefined): Buffer => {
    if (message === undefined) throw new ApiFailure(406, 'NotAcceptable', `${kind.kind} has no form in protobuf here`);
    if (metadata === undefined) return message;
    const meta = findField(message, 1);
    return Buffer.concat([fieldHead(1, meta.length), meta]);
  };
  const ofVersion = (version: Version) =>
    shown(kind.convert === undefined ? version.body.protobuf() : codec.encode(kind.convert(version.body.object())));
  const wrap = (message: Buffer) => enveloped(head.apiVersion, head.kind, message);
  return {
    contentType: MEDIA_TYPES.protobuf,
    streamType: `${MEDIA_TYPES.protobuf};stream=watch`,
    sharedAs: key,
    whole: (object) => wrap(shown(codec.encode(object))),
    list(answer) {
      // Refuses a list where one object was asked for.
      shape.list(answer);
      const meta = listMeta(answer);
      if (metadata === undefined && kind.convert === undefined) return wholeObjects(head, meta, answer.versions, shown);
      const pieces = [fieldHead(1, meta.length), meta];
      for (const version of answer.versions) {
        const message = ofVersion(version);
        pieces.push(fieldHead(2, message.length), message);
      }
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      const around = envelope(head.apiVersion, head.listKind, length);
      return [around.head, ...pieces, around.tail];
    },
    frame(frame) {
      if (frame.type === 'ERROR') return watchFrame(frame.type, encodeStatus(frame.status));
      if (frame.type !== 'BOOKMARK') return watchFrame(frame.type, wrap(ofVersion(frame.version)));
      const annotations = frame.initialEventsEnd ? { 'k8s.io/initial-events-end': 'true' } : {};
      const meta = bookmarkMeta(frame.resourceVersion, annotations);
      return watchFrame(frame.type, wrap(Buffer.concat([fieldHead(1, meta.length), meta])));
    },
  };
}

/** A list of whole objects, each asked for when it is sent; how long they are is asked before. */
function wholeObjects(
  head: { apiVersion: string; listKind: string },
  meta: Buffer,
  versions: readonly Version[],
  shown: (message: Buffer | undefined) => Buffer,
): Iterable<Buffer> {
  const start = [fieldHead(1, meta.length), meta];
  let length = start.reduce((sum, piece) => sum + piece.length, 0);
  for (const { body } of versions) {
    const size = body.size?.('protobuf') ?? shown(body.protobuf()).length;
    length += fieldHead(2, size).length + size;
  }
  const around = envelope(head.apiVersion, head.listKind, length);
  return (function* () {
    yield around.head;
    yield* start;
    for (const { body } of versions) {
      const message = shown(body.passing?.('protobuf') ?? body.protobuf());
      yield fieldHead(2, message.length);
      yield message;
    }
    yield around.tail;
  })();
}
