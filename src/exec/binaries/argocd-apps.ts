/** argocd commands about applications and application sets. */
import type { Gate } from '../../kernel/vocabulary.ts';
import { APP_NAMESPACE, LOCAL, LOCAL_DIFF, OUTPUT, RESOURCE, REVISIONS, SELECTOR, SOURCE } from './argocd-flags.ts';
import { flag, isOn, refusedFlags, switches, values } from './flags.ts';
import type { CommandSpec, Draft, FlagSpec } from './spec.ts';

/** A command, and why it cannot be had with --core. */
export type ArgocdCommand = CommandSpec & {
  inCore?: string;
  /** With --core: it asks the repo server (manifests) or redis (the tree of an application), for all that is known (measured, 3.2.11). */
  asksParts?: (draft: Draft) => boolean;
};

const ASKS_PARTS = { asksParts: () => true };
/** The repo server is asked whether the source can be rendered. */
const VALIDATES = { asksParts: (draft: Draft) => draft.flag('validate') !== 'false' };

const APP = 'It takes an application: `argocd app list` shows them.';
const oneApp = ({ positionals }: Draft): string | undefined => (positionals.length === 1 ? undefined : APP);

/** Asking for a refresh writes an annotation on the application. */
const refreshes = (draft: Draft): boolean => isOn(draft, 'refresh') || isOn(draft, 'hard-refresh');
const REFRESHING = {
  effect: (draft: Draft) => (refreshes(draft) ? 'write' : 'read') as 'write' | 'read',
  gates: (draft: Draft): readonly Gate[] => (refreshes(draft) ? ['update'] : []),
};

const NO_EDITOR = 'There is no editor here: use `argocd app set`, or `argocd app patch --patch`.';

function update(word: string, flags: readonly FlagSpec[], rest: Partial<ArgocdCommand> = {}): ArgocdCommand {
  return { words: ['app', ...word.split(' ')], effect: 'write', gates: ['update'], flags, ...rest };
}

/** `-y` answers the question; nobody else does. */
function needsYes(draft: Draft): string | undefined {
  if (isOn(draft, 'yes')) return undefined;
  return `\`argocd ${draft.path.join(' ')}\` asks before it deletes, and nobody answers here: add --yes.`;
}

const READS: readonly ArgocdCommand[] = [
  {
    words: ['app', 'list'],
    positionals: 'none',
    flags: [...APP_NAMESPACE, ...OUTPUT, ...SELECTOR, ...values('cluster,c', 'project,p', 'repo,r')],
  },
  {
    words: ['app', 'get'],
    asksParts: (draft) => draft.flag('output')?.startsWith('tree') === true,
    ...REFRESHING,
    check: oneApp,
    flags: [
      ...APP_NAMESPACE,
      ...OUTPUT,
      ...switches('hard-refresh', 'refresh', 'show-operation', 'show-params'),
      ...values('source-name', 'source-position', 'timeout'),
    ],
  },
  {
    words: ['app', 'diff'],
    ...ASKS_PARTS,
    ...REFRESHING,
    check: oneApp,
    flags: [
      ...APP_NAMESPACE,
      ...REVISIONS,
      ...LOCAL_DIFF,
      ...switches('exit-code', 'hard-refresh', 'refresh', 'server-side-diff'),
      ...values('diff-exit-code', 'ignore-normalizer-jq-execution-timeout'),
    ],
  },
  { words: ['app', 'history'], check: oneApp, flags: [...APP_NAMESPACE, ...OUTPUT] },
  {
    words: ['app', 'resources'],
    ...ASKS_PARTS,
    check: oneApp,
    flags: [...switches('orphaned'), ...values('output', 'project')],
  },
  { words: ['app', 'manifests'], ...ASKS_PARTS, check: oneApp, flags: [...REVISIONS, ...LOCAL, ...values('source')] },
  {
    words: ['app', 'logs'],
    ...ASKS_PARTS,
    flags: [
      flag('follow,f', 'switch', { role: 'follow' }),
      ...switches('match-case,m', 'previous,p'),
      ...values('container,c', 'filter', 'group', 'kind', 'name', 'namespace', 'since-seconds', 'tail', 'until-time'),
    ],
  },
  {
    words: ['app', 'wait'],
    follows: true,
    flags: [
      ...APP_NAMESPACE,
      ...OUTPUT,
      ...SELECTOR,
      ...switches('degraded', 'delete', 'health', 'hydrated', 'operation', 'suspended', 'sync'),
      ...values('resource', 'timeout'),
    ],
  },
  {
    words: ['app', 'get-resource'],
    ...ASKS_PARTS,
    check: oneApp,
    flags: [
      ...OUTPUT,
      ...switches('show-managed-fields'),
      ...values('filter-fields', 'kind', 'project', 'resource-name'),
    ],
  },
  { words: ['app', 'actions', 'list'], ...ASKS_PARTS, check: oneApp, flags: [...RESOURCE, ...values('out,o')] },
];

/** The controller then takes objects away, or replaces them. */
const takesAway = (draft: Draft): boolean => ['prune', 'force', 'replace'].some((name) => isOn(draft, name));

const SYNC: ArgocdCommand = {
  words: ['app', 'sync'],
  ...ASKS_PARTS,
  effect: (draft) => (takesAway(draft) ? 'destructive' : 'write'),
  gates: (draft) => (takesAway(draft) ? ['update', 'delete'] : ['update']),
  flags: [
    ...APP_NAMESPACE,
    ...OUTPUT,
    ...SELECTOR,
    ...REVISIONS,
    ...LOCAL,
    // A dry run is an operation too: the application is written.
    ...switches(
      'apply-out-of-sync-only',
      'assumeYes',
      'async',
      'dry-run',
      'force',
      'prune',
      'replace',
      'retry-refresh',
    ),
    ...switches('server-side'),
    ...values('ignore-normalizer-jq-execution-timeout', 'info', 'label', 'project', 'resource'),
    ...values('retry-backoff-duration', 'retry-backoff-factor', 'retry-backoff-max-duration', 'retry-limit'),
    ...values('strategy', 'timeout'),
    ...refusedFlags('It asks a question. Look first with `argocd app diff`.', 'switch', 'preview-changes'),
  ],
};

const UNSET_FLAGS = [
  ...APP_NAMESPACE,
  ...switches('ignore-missing-components', 'ignore-missing-value-files', 'kustomize-namespace', 'kustomize-version'),
  ...switches('nameprefix', 'namesuffix', 'pass-credentials', 'ref', 'values-literal'),
  ...values('kustomize-image', 'kustomize-replica', 'parameter,p', 'plugin-env', 'source-position', 'values'),
];

const WRITES: readonly ArgocdCommand[] = [
  {
    words: ['app', 'create'],
    ...VALIDATES,
    effect: 'write',
    gates: (draft) => (isOn(draft, 'upsert') ? ['create', 'update'] : ['create']),
    flags: [
      ...SOURCE,
      flag('file,f', 'value', { role: 'file' }),
      ...switches('set-finalizer', 'upsert'),
      ...values('annotations', 'label,l', 'name'),
    ],
  },
  update('set', [...SOURCE, ...values('source-position')], { ...VALIDATES, check: oneApp }),
  update('add-source', SOURCE, { check: oneApp }),
  update('remove-source', [...APP_NAMESPACE, ...values('source-name', 'source-position')], { check: oneApp }),
  update('unset', UNSET_FLAGS, { check: oneApp }),
  update('patch', [...APP_NAMESPACE, ...values('patch', 'type')], { ...ASKS_PARTS, check: oneApp }),
  update('patch-resource', [...RESOURCE, ...switches('all'), ...values('patch', 'patch-type', 'project')], ASKS_PARTS),
  update('actions run', [...RESOURCE, ...switches('all')], ASKS_PARTS),
  update('terminate-op', []),
  update('rollback', [...APP_NAMESPACE, ...OUTPUT, ...switches('prune'), ...values('timeout')], {
    effect: (draft) => (takesAway(draft) ? 'destructive' : 'write'),
    gates: (draft) => (takesAway(draft) ? ['update', 'delete'] : ['update']),
  }),
  SYNC,
  { words: ['app', 'edit'], refused: NO_EDITOR },
];

const DELETES: readonly ArgocdCommand[] = [
  {
    words: ['app', 'delete'],
    effect: 'destructive',
    gates: ['delete'],
    check: needsYes,
    flags: [...APP_NAMESPACE, ...SELECTOR, ...switches('cascade', 'wait', 'yes,y'), ...values('propagation-policy,p')],
  },
  {
    words: ['app', 'delete-resource'],
    ...ASKS_PARTS,
    effect: 'destructive',
    gates: ['delete'],
    flags: [...RESOURCE, ...switches('all', 'force', 'orphan'), ...values('project')],
  },
  {
    // What the application waits with deleting is deleted then.
    words: ['app', 'confirm-deletion'],
    effect: 'destructive',
    gates: ['update', 'delete'],
    flags: APP_NAMESPACE,
  },
];

const GENERATES =
  'With --core its generators would ask addresses that the cluster names from this machine. Look at an ApplicationSet with `argocd appset get`, at its applications with `argocd app list`.';

const SETS: readonly ArgocdCommand[] = [
  {
    words: ['appset', 'list'],
    positionals: 'none',
    flags: [flag('appset-namespace,N', 'value', { role: 'namespace' }), ...OUTPUT, ...SELECTOR, ...values('project,p')],
  },
  { words: ['appset', 'get'], flags: [...OUTPUT, ...switches('show-params')] },
  {
    words: ['appset', 'create'],
    effect: 'write',
    gates: (draft) => (isOn(draft, 'upsert') ? ['create', 'update'] : ['create']),
    positionals: 'file',
    flags: [...OUTPUT, ...switches('upsert'), flag('dry-run', 'switch', { role: 'dry-run' })],
  },
  { words: ['appset', 'generate'], positionals: 'file', flags: OUTPUT, inCore: GENERATES },
  {
    words: ['appset', 'delete'],
    effect: 'destructive',
    gates: ['delete'],
    check: needsYes,
    flags: switches('yes,y'),
  },
];

/** `appset create --dry-run` runs the generators as well. */
export function refuseGenerators(draft: Draft): { refused: string } | undefined {
  const runs = draft.path.join(' ') === 'appset create' && isOn(draft, 'dry-run');
  return runs ? { refused: GENERATES } : undefined;
}

export const APP_COMMANDS: readonly ArgocdCommand[] = [...READS, ...WRITES, ...DELETES, ...SETS];
