import { expect, test } from 'vitest';
import { applyEdits } from './json-edits.ts';
import type { Edit } from './plan.ts';

const list = () => ({
  metadata: { resourceVersion: '100', remainingItemCount: 9 },
  items: ['a', 'b', 'c'].map((name) => ({ kind: 'Pod', metadata: { name, uid: `uid-${name}` } })),
});

function edited(...edits: Edit[]) {
  const document = list();
  applyEdits(document, edits, { token: 'next', lastItem: { metadata: { name: 'before' } } });
  return document;
}

const names = (document: ReturnType<typeof list>) => document.items.map(({ metadata }) => metadata.name);

test('elements are removed by position, by a field, or all of them', () => {
  expect(names(edited({ edit: 'remove', path: ['items', 1] }))).toEqual(['a', 'c']);
  expect(names(edited({ edit: 'remove', path: ['items', { where: 'metadata.name', is: 'a' }] }))).toEqual(['b', 'c']);
  expect(names(edited({ edit: 'remove', path: ['items', '*'] }))).toEqual([]);
  expect(edited({ edit: 'remove', path: ['items', '*', 'kind'] }).items[0]).toEqual({
    metadata: { name: 'a', uid: 'uid-a' },
  });
  expect(edited({ edit: 'remove', path: ['nothing', 'here'] })).toEqual(list());
});

test('values are set, with what is missing on the way, lowered and padded', () => {
  expect(edited({ edit: 'set', path: ['metadata', 'annotations', 'x'], to: 'y' }).metadata).toEqual({
    ...list().metadata,
    annotations: { x: 'y' },
  });
  expect(
    edited(
      { edit: 'lower', path: ['metadata', 'resourceVersion'], by: 1 },
      { edit: 'lower', path: ['metadata', 'remainingItemCount'], by: 10 },
      { edit: 'lower', path: ['metadata', 'absent'], by: 1 },
    ).metadata,
  ).toEqual({ resourceVersion: '99', remainingItemCount: -1 });
  expect(edited({ edit: 'pad', path: ['metadata', 'resourceVersion'], bytes: 4 }).metadata.resourceVersion).toBe(
    'xxxx',
  );
});

test('pages are emptied and items repeated with what is known of the pages around', () => {
  expect(edited({ edit: 'empty-page' })).toMatchObject({ items: [], metadata: { continue: 'next' } });
  expect(names(edited({ edit: 'repeat-item' }))).toEqual(['before', 'a', 'b', 'c']);
});
