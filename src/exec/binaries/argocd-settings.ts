/** argocd commands about projects, repositories, clusters, certificates, keys and accounts. */
import type { ArgocdCommand } from './argocd-apps.ts';
import { OUTPUT } from './argocd-flags.ts';
import { flag, isOn, switches, values } from './flags.ts';
import type { CommandSpec, FlagSpec } from './spec.ts';

const IN_SECRETS =
  'With --core it reads Secrets whose values are not handed out. Use `kubectl get secrets -n argocd -l argocd.argoproj.io/secret-type`.';
const RUNS_GPG =
  'With --core it runs gpg on this machine. Look at the keys with `kubectl get configmap argocd-gpg-keys-cm -n argocd -o yaml`.';
const NO_ACCOUNTS = 'With --core there are no accounts: the rights are those in the cluster. Use `kubectl auth can-i`.';
const CREDENTIALS =
  'It takes or makes credentials. Run it where they may be seen, or apply a Secret that an operator prepared.';
const OPERATOR_SIGNS_IN = 'Sign-in is for the operator to set: K8S_MCP_ARGOCD_SERVER and K8S_MCP_ARGOCD_TOKEN_FILE.';
const NO_EDITOR = 'There is no editor here: use `argocd proj set`, `add-source`, `add-destination` and their like.';

/** Rights in Argo CD: who may deploy what, and to where. */
const RIGHTS: Pick<CommandSpec, 'effect' | 'gates'> = { effect: 'write', gates: ['update', 'escalation'] };

function project(words: string, flags: readonly FlagSpec[] = [], rest: Partial<ArgocdCommand> = RIGHTS): ArgocdCommand {
  return { words: ['proj', ...words.split(' ')], flags, ...rest };
}

const LIST_KIND = [flag('list,l', 'value', { values: ['allow', 'deny'] })];
const POLICY = values('action,a', 'object,o', 'permission,p', 'resource,r');
const SCHEDULE = values('applications', 'clusters', 'description', 'duration', 'namespaces', 'schedule', 'time-zone');
const PROJECT_FLAGS = [
  ...switches('orphaned-resources', 'orphaned-resources-warn'),
  ...values('allow-cluster-resource', 'allow-namespaced-resource', 'deny-cluster-resource', 'deny-namespaced-resource'),
  ...values('description', 'dest,d', 'dest-service-accounts', 'signature-keys', 'source-namespaces', 'src,s'),
];

const PROJECTS: readonly ArgocdCommand[] = [
  project('list', OUTPUT, { positionals: 'none' }),
  project('get', OUTPUT, {}),
  project('role list', OUTPUT, {}),
  project('role get', [], {}),
  project('role list-tokens', switches('unixtime,u'), { aliases: ['list-token', 'token-list'] }),
  project('windows list', OUTPUT, {}),
  project('create', [...PROJECT_FLAGS, ...switches('upsert'), flag('file,f', 'value', { role: 'file' })], {
    effect: 'write',
    gates: (draft) => (isOn(draft, 'upsert') ? ['create', 'update', 'escalation'] : ['create', 'escalation']),
  }),
  project('delete', [], { effect: 'destructive', gates: ['delete'] }),
  project('edit', [], { refused: NO_EDITOR }),
  project('set', PROJECT_FLAGS),
  ...['add', 'remove'].flatMap((verb) => [
    project(`${verb}-destination`, verb === 'add' ? switches('name') : []),
    project(`${verb}-destination-service-account`, verb === 'add' ? values('service-account-namespace') : []),
    project(`${verb}-orphaned-ignore`, values('name')),
    project(`${verb}-signature-key`),
    project(`${verb}-source`),
    project(`${verb}-source-namespace`),
    project(`role ${verb}-group`),
    project(`role ${verb}-policy`, POLICY),
  ]),
  ...['allow', 'deny'].flatMap((verb) => [
    project(`${verb}-cluster-resource`, LIST_KIND),
    project(`${verb}-namespace-resource`, LIST_KIND),
  ]),
  project('role create', values('description')),
  project('role delete'),
  project('role create-token', [], { aliases: ['token-create'], refused: CREDENTIALS }),
  project('role delete-token', [], { ...RIGHTS, aliases: ['token-delete', 'remove-token'] }),
  project('windows add', [...SCHEDULE, ...switches('manual-sync', 'use-and-operator'), ...values('kind,k')]),
  project('windows update', SCHEDULE),
  project('windows delete'),
  project('windows disable-manual-sync'),
  project('windows enable-manual-sync'),
];

const REPOSITORIES: readonly ArgocdCommand[] = [
  { words: ['repo', 'list'], positionals: 'none', flags: [...OUTPUT, ...values('refresh')], inCore: IN_SECRETS },
  { words: ['repo', 'get'], flags: [...OUTPUT, ...values('project', 'refresh')], inCore: IN_SECRETS },
  {
    words: ['repo', 'rm'],
    effect: 'destructive',
    gates: ['delete'],
    flags: values('project'),
    inCore: IN_SECRETS,
  },
  { words: ['repo', 'add'], refused: CREDENTIALS },
  { words: ['repocreds', 'list'], positionals: 'none', flags: OUTPUT, inCore: IN_SECRETS },
  { words: ['repocreds', 'rm'], effect: 'destructive', gates: ['delete'], inCore: IN_SECRETS },
  { words: ['repocreds', 'add'], refused: CREDENTIALS },
];

const CLUSTERS: readonly ArgocdCommand[] = [
  { words: ['cluster', 'list'], positionals: 'none', flags: OUTPUT, inCore: IN_SECRETS },
  { words: ['cluster', 'get'], flags: OUTPUT, inCore: IN_SECRETS },
  {
    words: ['cluster', 'set'],
    effect: 'write',
    gates: ['update'],
    flags: values('annotation', 'label', 'name', 'namespace'),
    inCore: IN_SECRETS,
  },
  {
    words: ['cluster', 'rm'],
    effect: 'destructive',
    gates: ['delete'],
    check: (draft) =>
      isOn(draft, 'yes') ? undefined : '`argocd cluster rm` asks first, and nobody answers here: add --yes.',
    flags: switches('yes,y'),
    inCore: IN_SECRETS,
  },
  { words: ['cluster', 'add'], refused: CREDENTIALS },
  { words: ['cluster', 'rotate-auth'], refused: CREDENTIALS },
];

const FROM: FlagSpec = flag('from', 'value', { role: 'file', noStdin: true });

function certificate(word: string, flags: readonly FlagSpec[]): ArgocdCommand {
  return {
    words: ['cert', word],
    ...RIGHTS,
    check: (draft) =>
      draft.flag('from') === undefined ? `\`argocd cert ${word}\` needs --from: a name of \`files\`.` : undefined,
    flags: [FROM, ...switches('upsert'), ...flags],
  };
}

const TRUST: readonly ArgocdCommand[] = [
  {
    words: ['cert', 'list'],
    positionals: 'none',
    flags: [...OUTPUT, ...values('cert-type', 'hostname-pattern', 'sort')],
  },
  certificate('add-ssh', switches('batch')),
  certificate('add-tls', []),
  {
    words: ['cert', 'rm'],
    effect: 'destructive',
    gates: ['update', 'delete'],
    flags: values('cert-sub-type', 'cert-type'),
  },
  { words: ['gpg', 'list'], positionals: 'none', flags: OUTPUT, inCore: RUNS_GPG },
  { words: ['gpg', 'get'], flags: OUTPUT, inCore: RUNS_GPG },
  {
    words: ['gpg', 'add'],
    ...RIGHTS,
    flags: [flag('from,f', 'value', { role: 'file', noStdin: true })],
    inCore: RUNS_GPG,
  },
  { words: ['gpg', 'rm'], effect: 'destructive', gates: ['update', 'delete'], inCore: RUNS_GPG },
];

const ACCOUNTS: readonly ArgocdCommand[] = [
  { words: ['account', 'can-i'], inCore: NO_ACCOUNTS },
  { words: ['account', 'get'], flags: [...OUTPUT, ...values('account,a')], inCore: NO_ACCOUNTS },
  { words: ['account', 'get-user-info'], aliases: ['whoami'], flags: OUTPUT, inCore: NO_ACCOUNTS },
  { words: ['account', 'list'], positionals: 'none', flags: OUTPUT, inCore: NO_ACCOUNTS },
  { words: ['account', 'bcrypt'], refused: CREDENTIALS },
  { words: ['account', 'delete-token'], refused: CREDENTIALS },
  { words: ['account', 'generate-token'], refused: CREDENTIALS },
  { words: ['account', 'update-password'], refused: CREDENTIALS },
  { words: ['login'], refused: OPERATOR_SIGNS_IN },
  { words: ['logout'], refused: OPERATOR_SIGNS_IN },
  { words: ['relogin'], refused: OPERATOR_SIGNS_IN },
  { words: ['context'], aliases: ['ctx'], refused: OPERATOR_SIGNS_IN },
  { words: ['configure'], refused: OPERATOR_SIGNS_IN },
  {
    words: ['admin'],
    refused:
      'It reads and writes whatever Argo CD keeps, credentials included, and opens ports of the server. Use `kubectl` on the objects in its namespace.',
  },
  { words: ['completion'], refused: 'It prints a script for a shell. Use `argocd --help`.' },
];

export const SETTINGS_COMMANDS: readonly ArgocdCommand[] = [
  ...PROJECTS,
  ...REPOSITORIES,
  ...CLUSTERS,
  ...TRUST,
  ...ACCOUNTS,
];
