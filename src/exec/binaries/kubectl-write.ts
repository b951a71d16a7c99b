/** kubectl commands that change or remove objects. */
import type { Gate } from '../../kernel/vocabulary.ts';
import { flag, isOn, refusedFlags, switches, values } from './flags.ts';
import {
  ALL_NAMESPACES,
  DELETION,
  DRY_RUN,
  FIELD_MANAGER,
  FIELD_SELECTOR,
  FILENAME,
  FILES,
  KUSTOMIZE,
  PRINT,
  SAVE_CONFIG,
  SELECTOR,
  VALIDATE,
} from './kubectl-flags.ts';
import { needsFiles } from './kubectl-read.ts';
import type { CommandSpec, Draft, FlagSpec } from './spec.ts';

/** Commands that only rewrite the manifests they are given, or list, under some flag. */
function update(words: string, flags: readonly FlagSpec[], rest: Partial<CommandSpec> = {}): CommandSpec {
  return {
    words: words.split(' '),
    effect: (draft) => (isOn(draft, 'local') ? 'local' : isOn(draft, 'list') ? 'read' : 'write'),
    gates: (draft) => (isOn(draft, 'local') || isOn(draft, 'list') ? [] : ['update']),
    flags: [...PRINT, ...flags],
    ...rest,
  };
}

const APPLY: readonly CommandSpec[] = [
  {
    words: ['apply'],
    positionals: 'none',
    check: needsFiles,
    gates: applyGates,
    effect: (draft) => (takesAway(draft) ? 'destructive' : 'write'),
    flags: [
      ...PRINT,
      ...FILES,
      ...SELECTOR,
      ...DRY_RUN,
      ...FIELD_MANAGER,
      ...VALIDATE,
      ...DELETION,
      ...switches('all', 'force-conflicts', 'openapi-patch', 'overwrite', 'prune', 'server-side'),
      ...values('prune-allowlist', 'subresource'),
    ],
  },
  {
    words: ['apply', 'set-last-applied'],
    positionals: 'none',
    check: needsFiles,
    effect: 'write',
    gates: ['update'],
    flags: [...PRINT, ...FILENAME, ...DRY_RUN, ...switches('create-annotation')],
  },
  {
    words: ['apply', 'edit-last-applied'],
    refused:
      'There is no editor here: use `kubectl apply view-last-applied` and `kubectl apply set-last-applied -f -`.',
  },
];

/** Server-side apply creates what is missing; in the other form only the guard sees which of the two it is. */
function applyGates(draft: Draft): readonly Gate[] {
  const creates: readonly Gate[] = isOn(draft, 'server-side') ? ['create'] : [];
  const deletes: readonly Gate[] = takesAway(draft) ? ['delete'] : [];
  return ['update', ...creates, ...deletes];
}

/** --force deletes what cannot be changed, and makes it anew. */
function takesAway(draft: Draft): boolean {
  return isOn(draft, 'prune') || isOn(draft, 'force');
}

const REPLACE: CommandSpec = {
  words: ['replace'],
  positionals: 'none',
  check: needsFiles,
  gates: (draft) => (isOn(draft, 'force') ? ['delete', 'create'] : ['update']),
  effect: (draft) => (isOn(draft, 'force') ? 'destructive' : 'write'),
  flags: [
    ...PRINT,
    ...FILES,
    ...DRY_RUN,
    ...FIELD_MANAGER,
    ...SAVE_CONFIG,
    ...VALIDATE,
    ...DELETION,
    ...values('subresource'),
    flag('raw', 'value', { role: 'raw-path' }),
  ],
};

const DELETE: CommandSpec = {
  words: ['delete'],
  effect: 'destructive',
  gates: ['delete'],
  flags: [
    ...FILES,
    ...SELECTOR,
    ...FIELD_SELECTOR,
    ...ALL_NAMESPACES,
    ...DRY_RUN,
    ...DELETION,
    ...switches('all', 'ignore-not-found', 'now'),
    flag('output,o', 'value', { role: 'output' }),
    flag('raw', 'value', { role: 'raw-path' }),
    ...refusedFlags(
      'Nobody can answer on a terminal here: leave it out. What deletes is confirmed before it runs.',
      'switch',
      'interactive,i',
    ),
  ],
};

const OBJECT_CHANGES: readonly CommandSpec[] = [
  update('patch', [
    ...FILES,
    ...DRY_RUN,
    ...FIELD_MANAGER,
    ...values('patch,p', 'subresource', 'type'),
    ...switches('local'),
    flag('patch-file', 'value', { role: 'file', noStdin: true }),
  ]),
  ...['label', 'annotate'].map((word) =>
    update(word, [
      ...FILES,
      ...SELECTOR,
      ...FIELD_SELECTOR,
      ...ALL_NAMESPACES,
      ...DRY_RUN,
      ...FIELD_MANAGER,
      ...switches('all', 'list', 'local', 'overwrite'),
      ...values('resource-version'),
    ]),
  ),
  update('scale', [
    ...FILES,
    ...SELECTOR,
    ...DRY_RUN,
    ...switches('all'),
    ...values('current-replicas', 'replicas', 'resource-version', 'timeout'),
  ]),
  {
    words: ['edit'],
    refused:
      'There is no editor here: change fields with `kubectl patch`, or send the manifest with `kubectl apply -f -`.',
  },
];

const SET_FLAGS: readonly FlagSpec[] = [
  ...FILENAME,
  ...DRY_RUN,
  ...FIELD_MANAGER,
  ...switches('all', 'local', 'recursive,R'),
];

const SET: readonly CommandSpec[] = [
  update('set env', [
    ...SET_FLAGS,
    ...KUSTOMIZE,
    ...SELECTOR,
    ...switches('list', 'overwrite', 'resolve'),
    ...values('containers,c', 'env,e', 'from', 'keys', 'prefix'),
  ]),
  update('set image', [...SET_FLAGS, ...KUSTOMIZE, ...SELECTOR]),
  update('set resources', [...SET_FLAGS, ...KUSTOMIZE, ...SELECTOR, ...values('containers,c', 'limits', 'requests')]),
  update('set selector', [...SET_FLAGS, ...values('resource-version')]),
  update('set serviceaccount', [...SET_FLAGS, ...KUSTOMIZE], { aliases: ['sa'] }),
  update('set subject', [...SET_FLAGS, ...KUSTOMIZE, ...SELECTOR, ...values('group', 'serviceaccount', 'user')], {
    gates: (draft) => (isOn(draft, 'local') ? [] : ['update', 'escalation']),
  }),
];

const ROLLOUT: readonly CommandSpec[] = [
  ...['pause', 'restart', 'resume'].map((word) => update(`rollout ${word}`, [...FILES, ...SELECTOR, ...FIELD_MANAGER])),
  update('rollout undo', [...FILES, ...SELECTOR, ...DRY_RUN, ...values('to-revision')]),
];

const NODES: readonly CommandSpec[] = [
  { words: ['cordon'], effect: 'write', gates: ['update'], flags: [...DRY_RUN, ...SELECTOR] },
  { words: ['uncordon'], effect: 'write', gates: ['update'], flags: [...DRY_RUN, ...SELECTOR] },
  {
    words: ['drain'],
    effect: 'destructive',
    gates: ['update', 'delete'],
    flags: [
      ...DRY_RUN,
      ...SELECTOR,
      ...switches('delete-emptydir-data', 'disable-eviction', 'force', 'ignore-daemonsets'),
      ...values('chunk-size', 'grace-period', 'skip-wait-for-delete-timeout', 'timeout'),
      flag('pod-selector', 'value', { role: 'selector' }),
    ],
  },
  update('taint', [...SELECTOR, ...DRY_RUN, ...FIELD_MANAGER, ...VALIDATE, ...switches('all', 'overwrite')]),
];

const REMOVES_RIGHTS = ['remove-extra-permissions', 'remove-extra-subjects'];

const RIGHTS: readonly CommandSpec[] = [
  {
    words: ['auth', 'reconcile'],
    positionals: 'none',
    check: needsFiles,
    gates: ['create', 'update', 'escalation'],
    effect: (draft: Draft) => (REMOVES_RIGHTS.some((name) => isOn(draft, name)) ? 'destructive' : 'write'),
    flags: [...PRINT, ...FILES, ...DRY_RUN, ...switches(...REMOVES_RIGHTS)],
  },
  ...['approve', 'deny'].map(
    (word): CommandSpec => ({
      words: ['certificate', word],
      effect: 'write',
      gates: ['update', 'escalation'],
      flags: [...PRINT, ...FILES, ...switches('force')],
    }),
  ),
];

export const WRITE_COMMANDS: readonly CommandSpec[] = [
  ...APPLY,
  REPLACE,
  DELETE,
  ...OBJECT_CHANGES,
  ...SET,
  ...ROLLOUT,
  ...NODES,
  ...RIGHTS,
];
