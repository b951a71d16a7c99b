/** istioctl commands about the mesh as a whole: analysis, versions, installation, tags and waypoints. */
import type { Gate } from '../../kernel/vocabulary.ts';
import { flag, isOn, refusedFlags, switches, values } from './flags.ts';
import { OPERATOR, output, REVISION, refuseCharts, XDS, YES } from './istioctl-flags.ts';
import type { CommandSpec, Draft, FlagSpec } from './spec.ts';

/** Installing writes ClusterRoles and admission webhooks. */
const INSTALL_GATES: readonly Gate[] = ['create', 'update', 'escalation'];
const REMOVE_GATES: readonly Gate[] = ['delete', 'escalation'];
const ALL_NAMESPACES = flag('all-namespaces,A', 'switch', { role: 'all-namespaces' });
const NO_FILES = 'Files it writes are lost. Leave it out and read its output.';

function needsYes(draft: Draft): string | undefined {
  if (isOn(draft, 'skip-confirmation') || isOn(draft, 'dry-run')) return undefined;
  return `\`istioctl ${draft.path.join(' ')}\` asks before it does anything, and nobody answers here: add --skip-confirmation.`;
}

const isOffline = (draft: Draft): boolean => draft.flag('use-kube') === 'false' || isOn(draft, 'list-analyzers');

const ANALYZE: CommandSpec = {
  words: ['analyze'],
  effect: (draft) => (isOffline(draft) ? 'local' : 'read'),
  // Whether certificate and key of a gateway fit: it sees neither, and would find every one of them invalid.
  adds: (draft) => (isOffline(draft) ? [] : ['--suppress=IST0161=*']),
  positionals: 'manifests',
  flags: [
    ALL_NAMESPACES,
    output('log', 'json', 'yaml'),
    ...REVISION,
    flag('meshConfigFile', 'value', { role: 'file', noStdin: true }),
    ...switches('color', 'ignore-unknown', 'list-analyzers,L', 'recursive,R', 'use-kube,k', 'verbose,v'),
    ...values('analyzer', 'failure-threshold', 'output-threshold', 'suppress,S', 'timeout'),
    ...refusedFlags('One cluster a call. Analyze each with its own `context`.', 'value', 'remote-contexts'),
  ],
};

/** Here a dry run frees from the gates; `manifest generate` only takes the flag. */
const CHANGES_MESH: readonly FlagSpec[] = [
  ...OPERATOR.filter(({ name }) => name !== 'dry-run'),
  flag('dry-run', 'switch', { role: 'dry-run' }),
  ...YES,
  flag('filename,f', 'value', { role: 'file' }),
];

const installs = (...words: readonly string[]): CommandSpec => ({
  words,
  effect: 'write',
  gates: INSTALL_GATES,
  positionals: 'none',
  check: (draft) => refuseCharts(draft) ?? needsYes(draft),
  flags: [...CHANGES_MESH, ...switches('verify'), ...values('readiness-timeout')],
});

const GENERATE: CommandSpec = {
  words: ['manifest', 'generate'],
  effect: (draft) => (isOn(draft, 'cluster-specific') ? 'read' : 'local'),
  positionals: 'none',
  check: refuseCharts,
  flags: [
    ...OPERATOR,
    flag('filename,f', 'value', { role: 'file' }),
    ...switches('cluster-specific'),
    ...refusedFlags(NO_FILES, 'value', 'output,o'),
  ],
};

const UNINSTALL: CommandSpec = {
  words: ['uninstall'],
  effect: 'destructive',
  gates: REMOVE_GATES,
  positionals: 'none',
  check: (draft) => refuseCharts(draft) ?? needsYes(draft),
  flags: [...CHANGES_MESH, ...switches('purge', 'verbose,v')],
};

const TAG_FLAGS = [
  ...REVISION,
  ...YES,
  ...switches('auto-inject-namespaces', 'overwrite'),
  ...values('webhook-name'),
  ...OPERATOR.filter(({ name }) => name === 'manifests'),
];

const TAGS: readonly CommandSpec[] = [
  { words: ['tag', 'generate'], flags: TAG_FLAGS },
  { words: ['tag', 'list'], aliases: ['show'], positionals: 'none', flags: [output('table', 'json')] },
  // An older tag of that name is only replaced with --overwrite; namespaces then follow another control plane.
  { words: ['tag', 'set'], effect: 'write', gates: INSTALL_GATES, flags: TAG_FLAGS },
  {
    words: ['tag', 'remove'],
    aliases: ['delete'],
    effect: 'destructive',
    gates: REMOVE_GATES,
    check: needsYes,
    flags: YES,
  },
];

const WAYPOINT_NAME = values('name');

const WAYPOINTS: readonly CommandSpec[] = [
  {
    words: ['waypoint', 'apply'],
    effect: 'write',
    // Server-side apply, which creates and updates; --enroll-namespace labels the namespace.
    gates: ['create', 'update'],
    positionals: 'none',
    flags: [
      ...WAYPOINT_NAME,
      ...REVISION,
      ...switches('enroll-namespace', 'overwrite', 'wait,w'),
      flag('for', 'value', { values: ['all', 'none', 'service', 'workload'] }),
      ...values('waypoint-timeout'),
    ],
  },
  {
    words: ['waypoint', 'delete'],
    effect: 'destructive',
    gates: ['delete'],
    flags: [...WAYPOINT_NAME, ...REVISION, ...switches('all')],
  },
  {
    words: ['waypoint', 'generate'],
    effect: 'local',
    positionals: 'none',
    flags: [...WAYPOINT_NAME, ...REVISION, flag('for', 'value', { values: ['all', 'none', 'service', 'workload'] })],
  },
  { words: ['waypoint', 'list'], positionals: 'none', flags: [...WAYPOINT_NAME, ALL_NAMESPACES] },
  {
    words: ['waypoint', 'status'],
    flags: [...WAYPOINT_NAME, ALL_NAMESPACES, ...switches('wait,w'), ...values('waypoint-timeout')],
  },
];

const isRemote = (draft: Draft): boolean => draft.flag('remote') !== 'false';

const VERSIONS: readonly CommandSpec[] = [
  {
    words: ['version'],
    effect: (draft) => (isRemote(draft) ? 'read' : 'local'),
    positionals: 'none',
    flags: [output('yaml', 'json'), ...REVISION, ...switches('remote', 'short,s')],
  },
  {
    words: ['experimental', 'version'],
    effect: (draft) => (isRemote(draft) ? 'read' : 'local'),
    gates: (draft) => (isRemote(draft) ? ['exec'] : []),
    positionals: 'none',
    flags: [output('yaml', 'json'), ...REVISION, ...XDS, ...switches('remote', 'short,s')],
  },
];

export const MESH_COMMANDS: readonly CommandSpec[] = [
  ANALYZE,
  {
    words: ['validate'],
    aliases: ['v'],
    effect: 'local',
    positionals: 'none',
    check: (draft) =>
      draft.flag('filename') === undefined
        ? '`istioctl validate` needs -f: a name of `files`, or - with `stdin`.'
        : undefined,
    flags: [flag('filename,f', 'value', { role: 'folder' })],
  },
  ...VERSIONS,
  { ...installs('install'), aliases: ['apply'] },
  { ...installs('manifest', 'install'), aliases: ['apply'] },
  installs('upgrade'),
  GENERATE,
  { words: ['manifest', 'translate'], refused: 'It writes files, which are lost. Use `istioctl manifest generate`.' },
  UNINSTALL,
  ...TAGS,
  ...WAYPOINTS,
  {
    words: ['experimental', 'precheck'],
    positionals: 'none',
    flags: [
      output('log', 'json', 'yaml'),
      ...REVISION,
      ...switches('skip-controlplane'),
      ...values('from-version,f', 'output-threshold'),
    ],
  },
];
