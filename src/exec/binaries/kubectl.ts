import { CREATE_COMMANDS } from './kubectl-create.ts';
import { GLOBAL } from './kubectl-flags.ts';
import { REACH_COMMANDS } from './kubectl-reach.ts';
import { READ_COMMANDS } from './kubectl-read.ts';
import { WRITE_COMMANDS } from './kubectl-write.ts';
import type { BinarySpec } from './spec.ts';

/** kubectl 1.36. Its plugins are not there: an unknown word is a mistake. */
export const kubectl: BinarySpec = {
  name: 'kubectl',
  description: 'The Kubernetes command line tool: reads, changes and debugs whatever the API serves.',
  versionArgs: ['version', '--client=true', '--output=json'],
  version: (output) => /"gitVersion":\s*"(v\d[\w.+-]{0,60})"/.exec(output)?.[1],
  install:
    'Install kubectl from https://kubernetes.io/docs/tasks/tools/ and put it on PATH, or set K8S_MCP_KUBECTL_PATH.',
  globalFlags: GLOBAL,
  commands: [...READ_COMMANDS, ...CREATE_COMMANDS, ...WRITE_COMMANDS, ...REACH_COMMANDS],
  underscoresAreDashes: true,
};
