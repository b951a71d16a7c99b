/** What is kept of every kind that has no file of its own. */
import type { GenericFacts } from '../facts.ts';
import type { Health, KindKey, KindProjection } from '../types.ts';
import { conditionsOf, healthOf, NO_CONDITIONS } from './conditions.ts';
import { OWN_KINDS } from './index.ts';
import { namesOf } from './names.ts';
import { type Dict, dict, list, number, text } from './read.ts';

const BAD_PHASES: ReadonlySet<string> = new Set(['Failed', 'Error', 'Lost']);
const MOVING_PHASES: ReadonlySet<string> = new Set(['Pending', 'Progressing', 'Creating', 'Provisioning']);

export const GENERIC_FIELDS: readonly string[] = [
  'status.conditions',
  'status.listeners.conditions',
  'status.observedGeneration',
  'status.parents.conditions',
  'status.phase',
];
/** Routes and Gateways have more parents and listeners in theory only. */
const MAX_PARTS = 16;

/** The projection of one kind without a file. */
export function genericOf(kind: KindKey): KindProjection<GenericFacts> {
  return { ...generic, kind };
}

/** Reads the facts of any kind that has no file of its own. */
export const generic: KindProjection<GenericFacts> = {
  kind: '*',
  depth: 'object',
  fields: GENERIC_FIELDS,
  project(object, intern) {
    const { generation, finalizers } = dict(object.metadata);
    const status = dict(object['status']);
    const facts = {
      generation: number(generation),
      observedGeneration: number(status['observedGeneration']),
      phase: intern.text(text(status['phase'])),
      conditions: conditionsOf(saidOf(status), intern),
      finalizers: namesOf(finalizers, intern),
    };
    return facts.conditions === NO_CONDITIONS ? intern.shared(facts) : facts;
  },
  health: genericHealth,
  // Nodes of kinds without a file hold what `project` above made: the reason is that of define-kind.ts.
  of: (node) =>
    node.state === 'present' && !node.kind.startsWith('~') && !OWN_KINDS.has(node.kind)
      ? (node.facts as GenericFacts)
      : undefined,
};

/** Conditions of the whole, and of its parts where the Gateway API has them: a route is judged by each of its parents. */
function saidOf(status: Dict): unknown {
  const parts = [...list(status['listeners']).slice(0, MAX_PARTS), ...list(status['parents']).slice(0, MAX_PARTS)];
  if (parts.length === 0) return status['conditions'];
  return [...list(status['conditions']), ...parts.flatMap((part) => list(dict(part)['conditions']))];
}

function genericHealth(facts: GenericFacts): Health {
  const health = healthOf(facts.conditions);
  if (health === 'failed' || health === 'warning') return health;
  if (BAD_PHASES.has(facts.phase)) return 'failed';
  if (facts.observedGeneration > 0 && facts.observedGeneration < facts.generation) return 'progressing';
  if (health !== 'unknown') return health;
  return MOVING_PHASES.has(facts.phase) ? 'progressing' : 'ok';
}
