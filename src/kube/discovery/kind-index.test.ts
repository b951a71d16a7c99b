import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import type { ApiResource } from '../types.ts';
import { qualifiedName } from './kind-errors.ts';
import { buildKindIndex, match } from './kind-index.ts';
import { parseKindQuery } from './kind-query.ts';
import { withPreferred } from './resource-entry.ts';

const words = ['thing', 'widget', 'pod', 'event', 'service', 'node', 'boxe', 'boxes', 'boxess', 'cert'];
const groups = ['', 'apps', 'example.com', 'events.k8s.io', 'metrics.k8s.io', 'a.b.c.io', 'cert-manager.io'];
const versions = ['v1', 'v1beta1', 'v2', 'v2alpha3'];

/** Plurals, singulars and kinds collide freely between groups; within one (`Boxes` of boxess, boxes of `Boxe`) all but kind with kind. */
const served = fc
  .uniqueArray(
    fc.record({
      group: fc.constantFrom(...groups),
      version: fc.constantFrom(...versions),
      word: fc.constantFrom(...words),
      suffix: fc.constantFrom('', 's'),
      short: fc.constantFrom(...words),
    }),
    { minLength: 1, maxLength: 30, selector: ({ group, version, word }) => `${group}/${version}/${word}` },
  )
  .map((picked) => {
    const kinds = new Map<string, string>();
    return picked.filter(({ group, word, suffix }) => {
      const key = `${group}/${word}${suffix}`;
      if (!kinds.has(key)) kinds.set(key, word);
      return kinds.get(key) === word;
    });
  })
  .map((picked) =>
    withPreferred(
      picked.map(({ group, version, word, suffix, short }) => ({
        group,
        version,
        kind: `${word[0]!.toUpperCase()}${word.slice(1)}${suffix}`,
        resource: `${word}s`,
        singular: word,
        shortNames: [short],
        categories: [],
        namespaced: true,
        verbs: ['get'],
        subresources: [],
      })),
    ),
  );

function formsOf({ group, version, kind, resource, preferred }: ApiResource): [string, string | undefined][] {
  const versioned: [string, string | undefined][] =
    group === ''
      ? [
          [`v/${kind}`.replace('v/', `${version}/`), undefined],
          [`core/${version}/${kind}`, undefined],
          [`${resource}.${version}.`, undefined],
          [kind, version],
          [resource, `core/${version}`],
        ]
      : [
          [`${group}/${version}/${kind}`, undefined],
          [`${group}/${version}/${resource}`, undefined],
          [`${resource}.${version}.${group}`, undefined],
          [`${kind}.${version}.${group}`, undefined],
          [kind, `${group}/${version}`],
          [resource, `${group}/${version}`],
        ];
  const plain: [string, string | undefined][] =
    group === ''
      ? [[`core/${kind}`, undefined]]
      : [
          [`${resource}.${group}`, undefined],
          [`${kind}.${group}`, undefined],
          [`${group}/${kind}`, undefined],
        ];
  return preferred ? [...versioned, ...plain] : versioned;
}

describe('kind resolution', () => {
  test('every resource resolves by each of its fully qualified forms to itself', () => {
    fc.assert(
      fc.property(served, (resources) => {
        const index = buildKindIndex({ resources, failures: [] });
        for (const resource of resources) {
          for (const [kind, apiVersion] of formsOf(resource)) {
            expect({ kind, apiVersion, found: match(index, parseKindQuery(kind, apiVersion)) }).toEqual({
              kind,
              apiVersion,
              found: [resource],
            });
          }
        }
      }),
    );
  });

  test('every candidate of an ambiguity resolves to one kind', () => {
    fc.assert(
      fc.property(served, fc.constantFrom(...words), (resources, word) => {
        const index = buildKindIndex({ resources, failures: [] });
        const found = match(index, parseKindQuery(word, undefined));
        for (const rival of found)
          expect(match(index, parseKindQuery(qualifiedName(rival), undefined))).toEqual([rival]);
      }),
    );
  });

  test('any text is answered or refused as an argument, never anything else', () => {
    const index = buildKindIndex({ resources: [], failures: [] });
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (kind, apiVersion) => {
        try {
          expect(match(index, parseKindQuery(kind, apiVersion))).toEqual([]);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
          expect((thrown as AppError).code).toBe('invalid_argument');
        }
      }),
    );
  });
});
