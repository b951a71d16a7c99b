import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import { splitKindKey } from '../../kind-key.ts';
import { resourceOf } from '../../testing.ts';
import { PLATFORM_RELATIONS } from './index.ts';

/** Objects that have the fields a relation reads, with anything in them. */
function hostile(fields: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [index, field] of fields.entries()) {
    const keys = field.split('.');
    let at = root;
    for (const [depth, key] of keys.entries()) {
      if (depth === keys.length - 1) at[key] = values[index % values.length];
      else {
        const next: Record<string, unknown> = {};
        at[key] = (index + depth) % 2 === 0 ? [next, values[0]] : next;
        at = next;
      }
    }
  }
  return root;
}

describe('objects that are not as they should be', () => {
  it('make no relation throw or say what is no reference', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.anything(), fc.array(fc.object()), fc.string()), { minLength: 1, maxLength: 5 }),
        fc.anything(),
        (values, metadata) => {
          for (const relation of PLATFORM_RELATIONS) {
            const source = relation.sources === 'any' ? 'Cart.shop.io' : (relation.sources[0] ?? '');
            const { group, kind } = splitKindKey(source);
            const object: KubeObject = {
              ...hostile(relation.fields, values),
              apiVersion: group === '' ? 'v1' : `${group}/v1`,
              kind,
              // What the API server does not let through is no matter of these: metadata are an object.
              metadata: { name: 'one', namespace: 'shop', annotations: Object(metadata), labels: Object(metadata) },
            };
            for (const reference of relation.references(object, resourceOf(object))) {
              expect(typeof reference.kind).toBe('string');
              expect(typeof reference.path).toBe('string');
              if (reference.by === 'name') expect(reference.name).not.toBe('');
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
