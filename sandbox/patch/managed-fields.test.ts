import { describe, expect, it } from 'vitest';
import { ApiFailure } from '../api/failure.ts';
import { createKinds } from '../kinds/create-kinds.ts';
import type { Schema } from '../kinds/schema.ts';
import type { KubeObject, ManagedFieldsEntry } from '../types.ts';
import { keepManagerTimes, managerFromUserAgent, type TrackedUpdate, trackUpdate } from './managed-fields.ts';
import { applyPatch } from './server-side-apply.ts';

const { resolve } = createKinds();
const text: Schema = { type: 'string' };
/** A custom kind as its CRD describes it: nothing about metadata. */
const WIDGET: Schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        x: text,
        size: { type: 'integer' },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: text } },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name', 'kind'],
          items: { type: 'object', properties: { name: text, kind: { type: 'string', default: 'round' }, note: text } },
        },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
        plain: { type: 'array', items: text },
      },
    },
    status: { type: 'object', properties: { size: { type: 'integer' } } },
  },
};

const NOW = Date.parse('2026-01-02T03:04:05.678Z');
const widget = (spec?: unknown, more: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w' },
  ...(spec === undefined ? {} : { spec }),
  ...more,
});
const tracking = { apiVersion: 'example.com/v1', now: NOW, schema: WIDGET, resolve };
const track = (manager: string, before: KubeObject | undefined, after: KubeObject, more: Partial<TrackedUpdate> = {}) =>
  trackUpdate({ ...tracking, manager, after, ...(before === undefined ? {} : { before }), ...more });
const owned = (entries: ManagedFieldsEntry[] | undefined) =>
  entries?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]);
const withEntries = (object: KubeObject, managedFields: ManagedFieldsEntry[] | undefined): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, ...(managedFields === undefined ? {} : { managedFields }) },
});

describe('the owners of a custom object', () => {
  it('come from its schema: keys with defaults, sets, atomic and free parts', () => {
    const spec = {
      x: '1',
      free: { a: { b: 1 }, c: [1] },
      whole: { a: 'b' },
      parts: [{ name: 'p', note: 'n' }],
      tags: ['t'],
      plain: ['a'],
    };
    expect(track('c', undefined, widget(spec))).toEqual([
      {
        manager: 'c',
        operation: 'Update',
        apiVersion: 'example.com/v1',
        time: '2026-01-02T03:04:05Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            '.': {},
            'f:free': { '.': {}, 'f:a': { '.': {}, 'f:b': {} }, 'f:c': {} },
            'f:parts': { '.': {}, 'k:{"kind":"round","name":"p"}': { '.': {}, 'f:name': {}, 'f:note': {} } },
            'f:plain': {},
            'f:tags': { '.': {}, 'v:"t"': {} },
            'f:whole': {},
            'f:x': {},
          },
        },
      },
    ]);
  });

  it('need no schema', () => {
    const entries = trackUpdate({
      ...tracking,
      schema: undefined,
      manager: 'c',
      after: widget({ list: [{ name: 'a' }] }),
    });
    expect(entries?.[0]?.fieldsV1).toEqual({ 'f:spec': { '.': {}, 'f:list': {} } });
  });

  it('of metadata are those of metadata everywhere', () => {
    const object = widget({ x: '1' });
    object.metadata = {
      ...object.metadata,
      labels: { a: 'b' },
      finalizers: ['f'],
      uid: 'u',
      resourceVersion: '1',
      generation: 1,
    };
    expect(track('c', undefined, object)?.[0]?.fieldsV1['f:metadata']).toEqual({
      'f:finalizers': { '.': {}, 'v:"f"': {} },
      'f:labels': { '.': {}, 'f:a': {} },
    });
  });

  it('change hands by value, and through subresources apart', () => {
    const first = widget({ x: '1', size: 2 });
    const created = withEntries(first, track('c', undefined, first));
    const second = widget({ x: '1', size: 3 }, { status: { size: 3 } });
    const entries = track('s', created, second, { subresource: 'status', resetFields: [['metadata'], ['spec']] });
    expect(owned(entries)).toEqual([
      ['c', { 'f:spec': { '.': {}, 'f:size': {}, 'f:x': {} } }],
      ['s', { 'f:status': { '.': {}, 'f:size': {} } }],
    ]);
    expect(entries?.[1]).toMatchObject({ subresource: 'status' });
    const scaled = track('scaler', created, widget({ x: '1', size: 9 }), { subresource: 'scale' });
    expect(owned(scaled)).toEqual([
      ['scaler', { 'f:spec': { 'f:size': {} } }],
      ['c', { 'f:spec': { '.': {}, 'f:x': {} } }],
    ]);
    expect(scaled?.[0]?.time).toBeUndefined();
  });

  it('of another version are compared there, and forgotten with it', () => {
    const before = widget({ x: '1' });
    const entry = { ...track('old', undefined, before)![0]!, apiVersion: 'example.com/v0' };
    const live = withEntries(before, [entry]);
    const after = widget({ x: '2' });
    const same = (object: KubeObject) => ({ object: { ...object, spec: { x: 'always' } }, schema: WIDGET });
    expect(owned(track('new', live, after, { convert: same }))).toEqual([
      ['new', { 'f:spec': { 'f:x': {} } }],
      ['old', { 'f:spec': { '.': {}, 'f:x': {} } }],
    ]);
    expect(owned(track('new', live, after, { convert: () => undefined }))).toEqual([
      ['new', { 'f:spec': { 'f:x': {} } }],
    ]);
  });

  it('are dropped when a list has items without identity', () => {
    expect(track('c', undefined, widget({ parts: [null] }))).toBeUndefined();
  });
});

describe('an apply of a custom object', () => {
  const apply = (live: KubeObject | undefined, applied: unknown, manager = 'm', force = false) =>
    applyPatch({ ...tracking, kind: 'Widget', manager, applied, force, ...(live === undefined ? {} : { live }) });

  it('creates, merges, and gives up what it no longer applies', () => {
    const first = apply(
      undefined,
      widget({ x: '1', parts: [{ name: 'a' }, { name: 'b', kind: 'flat' }], tags: ['s', 't'] }),
    );
    const live = withEntries(first.object, first.managedFields);
    const second = apply(live, widget({ parts: [{ name: 'c' }, { name: 'a', note: 'n' }], tags: ['t'] }));
    expect(second.object.spec).toEqual({ parts: [{ name: 'c' }, { name: 'a', note: 'n' }], tags: ['t'] });
  });

  it('conflicts by the words of the real one', () => {
    const object = widget({ x: '1', parts: [{ name: 'a', note: 'n' }] });
    const live = withEntries(object, track('c', undefined, object));
    const applied = widget({ x: '2', parts: [{ name: 'a', note: 'o' }] });
    expect(() => apply(live, applied)).toThrow(
      'Apply failed with 2 conflicts: conflicts with "c" using example.com/v1:\n- .spec.x\n- .spec.parts[kind="round",name="a"].note',
    );
    expect(apply(live, applied, 'm', true).object.spec).toEqual({ x: '2', parts: [{ name: 'a', note: 'o' }] });
  });

  it('with unknown fields, without a manager or of another kind is refused', () => {
    const refused = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        if (error instanceof ApiFailure) return [error.status.code, error.status.message];
      }
      return undefined;
    };
    expect(refused(() => apply(undefined, widget({ zz: 3 })))).toEqual([
      500,
      'failed to create typed patch object (/w; example.com/v1, Kind=Widget): .spec.zz: field not declared in schema',
    ]);
    expect(refused(() => apply(undefined, widget({}), ''))).toEqual([
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ]);
    expect(refused(() => apply(undefined, { apiVersion: 'v1', kind: 'Secret' }))).toEqual([
      400,
      'invalid object type: /v1, Kind=Secret',
    ]);
    expect(refused(() => apply(undefined, {}))).toEqual([400, 'invalid object type: /, Kind=']);
    expect(refused(() => apply(undefined, [1]))).toEqual([
      400,
      'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ]);
  });
});

describe('small print', () => {
  it('names a manager by the user agent', () => {
    expect(managerFromUserAgent('kubectl/v1.36.3 (linux/amd64) kubernetes/abc')).toBe('kubectl');
    expect(managerFromUserAgent('my tool\u0000\t/1.2')).toBe('my tool');
    expect(managerFromUserAgent('é'.repeat(100))).toBe('é'.repeat(64));
    expect(managerFromUserAgent('')).toBe('');
  });

  it('keeps the times of managers when nothing else changed', () => {
    const object = widget({ x: '1' });
    const old = withEntries(object, track('c', undefined, object));
    const later = track('c', undefined, object, { now: NOW + 60_000 });
    expect(keepManagerTimes(old, withEntries(object, later))?.[0]?.time).toBe('2026-01-02T03:04:05Z');
    expect(keepManagerTimes(old, withEntries(widget({ x: '2' }), later))?.[0]?.time).toBe('2026-01-02T03:05:05Z');
  });
});
