import { expect, it } from 'vitest';
import { COVERAGE } from '../../../test/support/coverage.ts';
import { NOW } from '../../../test/support/memory-view.ts';
import { coverageLines } from './coverage-text.ts';

it('names first what most questions are about, and a reason once for all that it holds for', () => {
  const dropped = [
    'Secret',
    'Role.rbac.authorization.k8s.io',
    'Boat.sea.example.com',
    'Service',
    'ConfigMap',
    'Pod',
    'Node',
  ];
  const left = [
    ...dropped.map((kind) => ({ kind, reason: 'dropped for memory' })),
    { kind: 'Job.batch', reason: 'denied' },
    { kind: 'Lease.coordination.k8s.io', reason: 'never read' },
  ];
  const lines = coverageLines({ ...COVERAGE, left }, NOW);
  expect(lines).toEqual([
    '[live graph, 0s old at most; 2 kinds covered]',
    'left out: Node, Pod, Service, Boat.sea.example.com, Role, Secret and 1 more (dropped for memory); Job (denied)',
  ]);
});
