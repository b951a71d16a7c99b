import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../redaction/redactor.ts';
import { LAST_APPLIED } from '../redaction/walk.ts';
import { type TransitRules, transitBytes } from './answer.ts';
import { transitDiscovery } from './discovery.ts';
import { visibleUnder } from './visible.ts';
import { transitWatch } from './watch.ts';

const base64 = (value: string) => Buffer.from(value).toString('base64');
const NAMESPACES = ['open-a', 'open-b', 'hidden-c', 'hidden-d'];
const HIDDEN = ['hidden-c', 'hidden-d'];

/** Long enough to be removed from texts, and of a kind that looks like nothing in particular. */
const anyValue = fc
  .tuple(fc.stringMatching(/^[a-z]{8}$/), fc.stringMatching(/^[ -~é\n<&"\\]{0,12}$/))
  .map(([core, rest]) => `Zq${core}${rest}Xk`);

interface Made {
  object: Record<string, unknown>;
  values: string[];
  namespace: string;
}

/** Objects of any kind, with the values that must not be seen of them. */
const anyObject: fc.Arbitrary<Made> = fc
  .record({
    namespace: fc.constantFrom(...NAMESPACES),
    name: fc.stringMatching(/^[a-z]{3,8}$/),
    shape: fc.constantFrom(
      'secret',
      'untyped',
      'stringData',
      'applied',
      'env',
      'configmap',
      'custom',
      'token',
      'plain',
    ),
    value: anyValue,
  })
  .map(({ namespace, name, shape, value }) => {
    const metadata = { name, namespace };
    const data = { [`odd-${name}`]: base64(value) };
    const made = (object: Record<string, unknown>, values = [value]) => ({ object, values, namespace });
    if (shape === 'secret') return made({ kind: 'Secret', apiVersion: 'v1', metadata, data });
    if (shape === 'untyped') return made({ metadata, data });
    if (shape === 'stringData') return made({ kind: 'Secret', metadata, stringData: { odd: value } });
    if (shape === 'applied') {
      const applied = { [LAST_APPLIED]: JSON.stringify({ kind: 'Secret', data }) };
      return made({ kind: 'Secret', metadata: { ...metadata, annotations: applied } });
    }
    if (shape === 'env')
      return made({ kind: 'Pod', metadata, spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value }] }] } });
    if (shape === 'configmap') return made({ kind: 'ConfigMap', metadata, data: { 'db.password': value } });
    if (shape === 'custom') return made({ kind: 'Thing', metadata, spec: { nested: [{ apiKey: value }] } });
    if (shape === 'token') return made({ kind: 'TokenRequest', metadata, status: { token: value } });
    return made({ kind: 'Pod', metadata, spec: { nodeName: 'n' } }, []);
  });

/** A second object that repeats a value where nothing gives it away. */
const anyWorld = fc.tuple(fc.array(anyObject, { minLength: 1, maxLength: 8 }), fc.boolean()).map(([made, echo]) => {
  // What is hidden is not looked at: that it equals something that shows would tell of it.
  const [value] = made.filter(({ namespace }) => !HIDDEN.includes(namespace)).flatMap(({ values }) => values);
  if (!echo || value === undefined) return made;
  const object = {
    kind: 'ConfigMap',
    metadata: { name: 'echo', namespace: 'open-a' },
    data: { note: `see ${value}!` },
  };
  return [{ object, values: [], namespace: 'open-a' }, ...made];
});

function rules(filtered: boolean, over: Partial<TransitRules> = {}): TransitRules {
  const request = {
    type: 'resource',
    verb: 'list',
    group: '',
    version: 'v1',
    resource: 'secrets',
    dryRun: false,
  } as const;
  return {
    redactor: createRedactor(new Uint8Array(32).fill(1), { secretData: 'base64' }),
    echoes: false,
    kind: 'Secret',
    mayShow: filtered ? visibleUnder({ allow: true, hideNamespaces: HIDDEN }, request) : undefined,
    exempt: undefined,
    statusText: (text) => text,
    continueToken: () => 'token',
    ...over,
  };
}

/** No value in any form that its text takes, and of a filtered answer no hidden namespace. */
function expectClean(text: string, made: readonly Made[], filtered: boolean): void {
  for (const value of made.flatMap(({ values }) => values)) {
    for (const form of [value, base64(value), JSON.stringify(value).slice(1, -1)]) expect(text).not.toContain(form);
  }
  if (filtered) for (const namespace of HIDDEN) expect(text).not.toContain(namespace);
}

const RUNS = { numRuns: 300 };

describe('whatever an answer holds', () => {
  it('of lists no secret value and no hidden namespace passes, and nothing else is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyWorld,
        fc.boolean(),
        fc.constantFrom('SecretList', 'List', 'Anything'),
        async (made, filtered, kind) => {
          const items = made.map(({ object }) => object);
          const bytes = Buffer.from(
            JSON.stringify({ kind, metadata: { remainingItemCount: 3, continue: 'hidden-c' }, items }),
          );
          const text = Buffer.from(await transitBytes(bytes, rules(filtered))).toString();
          expectClean(text, made, filtered);
          const shown = made.filter(({ namespace }) => !filtered || !HIDDEN.includes(namespace));
          const names = JSON.parse(text).items.map((item: { metadata: { name: string } }) => item.metadata.name);
          expect(names).toEqual(shown.map(({ object }) => (object['metadata'] as { name: string }).name));
          if (shown.length === made.length && made.every(({ values }) => values.length === 0) && !filtered) {
            expect(text).toBe(bytes.toString());
          }
        },
      ),
      RUNS,
    );
  });

  it('of tables no secret value and no hidden namespace passes', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, fc.boolean(), async (made, filtered) => {
        const columnDefinitions = [{ name: 'Name' }, { name: 'Password' }, { name: 'Note' }];
        const rows = made.map(({ object, values: [value] }) => ({
          cells: ['x', value ?? null, `has ${value}`],
          object,
        }));
        const bytes = Buffer.from(JSON.stringify({ kind: 'Table', columnDefinitions, rows }));
        expectClean(Buffer.from(await transitBytes(bytes, rules(filtered))).toString(), made, filtered);
      }),
      RUNS,
    );
  });

  it('of watches no secret value and no hidden namespace passes, however it is cut', async () => {
    const types = fc.constantFrom('ADDED', 'MODIFIED', 'DELETED');
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyObject, { minLength: 1, maxLength: 6 }),
        types,
        fc.boolean(),
        fc.integer({ min: 1, max: 90 }),
        async (made, type, filtered, size) => {
          const lines = made.map(({ object }) => `${JSON.stringify({ type, object })}\n`).join('');
          const all = Buffer.from(lines);
          async function* chunks() {
            for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
          }
          let text = '';
          for await (const chunk of transitWatch(chunks(), rules(filtered))) text += Buffer.from(chunk).toString();
          expectClean(text, made, filtered);
          const shown = made.filter(({ namespace }) => !filtered || !HIDDEN.includes(namespace));
          expect(text.split('\n').length - 1).toBe(shown.length);
          expect(text).not.toContain('"ERROR"');
        },
      ),
      RUNS,
    );
  });

  it('what is redacted once stays as it is', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, async (made) => {
        const bytes = Buffer.from(JSON.stringify({ kind: 'List', items: made.map(({ object }) => object) }));
        const once = await transitBytes(bytes, rules(false));
        expect(Buffer.from(await transitBytes(once, rules(false))).toString()).toBe(Buffer.from(once).toString());
      }),
      RUNS,
    );
  });

  it('any bytes are an answer or a refusal, never a fault', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json().map((text) => Buffer.from(text)),
          fc.uint8Array(),
        ),
        fc.boolean(),
        async (bytes, filtered) => {
          const outcome = await transitBytes(bytes, rules(filtered)).then(
            () => 'passes',
            (thrown: { code?: string }) => thrown.code,
          );
          expect(['passes', 'cluster_bad_answer']).toContain(outcome);
        },
      ),
      RUNS,
    );
  });

  it('what was asked for as a Secret is one, whatever it says it is and however often it says it', async () => {
    const value = 'Zqhunter22Xk';
    const metadata = { name: 'a', namespace: 'open-a' };
    const data = { config: base64(value) };
    const liar = JSON.stringify({ kind: 'Foo', apiVersion: 'v1', metadata, data });
    const partial = JSON.stringify({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata, data });
    const harmless = JSON.stringify({ metadata });
    const answers = [
      liar,
      `{"kind":"SecretList","apiVersion":"v1","items":[${liar},${partial}]}`,
      `{"kind":"FooList","apiVersion":"v1","items":[${JSON.stringify({ metadata, data })}]}`,
      // Go keeps what the first list held in the elements of the second one.
      `{"kind":"SecretList","items":[${JSON.stringify({ metadata, data })}],"items":[${harmless}]}`,
      `{"kind":"Table","rows":[{"cells":["a"],"object":${partial}}]}`,
    ];
    for (const text of answers) {
      const clean = Buffer.from(await transitBytes(Buffer.from(text), rules(false))).toString();
      expect(clean).not.toContain(base64(value));
      expect(JSON.parse(clean).kind).toBe(JSON.parse(text).kind);
    }
    async function* events() {
      yield Buffer.from(`{"type":"ADDED","object":${liar}}\n`);
    }
    for await (const line of transitWatch(events(), rules(false))) {
      expect(Buffer.from(line).toString()).not.toContain(base64(value));
    }
  });

  it('an object that would hold everyone up is refused, a list of many is not', async () => {
    const data = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, `v ${at}`]));
    const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
    const object = (count: number) => ({ kind: 'ConfigMap', metadata: { name: 'a' }, data: data(count) });
    const refused = { code: 'cluster_bad_answer' };
    const plain = rules(false, { kind: undefined });
    await expect(transitBytes(bytes(object(60_000)), plain)).rejects.toMatchObject(refused);
    await expect(transitBytes(bytes({ kind: 'List', items: [object(60_000)] }), plain)).rejects.toMatchObject(refused);
    await expect(
      transitBytes(bytes({ kind: 'Thing', metadata: {}, note: 'x'.repeat(9 << 20) }), plain),
    ).rejects.toMatchObject(refused);
    const many = bytes({ kind: 'List', items: Array.from({ length: 60 }, () => object(1000)) });
    expect(Buffer.from(await transitBytes(many, plain)).equals(many)).toBe(true);
  });

  it('names that lead elsewhere as a part of a path pass nowhere', async () => {
    const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
    const plain = rules(false, { kind: undefined });
    const refused = { code: 'cluster_bad_answer' };
    const odd = [
      { kind: 'ConfigMap', metadata: { name: 'a', namespace: '/../../home/' } },
      { kind: 'ConfigMap', metadata: { name: '../x' } },
      { kind: 'ConfigMap', metadata: { name: '..' } },
      { kind: '/../x', metadata: { name: 'a' } },
    ];
    for (const object of odd) {
      await expect(transitBytes(bytes(object), plain)).rejects.toMatchObject(refused);
      await expect(transitBytes(bytes({ kind: 'List', items: [object] }), plain)).rejects.toMatchObject(refused);
      async function* events() {
        yield Buffer.from(`${JSON.stringify({ type: 'ADDED', object })}\n`);
      }
      for await (const line of transitWatch(events(), plain)) expect(Buffer.from(line).toString()).toContain('"ERROR"');
    }
    const fine = bytes({ kind: 'ClusterRole', metadata: { name: 'system:node..x@y' } });
    expect(await transitBytes(fine, plain)).toBe(fine);
  });

  it('discovery names kinds, groups and versions plainly, and says everything once', () => {
    const group = (name: string, kind = 'Pod') => ({
      items: [{ metadata: { name }, versions: [{ version: 'v1', resources: [{ responseKind: { kind } }] }] }],
    });
    const fine = Buffer.from(`${JSON.stringify({ kind: 'APIGroupDiscoveryList', ...group('apps') })}\n`);
    expect(transitDiscovery(fine)).toBe(fine);
    for (const odd of [group('..'), group('a', '/../x'), { groups: [{ versions: [{ groupVersion: '../..' }] }] }, []]) {
      expect(() => transitDiscovery(Buffer.from(JSON.stringify(odd)))).toThrow('An answer of the cluster');
    }
    const twice = '{"kind":"APIResourceList","groupVersion":"../..","groupVersion":"v1"}';
    expect(Buffer.from(transitDiscovery(Buffer.from(twice))).toString()).toBe(
      '{"kind":"APIResourceList","groupVersion":"v1"}\n',
    );
  });
});
