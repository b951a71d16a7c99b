/** kubectl create and its kin: commands that add objects. */
import { flag, isOn, refusedFlags, switches, values } from './flags.ts';
import {
  DELETION,
  DRY_RUN,
  FIELD_MANAGER,
  FILENAME,
  FILES,
  INTERACTIVE,
  NO_TERMINAL,
  PRINT,
  SAVE_CONFIG,
  SELECTOR,
  VALIDATE,
} from './kubectl-flags.ts';
import { needsFiles } from './kubectl-read.ts';
import type { CommandSpec, Draft, FlagSpec } from './spec.ts';

const GENERATOR: readonly FlagSpec[] = [...PRINT, ...DRY_RUN, ...FIELD_MANAGER, ...SAVE_CONFIG, ...VALIDATE];

function create(word: string, flags: readonly FlagSpec[], rest: Partial<CommandSpec> = {}): CommandSpec {
  const words = ['create', ...word.split(' ')];
  return { words, effect: 'write', gates: ['create'], flags: [...GENERATOR, ...flags], ...rest };
}

const FROM_FILES = [flag('from-file', 'value', { role: 'keyed-file' }), ...switches('append-hash')];
const FROM_LITERALS = [...values('from-literal'), flag('from-env-file', 'value', { role: 'file', noStdin: true })];
const SUBJECTS = values('group', 'serviceaccount', 'user');
const WORKLOADS: readonly CommandSpec[] = [
  create('configmap', [...FROM_FILES, ...FROM_LITERALS], { aliases: ['cm'] }),
  create('cronjob', values('image', 'restart', 'schedule'), { aliases: ['cj'], trailing: 'command' }),
  create('deployment', values('image', 'port', 'replicas,r'), { aliases: ['deploy'], trailing: 'command' }),
  create('ingress', values('annotation', 'class', 'default-backend', 'rule'), { aliases: ['ing'] }),
  create('job', values('from', 'image'), { trailing: 'command' }),
  create('namespace', [], { aliases: ['ns'] }),
  create('poddisruptionbudget', values('max-unavailable', 'min-available', 'selector'), { aliases: ['pdb'] }),
  create('priorityclass', [...values('description', 'preemption-policy', 'value'), ...switches('global-default')], {
    aliases: ['pc'],
  }),
  create('quota', values('hard', 'scopes'), { aliases: ['resourcequota'] }),
  create('serviceaccount', [], { aliases: ['sa'] }),
];

const SECRETS: readonly CommandSpec[] = [
  create('secret docker-registry', [
    ...FROM_FILES,
    ...values('docker-email', 'docker-password', 'docker-server', 'docker-username'),
  ]),
  create('secret generic', [...FROM_FILES, ...FROM_LITERALS, ...values('type')]),
  create('secret tls', [
    ...switches('append-hash'),
    flag('cert', 'value', { role: 'file', noStdin: true }),
    flag('key', 'value', { role: 'file', noStdin: true }),
  ]),
];

const SERVICES: readonly CommandSpec[] = [
  { words: ['create', 'service'], aliases: ['svc'], positionals: 'none', effect: 'local' },
  create('service clusterip', values('clusterip', 'tcp')),
  create('service externalname', values('external-name', 'tcp')),
  create('service loadbalancer', values('tcp')),
  create('service nodeport', values('node-port', 'tcp')),
];

/** Policy wants the escalation gate for all of these. */
const RIGHTS: readonly CommandSpec[] = [
  create('clusterrole', values('aggregation-rule', 'non-resource-url', 'resource', 'resource-name', 'verb')),
  create('clusterrolebinding', [...values('clusterrole'), ...SUBJECTS]),
  create('role', values('resource', 'resource-name', 'verb')),
  create('rolebinding', [...values('clusterrole', 'role'), ...SUBJECTS]),
].map((command) => ({ ...command, gates: ['create', 'escalation'] }));

const TOKEN: CommandSpec = {
  words: ['create', 'token'],
  effect: 'write',
  gates: ['create', 'escalation'],
  flags: [...PRINT, ...values('audience', 'bound-object-kind', 'bound-object-name', 'bound-object-uid', 'duration')],
};

const NO_EDITOR =
  'There is no editor here: send the finished manifest with -f -, or change fields with `kubectl patch`.';

const CREATE: CommandSpec = {
  words: ['create'],
  positionals: 'none',
  gates: ['create'],
  // An eviction is created, and takes a pod away.
  effect: (draft) => (/\/eviction\/?(?:\?|$)/.test(draft.flag('raw') ?? '') ? 'destructive' : 'write'),
  check: needsFiles,
  flags: [
    ...GENERATOR,
    ...FILES,
    ...SELECTOR,
    ...switches('windows-line-endings'),
    flag('raw', 'value', { role: 'raw-path' }),
    ...refusedFlags(NO_EDITOR, 'switch', 'edit'),
  ],
};

/** Of commands that make one object of others or of their flags. */
const MAKES_ONE: readonly FlagSpec[] = [...PRINT, ...FILES, ...DRY_RUN, ...FIELD_MANAGER, ...SAVE_CONFIG];

const EXPOSE: CommandSpec = {
  words: ['expose'],
  effect: 'write',
  gates: ['create'],
  flags: [
    ...MAKES_ONE,
    ...values('cluster-ip', 'external-ip', 'labels,l', 'load-balancer-ip', 'name', 'override-type', 'overrides'),
    ...values('port', 'protocol', 'selector', 'session-affinity', 'target-port', 'type'),
  ],
};

const RUN: CommandSpec = {
  words: ['run'],
  effect: 'write',
  gates: ['create'],
  trailing: 'command',
  flags: [
    ...MAKES_ONE,
    ...DELETION,
    ...switches('command', 'expose', 'leave-stdin-open', 'privileged', 'quiet,q'),
    ...values('annotations', 'env', 'image', 'image-pull-policy', 'labels,l', 'override-type', 'overrides'),
    ...values('pod-running-timeout', 'port', 'restart'),
    ...INTERACTIVE,
    ...refusedFlags(
      'Nothing is attached to: run the pod with --restart=Never, then read it with `kubectl logs`, and delete it.',
      'switch',
      'stdin,i',
      'attach',
      'rm',
    ),
    ...refusedFlags(NO_TERMINAL, 'value', 'detach-keys'),
  ],
};

const AUTOSCALE: CommandSpec = {
  words: ['autoscale'],
  effect: 'write',
  gates: ['create'],
  flags: [...MAKES_ONE, ...values('cpu', 'max', 'memory', 'min', 'name')],
};

const DEBUG: CommandSpec = {
  words: ['debug'],
  gates: (draft: Draft) => (isOn(draft, 'replace') ? ['exec', 'create', 'delete'] : debugGates(draft)),
  // --replace takes the original pod away.
  effect: (draft: Draft) => (isOn(draft, 'replace') ? 'destructive' : 'write'),
  trailing: 'command',
  check: (draft: Draft) =>
    draft.flag('attach') === 'true' || draft.flag('attach') === ''
      ? {
          refused:
            'Nothing is attached to: leave --attach out, give a command after `--`, and read it with `kubectl logs`.',
        }
      : undefined,
  flags: [
    ...FILENAME,
    ...switches('arguments-only', 'attach', 'keep-annotations', 'keep-init-containers', 'keep-labels'),
    ...switches(
      'keep-liveness',
      'keep-readiness',
      'keep-startup',
      'quiet,q',
      'replace',
      'same-node',
      'share-processes',
    ),
    ...values('container,c', 'copy-to', 'env', 'image', 'image-pull-policy', 'profile', 'set-image', 'target'),
    flag('custom', 'value', { role: 'file', noStdin: true }),
    ...INTERACTIVE,
    ...refusedFlags(NO_TERMINAL, 'switch', 'stdin,i'),
  ],
};

/** An ephemeral container enters a pod that runs; a copy, or a pod on a node, is created. */
function debugGates(draft: Draft): ['create'] | ['exec'] | [] {
  if (draft.flag('copy-to') !== undefined) return ['create'];
  if (draft.flag('filename') !== undefined) return [];
  return /^(?:no|nodes?)(?:\.[^/]*)?\//i.test(draft.positionals[0] ?? '') ? ['create'] : ['exec'];
}

export const CREATE_COMMANDS: readonly CommandSpec[] = [
  CREATE,
  ...WORKLOADS,
  ...SECRETS,
  ...SERVICES,
  ...RIGHTS,
  TOKEN,
  EXPOSE,
  RUN,
  AUTOSCALE,
  DEBUG,
];
