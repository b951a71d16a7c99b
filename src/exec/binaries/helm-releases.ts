/** helm commands about releases. */
import type { Gate } from '../../kernel/vocabulary.ts';
import { flag, isOn, switches, values } from './flags.ts';
import { PRINT } from './helm-flags.ts';
import type { CommandSpec, Draft, FlagSpec } from './spec.ts';

const RELEASE = 'It takes a release: `helm list -A` shows them.';

function oneRelease({ positionals }: Draft): string | undefined {
  return positionals.length === 1 ? undefined : RELEASE;
}

function get(word: string, flags: readonly FlagSpec[]): CommandSpec {
  return { words: ['get', word], check: oneRelease, flags: [...values('revision'), ...flags] };
}

const DRY_RUN: readonly FlagSpec[] = [flag('dry-run', 'switch', { role: 'dry-run' })];

const LIST: CommandSpec = {
  words: ['list'],
  aliases: ['ls'],
  positionals: 'none',
  flags: [
    ...PRINT,
    flag('all-namespaces,A', 'switch', { role: 'all-namespaces' }),
    flag('selector,l', 'value', { role: 'selector' }),
    ...switches('all,a', 'date,d', 'deployed', 'failed', 'no-headers', 'pending', 'reverse,r', 'short,q'),
    ...switches('superseded', 'uninstalled', 'uninstalling'),
    ...values('filter,f', 'max,m', 'offset', 'time-format'),
  ],
};

/** What is not part of the older revision is deleted, which the guard decides on; pods that are recreated always are. */
function rollbackGates(draft: Draft): readonly Gate[] {
  const deletes = isOn(draft, 'recreate-pods') || isOn(draft, 'cleanup-on-fail');
  return ['create', 'update', ...(deletes ? (['delete'] as const) : [])];
}

export const RELEASE_COMMANDS: readonly CommandSpec[] = [
  LIST,
  {
    words: ['status'],
    check: oneRelease,
    flags: [...PRINT, ...values('revision'), ...switches('show-desc', 'show-resources')],
  },
  { words: ['history'], aliases: ['hist'], check: oneRelease, flags: [...PRINT, ...values('max')] },
  get('all', values('template')),
  get('hooks', []),
  get('manifest', []),
  get('metadata', PRINT),
  get('notes', []),
  get('values', [...PRINT, ...switches('all,a')]),
  {
    words: ['rollback'],
    effect: 'write',
    gates: rollbackGates,
    check: ({ positionals }) => (positionals.length === 1 || positionals.length === 2 ? undefined : RELEASE),
    flags: [
      ...DRY_RUN,
      ...switches('cleanup-on-fail', 'force', 'no-hooks', 'recreate-pods', 'wait', 'wait-for-jobs'),
      ...values('history-max', 'timeout'),
    ],
  },
  {
    words: ['uninstall'],
    aliases: ['del', 'delete', 'un'],
    effect: 'destructive',
    gates: ['delete'],
    check: ({ positionals }) => (positionals.length > 0 ? undefined : RELEASE),
    flags: [
      ...DRY_RUN,
      flag('cascade', 'value', { values: ['background', 'orphan', 'foreground'] }),
      ...switches('ignore-not-found', 'keep-history', 'no-hooks', 'wait'),
      ...values('description', 'timeout'),
    ],
  },
  {
    // Its hooks are pods that run; older ones of the same name are deleted first, which the guard decides on.
    words: ['test'],
    effect: 'write',
    gates: ['create'],
    check: oneRelease,
    flags: [...switches('hide-notes', 'logs'), ...values('filter', 'timeout')],
  },
];
