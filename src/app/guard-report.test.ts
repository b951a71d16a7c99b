import { describe, expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { createGuardReport } from './guard-report.ts';

const down = new AppError('cluster_unreachable', 'Cluster "x" refused the connection.', { remedy: 'Check it.' });

describe('what a command is told of its requests', () => {
  test('is nothing while all went well', () => {
    const report = createGuardReport();
    report.reached();
    expect(report.reason()).toBeUndefined();
  });

  test('is why the cluster could not be asked, unless it could in the end', () => {
    const report = createGuardReport();
    report.unreached(down);
    expect(report.reason()).toBe('Cluster "x" refused the connection. Check it.');
    report.reached();
    expect(report.reason()).toBeUndefined();
  });

  test('begins with what policy refused, and ends with what was written', () => {
    const report = createGuardReport();
    report.wrote(
      { type: 'resource', verb: 'create', group: '', version: 'v1', resource: 'pods', namespace: 'a', dryRun: false },
      'b',
    );
    report.refused(new AppError('gate_closed', 'The gate is closed.'));
    report.unreached(down);
    expect(report.reason()).toBe(
      'The gate is closed. Cluster "x" refused the connection. Check it. Already done: created pods a/b.',
    );
  });

  test("tells apart a caller's server that may not be connected to", () => {
    const report = createGuardReport();
    report.unreached(down);
    expect(report.turnedAway()).toBeUndefined();
    const refused = new AppError('kubeconfig_refused', 'It leads to this server itself.');
    report.unreached(refused);
    expect(report.turnedAway()).toBe(refused);
  });
});
