/** The parsers of what clients send: paths, Accept headers, JSON cut without parsing. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metadataOf } from './json-splice.ts';
import { negotiate, parseAccept, RESOURCE } from './negotiate.ts';
import { readPath } from './request-path.ts';
import { gather } from './stream-body.ts';
import { readDeleteOptions } from './write-options.ts';

test('paths are read as RequestInfo reads them', () => {
  const read = (path: string) => {
    const found = readPath(path);
    if (found?.kind !== 'resource') return found?.kind;
    const { group, version, namespace = '-', resource, name, subresource, watch } = found;
    return [group, version, namespace, resource, name, subresource, watch ? 'watch' : ''].join(' ');
  };
  expect(read('/api/v1/pods')).toBe(' v1 - pods   ');
  expect(read('/api/v1/namespaces')).toBe(' v1 - namespaces   ');
  expect(read('/api/v1/namespaces/a')).toBe(' v1 a namespaces a  ');
  expect(read('/api/v1/namespaces/a/finalize')).toBe(' v1 a namespaces a finalize ');
  expect(read('/apis/apps/v1/namespaces/a/deployments/b/scale')).toBe('apps v1 a deployments b scale ');
  expect(read('/api/v1/watch/namespaces/a/pods/b')).toBe(' v1 a pods b  watch');
  expect(read('/api/v1/namespaces/a/pods/b%2Fc')).toBe(' v1 a pods b c ');
  expect([read('/api'), read('/api/v1'), read('/apis/apps/v1'), read('/apis//v1/pods'), read('/')]).toEqual(
    Array(5).fill('other'),
  );
  expect(read('/api/v1/%ff')).toBeUndefined();
});

test('clauses are sorted by quality, then by how much they say', () => {
  const order = parseAccept('*/*;q=0.8, application/*, application/json;as=Table, text/html;q=0.9');
  expect(order.map(({ type, subtype }) => `${type}/${subtype}`)).toEqual([
    'application/json',
    'application/*',
    'text/html',
    '*/*',
  ]);
});

test('the first clause that can be met decides', () => {
  const form = (accept: string | undefined, userAgent = 'x') =>
    negotiate({ accept, userAgent, query: new URLSearchParams() }, { ...RESOURCE, protobuf: false });
  expect(form(undefined)).toEqual({ media: 'json', pretty: false });
  expect(form('application/vnd.kubernetes.protobuf,application/json').media).toBe('json');
  expect(form('application/json;as=Foo;g=meta.k8s.io;v=v1,application/yaml').media).toBe('yaml');
  expect(form('application/json;as=Table;g=meta.k8s.io;v=v1beta1').transform).toEqual({
    kind: 'Table',
    version: 'v1beta1',
  });
  expect(form('*/*', 'curl/8').pretty).toBe(true);
  expect(() => form('text/html')).toThrow('406: Not Acceptable');
  expect(() => form('application/vnd.kubernetes.protobuf')).toThrow('only the following media types are accepted');
});

test('an Accept header of any text is read without failing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a*/;,=q0.1 ') }), (text) => parseAccept(text).length < 99),
  );
});

test('metadata is cut out of JSON whatever stands in it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (metadata, spec) => {
      const cut = metadataOf(Buffer.from(JSON.stringify({ metadata, spec })));
      expect(cut?.toString()).toBe(JSON.stringify(metadata));
    }),
  );
});

test('pieces of any size are gathered without losing a byte', () => {
  const sizes = fc.array(fc.nat(600_000), { maxLength: 6 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const pieces = lengths.map((length, index) => Buffer.alloc(length, index + 1));
      expect(Buffer.concat([...gather(pieces)]).equals(Buffer.concat(pieces))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('delete options are read from the body, else from the query, and refused in the real words', () => {
  const query = new URLSearchParams('gracePeriodSeconds=0&propagationPolicy=Orphan&dryRun=All');
  expect(readDeleteOptions(query, undefined)).toEqual({
    dryRun: true,
    waits: false,
    gracePeriodSeconds: 0,
    propagationPolicy: 'Orphan',
  });
  expect(readDeleteOptions(query, { orphanDependents: false, preconditions: { uid: 'u' } })).toEqual({
    dryRun: false,
    waits: true,
    propagationPolicy: 'Background',
    preconditions: { uid: 'u' },
  });
  expect(() => readDeleteOptions(query, { propagationPolicy: 'X' })).toThrow(
    'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "X": supported values: "Foreground", "Background", "Orphan", "nil"',
  );
  expect(() => readDeleteOptions(query, { kind: 'Pod', apiVersion: 'v1' })).toThrow('no kind "Pod" is registered');
});
