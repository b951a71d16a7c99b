/** A watch as frames: lines of JSON, or protobuf messages with their length before them. */
import { findField, openEnvelope } from '../../sandbox/server/protobuf-wire.ts';
import { field } from './json-edits.ts';

export interface EventFacts {
  readonly type: string;
  readonly name: string;
  /** What tells objects apart. */
  readonly key: string;
  readonly initialEventsEnd: boolean;
}

export interface Framing {
  readonly form: 'json' | 'protobuf';
  /** Whole frames; what is left at the end as it is. */
  split(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
  /** Undefined for what is no event. */
  read(frame: Buffer): EventFacts | undefined;
}

const END_MARK = 'k8s.io/initial-events-end';
const LENGTH_BYTES = 4;

/** By the content type of the answer. */
export function framingOf(contentType: string): Framing {
  return contentType.includes('protobuf') ? PROTOBUF : JSON_LINES;
}

const JSON_LINES: Framing = {
  form: 'json',
  split: lines,
  read(frame) {
    const event = parsed(frame);
    const type = field(event, 'type');
    if (typeof type !== 'string') return undefined;
    const metadata = field(field(event, 'object'), 'metadata');
    const text = (name: string) => String(field(metadata, name) ?? '');
    const initialEventsEnd = field(field(metadata, 'annotations'), END_MARK) === 'true';
    return { type, name: text('name'), key: `${text('namespace')}/${text('name')}`, initialEventsEnd };
  },
};

/** meta/v1 WatchEvent: type 1, object 2 (RawExtension: raw 1); objects: metadata 1; ObjectMeta: name 1, namespace 3, annotations 12. */
const PROTOBUF: Framing = {
  form: 'protobuf',
  split: messages,
  read(frame) {
    try {
      const event = frame.subarray(LENGTH_BYTES);
      const { raw } = openEnvelope(findField(findField(event, 2), 1));
      const metadata = findField(raw, 1);
      const name = findField(metadata, 1).toString();
      return {
        type: findField(event, 1).toString(),
        name,
        key: `${findField(metadata, 3).toString()}/${name}`,
        initialEventsEnd: metadata.includes(END_MARK),
      };
    } catch {
      return undefined;
    }
  },
};

async function* lines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let rest: Buffer = chunk;
    for (let length = rest.indexOf('\n') + 1; length > 0; length = rest.indexOf('\n') + 1) {
      yield Buffer.concat([...parts, rest.subarray(0, length)]);
      parts = [];
      rest = rest.subarray(length);
    }
    if (rest.length > 0) parts.push(rest);
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

async function* messages(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= LENGTH_BYTES) {
      const length = LENGTH_BYTES + held.readUInt32BE();
      if (held.length < length) break;
      yield held.subarray(0, length);
      held = held.subarray(length);
    }
  }
  if (held.length > 0) yield held;
}

/** Undefined for what is no JSON. */
export function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
