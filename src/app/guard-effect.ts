import type { ParsedCommand } from '../exec/types.ts';
import { AppError } from '../kernel/errors.ts';
import type { ApiRequest, Gate } from '../kernel/vocabulary.ts';
import { classify } from '../policy/classify.ts';
import type { GuardBody } from '../policy/transit/body.ts';
import { isFields } from '../policy/transit/fields.ts';

const STORES: ReadonlySet<Gate> = new Set(['create', 'update', 'delete']);

/**
 * Holds a command to what was said of it before it ran, whatever gates are open. Only a command that was confirmed may delete: helm's
 * upgrades replace objects by design and stand apart. The dry run that makes a plan, and whatever else kubectl and helm only read
 * with, stores nothing. (argocd and istioctl may fill in what they lack when they read, which the gates decide on.)
 */
export function refuseBeyondEffect(
  api: ApiRequest,
  body: GuardBody | undefined,
  { tool, path, effect }: Pick<ParsedCommand, 'tool' | 'path' | 'effect'>,
): void {
  const classification = classify(api);
  if (classification.type === 'refused' || isRehearsedEviction(api, body)) return;
  const command = `\`${[tool, ...path].join(' ')}\``;
  if (tool !== 'helm' && effect !== 'destructive' && classification.gates.includes('delete')) {
    throw new AppError('command_refused', `${command} ${classification.why}, which it was not confirmed for.`, {
      remedy: 'Use the command that deletes (kubectl delete, drain, replace --force): it is confirmed first.',
    });
  }
  const onlyReads = effect === 'read' || effect === 'local';
  if (onlyReads && (tool === 'kubectl' || tool === 'helm') && classification.gates.some((gate) => STORES.has(gate))) {
    throw new AppError('command_refused', `${command} as given only reads, and ${classification.why}.`, {
      remedy: 'Nothing was stored. Leave --dry-run out to change something.',
    });
  }
}

/** `kubectl drain --dry-run=server` says so in the eviction's own DeleteOptions, where the server reads it. */
function isRehearsedEviction(api: ApiRequest, body: GuardBody | undefined): boolean {
  if (api.type !== 'resource' || api.resource !== 'pods' || api.subresource !== 'eviction') return false;
  const options = isFields(body?.value) ? body.value['deleteOptions'] : undefined;
  const dryRun = isFields(options) ? options['dryRun'] : undefined;
  return Array.isArray(dryRun) && dryRun.length === 1 && dryRun[0] === 'All';
}
