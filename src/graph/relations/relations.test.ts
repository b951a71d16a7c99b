import { expect, it } from 'vitest';
import { OWN_KINDS } from '../project/index.ts';
import { RELATIONS } from './index.ts';

it('has an id of its own for each relation', () => {
  const ids = RELATIONS.map(({ id }) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

it('has no relation that needs more than the metadata of kinds of which nothing else is read', () => {
  const bare = [...OWN_KINDS.values()].filter(({ depth }) => depth === 'metadata').map(({ kind }) => kind);
  const greedy = RELATIONS.filter(
    ({ sources, fields }) => sources !== 'any' && fields.length > 0 && bare.some((kind) => sources.includes(kind)),
  );
  expect(greedy.map(({ id }) => id)).toEqual([]);
});
