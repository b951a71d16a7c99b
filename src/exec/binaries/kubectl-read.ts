/** kubectl commands that change nothing in a cluster. */
import { flag, isOn, refusedFlags, switches, values } from './flags.ts';
import { ALL_NAMESPACES, FIELD_MANAGER, FIELD_SELECTOR, FILENAME, FILES, PRINT, SELECTOR } from './kubectl-flags.ts';
import type { CommandSpec, Draft } from './spec.ts';

const GET: CommandSpec = {
  words: ['get'],
  flags: [
    ...PRINT,
    ...FILES,
    ...SELECTOR,
    ...FIELD_SELECTOR,
    ...ALL_NAMESPACES,
    ...switches('ignore-not-found', 'no-headers', 'output-watch-events', 'server-print', 'show-kind', 'show-labels'),
    ...values('chunk-size', 'label-columns,L', 'sort-by', 'subresource'),
    flag('raw', 'value', { role: 'raw-path' }),
    flag('watch,w', 'switch', { role: 'follow' }),
    flag('watch-only', 'switch', { role: 'follow' }),
  ],
};

const DESCRIBE: CommandSpec = {
  words: ['describe'],
  flags: [...FILES, ...SELECTOR, ...ALL_NAMESPACES, ...switches('show-events'), ...values('chunk-size')],
};

const LOGS: CommandSpec = {
  words: ['logs'],
  flags: [
    ...SELECTOR,
    ...switches(
      'all-containers',
      'all-pods',
      'ignore-errors',
      'insecure-skip-tls-verify-backend',
      'prefix',
      'previous,p',
      'timestamps',
    ),
    ...values('container,c', 'limit-bytes', 'max-log-requests', 'pod-running-timeout', 'since', 'since-time', 'tail'),
    flag('follow,f', 'switch', { role: 'follow' }),
  ],
};

const TOP_FLAGS = [
  ...SELECTOR,
  ...switches('no-headers', 'show-swap', 'use-protocol-buffers'),
  ...values('sort-by'),
] as const;

const TOP: readonly CommandSpec[] = [
  { words: ['top', 'node'], aliases: ['nodes', 'no'], flags: [...TOP_FLAGS, ...switches('show-capacity')] },
  {
    words: ['top', 'pod'],
    aliases: ['pods', 'po'],
    flags: [...TOP_FLAGS, ...ALL_NAMESPACES, ...FIELD_SELECTOR, ...switches('containers', 'sum')],
  },
];

const API: readonly CommandSpec[] = [
  { words: ['explain'], flags: [...values('api-version', 'output,o'), ...switches('recursive,R')] },
  {
    words: ['api-resources'],
    positionals: 'none',
    flags: [
      ...values('api-group', 'categories', 'output,o', 'sort-by', 'verbs'),
      ...switches('cached', 'namespaced', 'no-headers', 'show-managed-fields'),
    ],
  },
  { words: ['api-versions'], positionals: 'none' },
  { words: ['cluster-info'], positionals: 'none' },
  {
    words: ['cluster-info', 'dump'],
    positionals: 'none',
    flags: [
      ...PRINT,
      ...ALL_NAMESPACES,
      ...values('namespaces', 'pod-running-timeout'),
      flag('output-directory', 'value', {
        values: ['-', ''],
        otherwise: 'No files are written: leave it out, and the dump is the output. Narrow it with --namespaces.',
      }),
    ],
  },
  {
    words: ['version'],
    positionals: 'none',
    effect: (draft) => (isOn(draft, 'client') ? 'local' : 'read'),
    flags: [...switches('client'), ...values('output,o')],
  },
];

const AUTH: readonly CommandSpec[] = [
  {
    words: ['auth', 'can-i'],
    flags: [...ALL_NAMESPACES, ...switches('list', 'no-headers', 'quiet,q'), ...values('subresource')],
  },
  { words: ['auth', 'whoami'], positionals: 'none', flags: PRINT },
];

const RAW_CONFIG = 'It shows credentials. `config view` without it shows all else.';
const FIXED_CONFIG =
  'The kubeconfig belongs to the call and is not changed: choose with the arguments `context` and `namespace`.';

const CONFIG: readonly CommandSpec[] = [
  {
    words: ['config', 'view'],
    positionals: 'none',
    effect: 'local',
    // --flatten leaves credentials in clear text, with or without --raw (measured).
    flags: [...PRINT, ...switches('merge', 'minify'), ...refusedFlags(RAW_CONFIG, 'switch', 'raw', 'flatten')],
  },
  {
    words: ['config', 'get-contexts'],
    effect: 'local',
    flags: [...switches('no-headers'), ...values('output,o')],
  },
  { words: ['config', 'current-context'], positionals: 'none', effect: 'local' },
  { words: ['config', 'get-clusters'], positionals: 'none', effect: 'local' },
  { words: ['config', 'get-users'], positionals: 'none', effect: 'local' },
  ...[
    'delete-cluster',
    'delete-context',
    'delete-user',
    'rename-context',
    'set',
    'set-cluster',
    'set-context',
    'set-credentials',
    'unset',
    'use-context',
  ].map((word): CommandSpec => ({ words: ['config', word], refused: FIXED_CONFIG })),
];

const SHOW_SECRETS = 'Values of Secrets are not shown. Without it changed ones are marked.';

const WAITING: readonly CommandSpec[] = [
  {
    words: ['events'],
    positionals: 'none',
    flags: [
      ...PRINT,
      ...ALL_NAMESPACES,
      ...values('chunk-size', 'for', 'types'),
      ...switches('no-headers'),
      flag('watch,w', 'switch', { role: 'follow' }),
    ],
  },
  {
    words: ['wait'],
    follows: true,
    flags: [
      ...PRINT,
      ...FILENAME,
      ...SELECTOR,
      ...FIELD_SELECTOR,
      ...ALL_NAMESPACES,
      ...switches('all', 'local', 'recursive,R'),
      ...values('for', 'timeout'),
    ],
  },
  {
    words: ['rollout', 'status'],
    // It watches by default.
    follows: (draft: Draft) => draft.flag('watch') !== 'false',
    flags: [...FILES, ...SELECTOR, ...switches('watch,w'), ...values('revision', 'timeout')],
  },
  { words: ['rollout', 'history'], flags: [...PRINT, ...FILES, ...SELECTOR, ...values('revision')] },
];

const MANIFESTS: readonly CommandSpec[] = [
  {
    words: ['diff'],
    positionals: 'none',
    check: (draft) => needsFiles(draft),
    flags: [
      ...FILES,
      ...SELECTOR,
      ...FIELD_MANAGER,
      ...values('concurrency', 'prune-allowlist'),
      ...switches('force-conflicts', 'prune', 'server-side', 'show-managed-fields'),
      ...refusedFlags(SHOW_SECRETS, 'switch', 'show-secrets'),
    ],
  },
  {
    words: ['apply', 'view-last-applied'],
    flags: [...FILES, ...SELECTOR, ...values('output,o'), ...switches('all')],
  },
  {
    words: ['kustomize'],
    effect: 'local',
    positionals: { at: 0, is: 'folder' },
    check: ({ positionals }) =>
      positionals.length === 1
        ? undefined
        : '`kubectl kustomize` needs one folder of `files`: kubectl kustomize overlay',
    flags: [
      ...refusedFlags('The result is the output; no files are written.', 'value', 'output,o'),
      ...refusedFlags(
        'It starts other programs or reaches the network. Build with plain kustomizations.',
        'switch',
        'enable-alpha-plugins',
        'enable-helm',
        'helm-debug',
        'network',
        'as-current-user',
      ),
      ...refusedFlags(
        'It starts other programs, or reads what lies outside of the folder. Leave it out.',
        'value',
        'env,e',
        'helm-api-versions',
        'helm-command',
        'helm-kube-version',
        'load-restrictor',
        'mount',
        'network-name',
      ),
    ],
  },
];

/** Commands that take nothing but files. */
export function needsFiles(draft: Draft): string | undefined {
  if (draft.flag('filename') !== undefined || draft.flag('kustomize') !== undefined) return undefined;
  return `\`kubectl ${draft.path.join(' ')}\` needs manifests: -f - with \`stdin\`, or -f name with \`files\``;
}

export const READ_COMMANDS: readonly CommandSpec[] = [
  GET,
  DESCRIBE,
  LOGS,
  ...TOP,
  ...API,
  ...AUTH,
  ...CONFIG,
  ...WAITING,
  ...MANIFESTS,
  { words: ['help'], effect: 'local' },
];
