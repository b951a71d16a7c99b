/** Test support: what detectors say of the whole sandbox shop. */
import type { ShopUnderTest } from '../../../sandbox/shop/shop-under-test.ts';
import { graphOf } from '../../graph/testing.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { Detector } from '../types.ts';
import { look, type Seen } from './harness.ts';

/** What holds. Everything in the graph has been as it is since `since`: ten minutes, by default. */
export function heldIn(
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
  return look(detectors, graphOf(objects).graph.view(), clock.now(), since).filter(({ held }) => held);
}

export const told = ({ detector, object, found, cause }: Seen): string =>
  `${detector} ${object}: ${found.title}${cause === undefined ? '' : ` <- ${cause}`}`;
