import { switches, values } from './flags.ts';
import { CHART_COMMANDS } from './helm-charts.ts';
import { GLOBAL } from './helm-flags.ts';
import { RELEASE_COMMANDS } from './helm-releases.ts';
import type { BinarySpec, CommandSpec } from './spec.ts';

const NO_REPOSITORIES =
  'Nothing is kept between calls. Name the repository in the command: `helm show chart web --repo https://host/charts`, or oci://host/charts/web; its host has to be in K8S_MCP_HELM_REPO_ALLOW.';
const NO_REGISTRY =
  'No sign-in to a registry is kept, and nothing is published from here. Use a registry that is open to this server, or give the chart in `files`.';
const NO_PLUGINS = 'Plugins are programs of the server. Use the commands of helm itself: `helm --help`.';

const NEVER: Readonly<Record<string, string>> = {
  'repo add': NO_REPOSITORIES,
  'repo index': NO_REPOSITORIES,
  'repo list': NO_REPOSITORIES,
  'repo remove': NO_REPOSITORIES,
  'repo update': NO_REPOSITORIES,
  'search repo': NO_REPOSITORIES,
  'search hub': 'It asks a site on the internet. Search there in a browser, then name the repository with --repo.',
  'registry login': NO_REGISTRY,
  'registry logout': NO_REGISTRY,
  push: NO_REGISTRY,
  'plugin install': NO_PLUGINS,
  'plugin list': NO_PLUGINS,
  'plugin uninstall': NO_PLUGINS,
  'plugin update': NO_PLUGINS,
  verify: 'There is no keyring here. Check the signature where the keys are.',
  env: 'It prints paths of the server. `helm version` shows the version; the namespace is set with -n.',
  'completion bash': 'It prints a script for a shell. Use `helm --help`.',
  'completion fish': 'It prints a script for a shell. Use `helm --help`.',
  'completion powershell': 'It prints a script for a shell. Use `helm --help`.',
  'completion zsh': 'It prints a script for a shell. Use `helm --help`.',
};

const ALIASES: Readonly<Record<string, readonly string[]>> = {
  'repo list': ['ls'],
  'repo remove': ['rm'],
  'repo update': ['up'],
  'plugin install': ['add'],
  'plugin list': ['ls'],
  'plugin uninstall': ['rm', 'remove'],
  'plugin update': ['up'],
};

/** Words that only lead to others; alone they print what there is. */
const GROUPS: readonly CommandSpec[] = [
  group('get'),
  group('show', 'inspect'),
  group('dependency', 'dep', 'dependencies'),
];

function group(word: string, ...aliases: readonly string[]): CommandSpec {
  return { words: [word], aliases, positionals: 'none', effect: 'local' };
}

const VERSION: CommandSpec = {
  words: ['version'],
  effect: 'local',
  positionals: 'none',
  flags: [...switches('short', 'client,c'), ...values('template')],
};

/** helm 3.21. Its plugins are not there: an unknown word is a mistake. */
export const helm: BinarySpec = {
  name: 'helm',
  description: 'The package manager of Kubernetes: lists, inspects, installs, upgrades and removes releases of charts.',
  versionArgs: ['version', '--short'],
  version: (output) => /v\d[\w.-]{0,60}/.exec(output)?.[0],
  install: 'Install helm 3 from https://helm.sh/docs/intro/install/ and put it on PATH, or set K8S_MCP_HELM_PATH.',
  globalFlags: GLOBAL,
  commands: [
    ...GROUPS,
    ...RELEASE_COMMANDS,
    ...CHART_COMMANDS,
    VERSION,
    ...Object.entries(NEVER).map(
      ([words, refused]): CommandSpec => ({ words: words.split(' '), aliases: ALIASES[words] ?? [], refused }),
    ),
  ],
  underscoresAreDashes: false,
};
