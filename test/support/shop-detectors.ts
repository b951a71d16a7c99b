/** Test support: what detectors say of the whole sandbox shop. */
import type { ShopUnderTest } from '../../sandbox/shop/shop-under-test.ts';
import { graphOf } from '../../src/graph/testing.ts';
import type { KubeObject } from '../../src/kernel/vocabulary.ts';
import { look, type Seen } from '../../src/monitor/detectors/harness.ts';
import type { Detector } from '../../src/monitor/types.ts';

/** What is seen, held or not. Everything in the graph has been as it is since `since`: ten minutes, by default. */
export function seenIn(
  detectors: readonly Detector[],
  { sandbox: { operator, kinds, clock } }: ShopUnderTest,
  since = clock.now() - 10 * 60_000,
): Seen[] {
  const objects = kinds
    .all()
    .filter(({ storedAs }) => storedAs === undefined)
    .flatMap(({ id, group, kind, storageVersion }) =>
      operator.list(id).map((object): KubeObject => {
        const { creationTimestamp, ...metadata } = object.metadata;
        return {
          ...object,
          apiVersion: group === '' ? storageVersion : `${group}/${storageVersion}`,
          kind,
          metadata: { ...metadata, creationTimestamp: creationTimestamp ?? '' },
        };
      }),
    );
  return look(detectors, graphOf(objects).graph.view(), clock.now(), since);
}

export const heldIn = (...of: Parameters<typeof seenIn>): Seen[] => seenIn(...of).filter(({ held }) => held);

export const told = ({ detector, object, found, cause, held }: Seen): string =>
  `${held ? '' : '(not yet) '}${detector} ${object}: ${found.title}${cause === undefined ? '' : ` <- ${cause}`}`;
