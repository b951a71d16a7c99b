/** What of an object is shown: all of it, its metadata, or a table's row. Everything here is JSON; media come after. */
import { ApiFailure } from '../api/failure.ts';
import type { Version } from '../store/types.ts';
import type { KubeObject } from '../types.ts';
import { metadataOf } from './json-splice.ts';
import type { TablePrinter } from './ports.ts';
import type { ListMeta } from './protobuf-wire.ts';

/** The kind that an answer is about, in the version of the path. */
export interface AnswerKind {
  apiVersion: string;
  kind: string;
  listKind: string;
  custom: boolean;
  /** From the stored form; undefined when that serves as it is. */
  convert: ((stored: KubeObject) => KubeObject) | undefined;
}

export interface Bookmark {
  resourceVersion: string;
  initialEventsEnd: boolean;
}

/** JSON of objects in one shape. */
export interface Shape {
  /** Frames of one version stay the same: they may be kept and shared. */
  lasting: boolean;
  whole(object: KubeObject): Buffer;
  /** The object in a watch event, in parts to be copied at once; `first`: the first event of its watch. */
  event(version: Version, first: boolean): readonly Buffer[];
  bookmark(bookmark: Bookmark, first: boolean): Buffer;
  /** The members of a list that come before its items; nothing when lists are not shown so. */
  list(meta: ListMeta): { members: Readonly<Record<string, unknown>>; items: string };
  /** To be copied at once. */
  item(version: Version): Buffer;
}

export type IncludeObject = 'None' | 'Metadata' | 'Object';

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const raw = (...parts: readonly (Buffer | string)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));

/** `apiVersion` and `kind` first, as Go's types have them. */
function typed(head: { apiVersion: string; kind: string }, object: KubeObject): Record<string, unknown> {
  return { ...object, ...head, metadata: object.metadata };
}

/** The object as the version of the path has it. */
function served(kind: AnswerKind, version: Version): KubeObject {
  const stored = version.body.object();
  return kind.convert === undefined ? stored : kind.convert(stored);
}

/** To be copied at once. */
function bareJson(kind: AnswerKind, version: Version): Buffer {
  if (kind.convert === undefined) return version.body.passing?.('json') ?? version.body.json();
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = kind.convert(version.body.object());
  return json(rest);
}

function metadataJson(version: Version): Buffer {
  return metadataOf(version.body.passing?.('json') ?? version.body.json()) ?? json(version.body.object().metadata);
}

function bookmarkMetadata({ resourceVersion, initialEventsEnd }: Bookmark): Record<string, unknown> {
  return {
    resourceVersion,
    ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
  };
}

/** Custom lists always say `continue`, built-in ones when there is more. */
function listMetadata(meta: ListMeta, custom: boolean): Record<string, unknown> {
  return {
    resourceVersion: meta.resourceVersion,
    ...(meta.continue !== undefined || custom ? { continue: meta.continue ?? '' } : {}),
    ...(meta.remainingItemCount === undefined ? {} : { remainingItemCount: meta.remainingItemCount }),
  };
}

/** Go's structs start with kind, its maps are sorted. */
function headOf(apiVersion: string, kind: string, custom: boolean): { apiVersion: string; kind: string } {
  return custom ? { apiVersion, kind } : { kind, apiVersion };
}

export function plainShape(kind: AnswerKind): Shape {
  const head = headOf(kind.apiVersion, kind.kind, kind.custom);
  // `{"kind":"Pod","apiVersion":"v1",` goes before what follows the opening brace of the bare object.
  const opening = Buffer.from(`${JSON.stringify(head).slice(0, -1)},`);
  const whole = (bare: Buffer) => Buffer.concat([opening, bare.subarray(1)], opening.length + bare.length - 1);
  return {
    lasting: true,
    whole: (object) => json(Object.assign({ ...head }, object, head)),
    event: (version) => [opening, bareJson(kind, version).subarray(1)],
    bookmark: (bookmark) => json({ ...head, metadata: bookmarkMetadata(bookmark) }),
    list: (meta) => ({
      members: { ...headOf(kind.apiVersion, kind.listKind, kind.custom), metadata: listMetadata(meta, kind.custom) },
      items: 'items',
    }),
    // Items of built-in lists carry no kind of their own.
    item: kind.custom ? (version) => whole(bareJson(kind, version)) : (version) => bareJson(kind, version),
  };
}

/** `asList`: it was PartialObjectMetadataList that was asked for. */
export function metadataShape(groupVersion: string, asList: boolean, goKind: string): Shape {
  const head = { kind: 'PartialObjectMetadata', apiVersion: groupVersion };
  const opening = `${JSON.stringify(head).slice(0, -1)},"metadata":`;
  const of = (version: Version) => raw(opening, metadataJson(version), '}');
  const mismatch = (asked: string, what: string) =>
    new ApiFailure(406, 'NotAcceptable', `you requested ${asked}, but the requested object is ${what}`);
  const single = <T>(value: () => T): T => {
    if (asList) throw mismatch('PartialObjectMetadataList', `not a list (*${goKind})`);
    return value();
  };
  return {
    lasting: true,
    whole: (object) => single(() => json({ ...head, metadata: object.metadata })),
    event: (version) => [single(() => of(version))],
    bookmark: (bookmark) => single(() => json({ ...head, metadata: bookmarkMetadata(bookmark) })),
    list(meta) {
      if (!asList) throw mismatch('PartialObjectMetadata', `a list (*${goKind}List)`);
      const members = { kind: 'PartialObjectMetadataList', apiVersion: groupVersion };
      return { members: { ...members, metadata: listMetadata(meta, false) }, items: 'items' };
    },
    item: of,
  };
}

/** meta/v1 Table. */
export function tableShape(
  kind: AnswerKind,
  groupVersion: string,
  include: IncludeObject,
  printer: TablePrinter,
): Shape {
  const head = { kind: 'Table', apiVersion: groupVersion };
  const partial = { kind: 'PartialObjectMetadata', apiVersion: groupVersion };
  const table = (resourceVersion: string, first: boolean, row: Buffer) => {
    const metadata = resourceVersion === '' ? {} : { resourceVersion };
    const members = { ...head, metadata, columnDefinitions: first ? printer.columns : null };
    return raw(`${JSON.stringify(members).slice(0, -1)},"rows":[`, row, ']}');
  };
  const row = (object: KubeObject, metadata: Buffer) => {
    const { cells, conditions } = printer.row(object);
    const start = JSON.stringify({ cells, ...(conditions === undefined ? {} : { conditions }) }).slice(0, -1);
    if (include === 'None') return raw(start, ',"object":null}');
    const shown =
      include === 'Object'
        ? json(typed(headOf(kind.apiVersion, kind.kind, kind.custom), object))
        : raw(`${JSON.stringify(partial).slice(0, -1)},"metadata":`, metadata, '}');
    return raw(start, ',"object":', shown, '}');
  };
  const versionRow = (version: Version) => row(served(kind, version), metadataJson(version));
  return {
    // Ages in the cells grow.
    lasting: false,
    whole: (object) => table(object.metadata?.resourceVersion ?? '', true, row(object, json(object.metadata))),
    event: (version, first) => [table(String(version.revision), first, versionRow(version))],
    bookmark: (bookmark, first) => {
      const object = { ...partial, metadata: bookmarkMetadata(bookmark) };
      // Printed as the object that it is to Go, one in which nothing is set.
      const { cells } = printer.row({ apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name: '' } });
      return table(bookmark.resourceVersion, first, json({ cells, object }));
    },
    list: (meta) => ({
      members: { ...head, metadata: listMetadata(meta, false), columnDefinitions: printer.columns },
      items: 'rows',
    }),
    item: versionRow,
  };
}
