/** Answers of a real API server (1.36), written down by scripts/capture-protobuf-golden.ts. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { masked } from '../testing/masked.ts';
import { CutOff, Malformed } from '../watch/malformed.ts';
import type { WatchTarget } from '../watch/types.ts';
import { createDecoder } from './decode.ts';
import { createObjectDecoder } from './object-decoder.ts';
import { createProtobufEventDecoder } from './protobuf-events.ts';
import { createProtobufListDecoder } from './protobuf-list.ts';

interface Golden {
  group: string;
  version: string;
  resource: string;
  kind: string;
  list: { metadata: { resourceVersion: string }; items: KubeObject[] };
  protobufList: string;
  protobufMetadata: string;
  protobufWatch: string;
}

const GOLDEN = readFileSync(new URL('golden.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden);
const decoder = createDecoder();

function targetOf({ list, ...names }: Golden, depth: WatchTarget['depth'] = 'object'): WatchTarget {
  const { group, version, resource, kind } = names;
  const rest = { singular: '', shortNames: [], categories: [], verbs: [], subresources: [] };
  return {
    resource: { ...rest, group, version, resource, kind, namespaced: true, preferred: true },
    depth,
    fields: topLevel(list.items),
  };
}

function topLevel(items: readonly KubeObject[]): string[] {
  const keys = new Set(items.flatMap((item) => Object.keys(item)));
  return [...keys].filter((key) => !['apiVersion', 'kind', 'metadata'].includes(key));
}

/** Without what the list says of all its items. */
const untyped = ({ apiVersion: _, kind: __, ...rest }: KubeObject) => rest;
const expected = ({ list }: Golden, fields: readonly string[]) =>
  list.items.map((item) => untyped(masked(item, fields) as KubeObject));

function readList(target: WatchTarget, chunks: readonly Uint8Array[]) {
  const list = createProtobufListDecoder(decoder, createObjectDecoder(decoder, target));
  const items = chunks.flatMap((chunk) => [...list.push(chunk)]);
  return { items: items.map(untyped), envelope: list.end() };
}

function readWatch(target: WatchTarget, chunks: readonly Uint8Array[]) {
  const events = createProtobufEventDecoder(createObjectDecoder(decoder, target));
  const read = chunks.flatMap((chunk) => [...events.push(chunk)]);
  return [...read, ...events.end()];
}

const bytesOf = (text: string) => Buffer.from(text, 'base64');
const single = (bytes: Buffer) => [...bytes].map((byte) => Uint8Array.of(byte));

describe.each(GOLDEN.map((golden) => [golden.kind, golden] as const))('%s', (kind, golden) => {
  const target = targetOf(golden);

  test('is in a protobuf list what it is in a JSON list', () => {
    const { items, envelope } = readList(target, [bytesOf(golden.protobufList)]);
    expect(items).toEqual(expected(golden, target.fields));
    expect(envelope).toMatchObject({ kind: `${kind}List`, continue: '', remaining: undefined });
    expect(envelope.resourceVersion).toMatch(/^\d+$/);
  });

  test('has its metadata alone', () => {
    const { items, envelope } = readList(targetOf(golden, 'metadata'), [bytesOf(golden.protobufMetadata)]);
    expect(items).toEqual(expected(golden, []));
    expect(envelope.kind).toBe('PartialObjectMetadataList');
  });

  test('is the same in a watch, whose bookmark ends what there was', () => {
    const events = readWatch(target, [bytesOf(golden.protobufWatch)]);
    const added = events.filter(({ type }) => type === 'ADDED').map(({ object }) => object);
    const byName = (a: KubeObject, b: KubeObject) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1);
    // A clone: what else they carry (kernel/still.ts) is none of their fields.
    expect(structuredClone(added).map(untyped).sort(byName)).toEqual(expected(golden, target.fields).sort(byName));
    expect(new Set(added.map((object) => object.kind))).toEqual(new Set([kind]));
    expect(events.find(({ type }) => type === 'BOOKMARK')).toMatchObject({
      object: { kind, metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
  });

  test('may arrive byte by byte', () => {
    const list = bytesOf(golden.protobufList);
    expect(readList(target, single(list))).toEqual(readList(target, [list]));
    const watch = bytesOf(golden.protobufWatch);
    expect(readWatch(target, single(watch))).toEqual(readWatch(target, [watch]));
  });

  test('is cut off, or not of Kubernetes, when bytes are missing or wrong', () => {
    const list = bytesOf(golden.protobufList);
    const watch = bytesOf(golden.protobufWatch);
    const [{ length }] = [watch];
    fc.assert(
      fc.property(fc.nat(list.length), fc.nat(length - 1), fc.nat(255), (cut, at, byte) => {
        // Of the envelope, what follows the list says nothing.
        if (cut < list.length - 4) expect(() => readList(target, [list.subarray(0, cut)])).toThrow(CutOff);
        for (const [bytes, read] of [
          [list, readList],
          [watch, readWatch],
        ] as const) {
          const changed = Buffer.from(bytes);
          changed[at % changed.length] = byte;
          try {
            read(target, [changed]);
          } catch (thrown) {
            expect(thrown instanceof CutOff || thrown instanceof Malformed).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
