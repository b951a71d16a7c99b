/** Rules for tests of decisions. */
import type { Gate } from '../kernel/vocabulary.ts';
import type { PolicyRules } from './types.ts';

export const GATES: readonly Gate[] = ['list', 'create', 'update', 'delete', 'exec', 'escalation'];

/** These open, all others closed. */
export function gates(...open: Gate[]): Record<Gate, boolean> {
  const all = { list: false, create: false, update: false, delete: false, exec: false, escalation: false };
  for (const gate of open) all[gate] = true;
  return all;
}

/** Rules that restrict nothing and open only `list`, but for what is given. */
export function rules(over: Partial<PolicyRules> = {}): PolicyRules {
  return {
    gates: gates('list'),
    allowedNamespaces: undefined,
    forbiddenNamespaces: new Set(),
    deniedKinds: new Set(),
    contexts: undefined,
    writeContexts: undefined,
    defaultContext: 'main',
    maxResources: undefined,
    ...over,
  };
}
