import { describe, expect, it } from 'vitest';
import { checkRelation, fixtureIds, readFixture } from '../check-relation.ts';
import { PLATFORM_RELATIONS } from './index.ts';

const FOLDER = `${import.meta.dirname}/fixtures`;

describe('relations of what is installed on top', () => {
  it('has a fixture for each of them, and no other', () => {
    expect(fixtureIds(FOLDER)).toEqual(PLATFORM_RELATIONS.map(({ id }) => id).sort());
  });

  it.each(PLATFORM_RELATIONS.map((relation) => [relation.id, relation] as const))(
    '%s finds both ends in any order, follows changes and forgets what is gone',
    (id, relation) => {
      for (const { way, actual, expected } of checkRelation(relation, readFixture(FOLDER, id))) {
        expect(actual, way).toEqual(expected);
      }
    },
  );
});
