import { describe, expect, it } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { createRedactor } from './redactor.ts';
import { containsMarker, resolveMarkers } from './resolve.ts';

const KEY = new Uint8Array(32).fill(7);
const base64 = (value: string) => Buffer.from(value).toString('base64');
const MARKER = '<redacted sha256:ab12cd34>';

describe('containsMarker', () => {
  it.each([
    [{ a: { b: [MARKER] } }, [{ path: ['a', 'b', 0], encoding: 'plain' }]],
    [{ a: `--password=${MARKER}` }, [{ path: ['a'], encoding: 'plain' }]],
    [{ data: { k: base64(MARKER) } }, [{ path: ['data', 'k'], encoding: 'base64' }]],
    [{ a: base64(`x${MARKER}`) }, [{ path: ['a'], encoding: 'base64' }]],
    [{ a: base64(`xy${MARKER}z`) }, [{ path: ['a'], encoding: 'base64' }]],
    [{ a: '\\u003credacted sha256:ab12cd34\\u003e' }, [{ path: ['a'], encoding: 'plain' }]],
    [{ [MARKER]: 1 }, [{ path: [MARKER], encoding: 'key' }]],
    [{ a: 'redacted sha256:', b: '<redacted>' }, []],
  ])('%j', (value, hits) => expect(containsMarker(value)).toEqual(hits));
});

describe('resolveMarkers', () => {
  const live = {
    kind: 'Secret',
    metadata: { name: 'db' },
    data: { password: base64('hunter22'), other: base64('zzzzzzzz') },
  };
  const pod = {
    kind: 'Pod',
    spec: {
      containers: [
        {
          name: 'a',
          env: [
            { name: 'X', value: '1' },
            { name: 'TOKEN', value: 'tok-en-1' },
          ],
          args: ['--password=pw-1'],
        },
      ],
    },
  };
  const shown = <T>(value: T): T => createRedactor(KEY).object(value);

  it('gives back the live values of an object that was read, edited and sent', () => {
    expect(resolveMarkers(shown(live), live, KEY)).toEqual(live);
    expect(resolveMarkers(shown(pod), pod, KEY)).toEqual(pod);
    const encoded = createRedactor(KEY, { secretData: 'base64' }).object(live);
    expect(resolveMarkers(encoded, live, KEY)).toEqual(live);
  });

  it('refuses a marker where its value would show, as nothing hides it there any more', () => {
    const thing = {
      kind: 'Thing',
      spec: {
        args: ['--password', 'Pl4in-value'],
        parameters: [{ key: 'db-password', value: 'Pl4in-value-2' }],
        note: 'it is Pl4in-value',
      },
    };
    const changed = (change: (spec: typeof thing.spec) => void) => {
      const copy = structuredClone(shown(thing));
      change(copy.spec);
      return () => resolveMarkers(copy, thing, KEY);
    };
    expect(changed(() => {})()).toEqual(thing);
    const refusal = 'stand for no live value at their place';
    expect(changed((spec) => spec.args.splice(0, 1, '--note'))).toThrow(refusal);
    expect(changed((spec) => spec.args.splice(0, 1, '--token'))).not.toThrow();
    expect(changed((spec) => Object.assign(spec.parameters[0]!, { key: 'note' }))).toThrow(refusal);
  });

  it('finds a value in data for a marker in stringData, and a list element by its name', () => {
    const password = shown(live).data.password;
    expect(resolveMarkers({ kind: 'Secret', stringData: { password } }, live, KEY)).toEqual({
      kind: 'Secret',
      stringData: { password: 'hunter22' },
    });
    const reversed = structuredClone(shown(pod));
    reversed.spec.containers[0]!.env.reverse();
    expect(resolveMarkers(reversed, pod, KEY).spec.containers[0]!.env[0]).toEqual({ name: 'TOKEN', value: 'tok-en-1' });
  });

  it('refuses a marker that was moved, made up, or meets no live object, and names each place', () => {
    const password = shown(live).data.password;
    const problems = (manifest: unknown, now: unknown, key = KEY): string[] => {
      try {
        resolveMarkers(manifest, now, key);
      } catch (thrown) {
        if (thrown instanceof AppError && thrown.code === 'invalid_manifest')
          return (thrown.detail.problems ?? []).map((p) => p.field);
      }
      return [];
    };
    expect(problems({ ...live, metadata: { annotations: { leak: password } } }, live)).toEqual([
      'metadata.annotations.leak',
    ]);
    expect(problems({ kind: 'Secret', data: { other: password, password: MARKER } }, live)).toEqual([
      'data.other',
      'data.password',
    ]);
    expect(problems(shown(live), undefined)).toEqual(['data.password', 'data.other']);
    expect(problems(shown(live), live, new Uint8Array(32).fill(8))).toEqual(['data.password', 'data.other']);
    const literal = { kind: 'ConfigMap', data: { a: MARKER } };
    expect(problems(literal, literal)).toEqual(['data.a']);
  });

  it('resolves what kubectl apply keeps of a manifest that was read here', () => {
    const applied = (object: unknown) => ({
      metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(object)}\n` } },
    });
    const given = createRedactor(KEY, { secretData: 'base64' }).object(live);
    expect(resolveMarkers(applied(given), live, KEY)).toEqual(applied(live));
    const moved = { ...given, data: { elsewhere: given.data.password } };
    expect(() => resolveMarkers(applied(moved), live, KEY)).toThrow(AppError);
    expect(() => resolveMarkers({ data: applied(given) }, live, KEY)).toThrow(AppError);
  });

  it('leaves a manifest without markers as it is', () => {
    expect(resolveMarkers(live, undefined, KEY)).toBe(live);
  });
});
