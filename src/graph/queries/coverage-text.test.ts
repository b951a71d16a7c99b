import { expect, it, test } from 'vitest';
import { COVERAGE } from '../../../test/support/coverage.ts';
import { NOW } from '../../../test/support/memory-view.ts';
import type { Coverage } from '../access.ts';
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
    'left out: Pod, Node, Service, Secret, ConfigMap, Role and 1 more (dropped for memory); Job (denied)',
  ]);
});

const lines = (coverage: Partial<Coverage>) => coverageLines({ ...COVERAGE, ...coverage }, NOW);

test('the age is rounded up: what is old by less than a second is not as new as now', () => {
  const head = (asOf: number) => lines({ asOf })[0];
  expect(head(NOW)).toBe('[live graph, 0s old at most; 2 kinds covered]');
  expect(head(NOW - 1)).toBe('[live graph, 1s old at most; 2 kinds covered]');
  expect(head(NOW - 15_400)).toBe('[live graph, 16s old at most; 2 kinds covered]');
});

test('what is out of date is covered all the same, and why stands once for all kinds', () => {
  const kinds = ['Pod', 'Node', 'Service', 'Secret', 'ConfigMap', 'Namespace', 'PersistentVolume'];
  const stale = kinds.map((kind) => ({ kind, since: NOW - 20_000, reason: 'connection refused' }));
  const [head, told, ...others] = lines({ asOf: NOW - 20_000, synced: [], stale });
  expect(head).toBe('[live graph, 20s old at most; 7 kinds covered]');
  expect(told).toMatch(/^not up to date for 20s: (?:\w+, ){5}\w+ and 1 more \(connection refused\)$/);
  expect(others).toEqual([]);
});

test('kinds that went out of date one after the other are told by the first of them', () => {
  const stale = [
    { kind: 'Pod', since: NOW - 20_000, reason: 'connection refused' },
    { kind: 'Node', since: NOW - 12_000, reason: 'timed out' },
  ];
  expect(lines({ stale })[1]).toBe('not up to date for up to 20s: Pod (connection refused); Node (timed out)');
});

test('where no namespace is read, that is said', () => {
  expect(lines({ namespaces: [] })[0]).toBe('[live graph, 0s old at most; 2 kinds covered, in no namespace]');
});
