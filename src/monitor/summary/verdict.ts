import type { Anomaly } from '../types.ts';
import { type Gap, gapText } from './gaps.ts';
import type { Overall, Summary } from './types.ts';

export interface VerdictBasis {
  anomalies: readonly Anomaly[];
  /** The detectors look. */
  ready: boolean;
  gaps: readonly Gap[];
  /** One of them leaves nothing to be called well. */
  blind: boolean;
  /** Pods that are not well, whether or not a detector calls it wrong by now. */
  unwell: number;
}

export function verdictOn({ anomalies, ready, gaps, blind, unwell }: VerdictBasis): Summary['health_status'] {
  const inFull = ready && gaps.length === 0;
  const worst = Math.max(0, ...anomalies.map(({ severity }) => severity));
  const limits = [
    ...(ready ? [] : ['the cluster is not known in full yet']),
    ...(gaps.length === 0 ? [] : [gapText(gaps)]),
  ];
  return {
    overall: overallOf({ worst, known: ready && !blind, unwell }),
    message: [...limits, findings(anomalies.length, unwell, inFull)].join('; '),
  };
}

/** What is wrong is said whatever is known; well, or only a little wrong, is said where enough is known for that. */
function overallOf({ worst, known, unwell }: { worst: number; known: boolean; unwell: number }): Overall {
  if (worst === 4) return 'critical';
  if (worst === 3) return 'warning';
  if (!known) return 'unknown';
  return worst > 0 || unwell > 0 ? 'minor_issues' : 'healthy';
}

function findings(count: number, unwell: number, inFull: boolean): string {
  if (count > 0) {
    const least = inFull ? '' : 'at least ';
    return count === 1 ? `${least}one thing is wrong` : `${least}${count} things are wrong`;
  }
  // Just broken, or coming up: the detectors wait before they call it wrong, and the summary must not call it well.
  if (unwell > 0) {
    return `${unwell} ${unwell === 1 ? 'pod is' : 'pods are'} not well, not long enough to count as wrong`;
  }
  return inFull ? 'nothing wrong is seen' : 'nothing wrong is seen in the rest';
}
