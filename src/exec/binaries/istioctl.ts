import { flag, values } from './flags.ts';
import { GLOBAL } from './istioctl-flags.ts';
import { MESH_COMMANDS } from './istioctl-mesh.ts';
import { PROXY_COMMANDS } from './istioctl-proxies.ts';
import type { BinarySpec, CommandSpec } from './spec.ts';

const NEVER: readonly CommandSpec[] = [
  {
    words: ['bug-report'],
    refused:
      'It runs other programs and writes an archive on the server. Use `istioctl analyze -A`, `istioctl proxy-status` and `kubectl logs`.',
  },
  {
    words: ['dashboard'],
    aliases: ['dash', 'd'],
    refused:
      'It would open a port of the server and a browser. Use `istioctl proxy-config`, `istioctl x envoy-stats` and `istioctl x metrics`.',
  },
  {
    words: ['create-remote-secret'],
    refused: 'It prints credentials of the cluster. Run it where they may be seen.',
  },
  {
    words: ['kube-inject'],
    refused:
      'It renders templates that could read the environment of the server, and asks an address that the cluster names. Label the namespace istio-injection=enabled, and look with `istioctl x check-inject`.',
  },
  { words: ['authz'], refused: 'It moved: use `istioctl x authz check POD`.' },
  { words: ['completion'], refused: 'It prints a script for a shell. Use `istioctl --help`.' },
  {
    words: ['experimental', 'config', 'list'],
    refused: 'It shows settings of the server. Give what differs by flags.',
  },
  {
    words: ['experimental', 'workload', 'entry', 'configure'],
    refused: 'It writes files with a token of the workload. Run it where the machine is set up.',
  },
];

/** Words that only lead to others; alone they print what there is. */
const GROUPS: readonly CommandSpec[] = [
  group(['experimental'], 'x', 'exp'),
  group(['experimental', 'describe'], 'des'),
  group(['proxy-config'], 'pc'),
  group(['ztunnel-config'], 'zc'),
  {
    ...group(['admin'], 'istiod'),
    flags: [flag('selector,l', 'value', { role: 'selector' })],
  },
];

function group(words: readonly string[], ...aliases: readonly string[]): CommandSpec {
  return { words, aliases, positionals: 'none', effect: 'local' };
}

const WORKLOAD_GROUP: CommandSpec = {
  words: ['experimental', 'workload', 'group', 'create'],
  effect: 'local',
  positionals: 'none',
  flags: values('name', 'annotations,a', 'labels,l', 'locality', 'network', 'ports,p', 'serviceAccount,s', 'weight,w'),
};

/** istioctl 1.31. */
export const istioctl: BinarySpec = {
  name: 'istioctl',
  description: 'The tool of the Istio service mesh: analyzes its configuration and looks into proxies.',
  versionArgs: ['version', '--remote=false', '--output=json'],
  version: (output) => /"version":\s*"([\w.+-]{1,60})"/.exec(output)?.[1],
  install:
    'Install istioctl from https://istio.io/latest/docs/setup/additional-setup/download-istio-release/ and put it on PATH, or set K8S_MCP_ISTIOCTL_PATH.',
  globalFlags: GLOBAL,
  commands: [...GROUPS, ...MESH_COMMANDS, ...PROXY_COMMANDS, WORKLOAD_GROUP, ...NEVER],
  underscoresAreDashes: false,
};
