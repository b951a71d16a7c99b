import { expect, test } from 'vitest';
import type { Detector } from '../types.ts';
import { readersByKind } from './readers.ts';

const detector = (id: string, reads: readonly string[], affected?: Detector['affected']): Detector => ({
  id,
  class: 'incident',
  kinds: ['Service'],
  reads,
  ...(affected === undefined ? {} : { affected }),
  detect: () => [],
});

test('One way to say what is affected is asked once for all detectors that have it', () => {
  const above = () => [];
  const beside = () => [];
  const readers = readersByKind([
    detector('a', ['Pod', 'Node'], above),
    detector('b', ['Pod']),
    detector('c', ['Pod'], above),
    detector('d', ['Pod'], beside),
  ]);
  expect(readers.get('Pod')).toEqual({
    near: [1],
    far: [
      { affected: above, indexes: [0, 2] },
      { affected: beside, indexes: [3] },
    ],
  });
  expect(readers.get('Node')).toEqual({ near: [], far: [{ affected: above, indexes: [0] }] });
  expect(readers.get('Secret')).toBeUndefined();
});
