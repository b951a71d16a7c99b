/** What Argo CD says of an Application: its parts are not well, or not as they are written down. */
import type { ApplicationFacts } from '../../../graph/facts.ts';
import { application as applicationKind } from '../../../graph/project/application.ts';
import type { Detector, Found } from '../../types.ts';
import { MINOR, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE, short } from '../workloads/reading/times.ts';
import { type Looked, onKind } from './reading/on-kind.ts';

/** Longer than any rollout that goes well. */
const HOLD = 5 * MINUTE;

export const argoApplication: Detector = onKind(applicationKind, {
  id: 'argo-application',
  look: (seen) => [...operation(seen), ...health(seen), ...sync(seen)].slice(0, 1),
});

function operation({ facts }: Looked<ApplicationFacts>): Found[] {
  if (facts.operation !== 'Failed' && facts.operation !== 'Error') return [];
  if (facts.sync === 'Synced') return [];
  return [
    {
      severity: WARNING,
      title: `cannot be synced: ${short(facts.operationMessage || facts.operation, 160)}`,
      evidence: [
        `status.operationState.phase: ${facts.operation}`,
        `status.sync.status: ${facts.sync}`,
        ...errors(facts),
      ],
      holdMs: 2 * MINUTE,
    },
  ];
}

function health({ facts }: Looked<ApplicationFacts>): Found[] {
  if (facts.health !== 'Degraded' && facts.health !== 'Missing') return [];
  return [
    {
      severity: facts.health === 'Degraded' ? WARNING : MINOR,
      title: `${facts.health}${facts.healthMessage === '' ? '' : `: ${short(facts.healthMessage)}`}`,
      evidence: [`status.health.status: ${facts.health}`, `status.sync.status: ${facts.sync}`, ...errors(facts)],
      holdMs: HOLD,
    },
  ];
}

/** Where somebody syncs by hand, differences are what he is about to look at. */
function sync({ facts }: Looked<ApplicationFacts>): Found[] {
  if (facts.sync !== 'OutOfSync' && facts.sync !== 'Unknown') return [];
  if (facts.sync === 'OutOfSync' && !facts.automated) return [];
  return [
    {
      severity: MINOR,
      title:
        facts.sync === 'Unknown'
          ? 'what it should be cannot be found out'
          : 'OutOfSync, though it is synced automatically',
      evidence: [`status.sync.status: ${facts.sync}`, ...errors(facts)],
      holdMs: 2 * HOLD,
    },
  ];
}

const errors = ({ conditions }: ApplicationFacts) =>
  conditions
    .filter(({ type }) => type.endsWith('Error'))
    .slice(0, 2)
    .map(({ type, message }) => `condition ${type}: ${short(message, 200)}`);
