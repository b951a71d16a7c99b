import { describe, expect, it } from 'vitest';
import { createShop } from '../../../sandbox/shop/shop-under-test.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { createIntern } from '../intern.ts';
import { fixtureIds, readFixture } from '../relations/check-relation.ts';
import { RELATIONS } from '../relations/index.ts';
import { resourceOf } from '../testing.ts';
import { masked } from './mask-under-test.ts';
import { createProjector } from './projector.ts';

const FIXTURES = ['core', 'platform'].map((of) => `${import.meta.dirname}/../relations/${of}/fixtures`);

/** Everything of the shop. */
function shopObjects(): KubeObject[] {
  const shop = createShop();
  shop.minutes(5);
  const { store, kinds } = shop.sandbox;
  return kinds
    .all()
    .filter(({ storedAs }) => storedAs === undefined)
    .flatMap(({ id, group, kind, storageVersion }) =>
      store.list(id).map(({ body }) => ({
        ...(body.object() as KubeObject),
        apiVersion: group === '' ? storageVersion : `${group}/${storageVersion}`,
        kind,
      })),
    );
}

function expectSame(objects: readonly KubeObject[]): void {
  const projector = createProjector(createIntern(), RELATIONS);
  for (const object of objects) {
    const resource = resourceOf(object);
    const lean = masked(object, projector.targetOf(resource).fields);
    const what = `${object.kind} ${object.metadata?.namespace}/${object.metadata?.name}`;
    expect(projector.project(lean, resource), what).toEqual(projector.project(object, resource));
    expect(
      projector.event(masked(object, projector.targetOf({ ...resource, group: '', kind: 'Event' }).fields)),
      what,
    ).toEqual(projector.event(object));
  }
}

describe('what targetOf asks for', () => {
  it('is all that projections and relations read of the objects of a living cluster', () => {
    const objects = shopObjects();
    expect(new Set(objects.map(({ kind }) => kind)).size).toBeGreaterThan(30);
    expectSame(objects);
  });

  it('is all that relations read of their fixtures', () => {
    expectSame(
      FIXTURES.flatMap((folder) =>
        fixtureIds(folder).flatMap((id) => {
          const { objects, changed } = readFixture(folder, id);
          return [...objects, changed];
        }),
      ),
    );
  });
});
