/** The parts of the pipeline's ports that only CLI tools use, for gateways that have none. */
import type { OpenCluster, PipelinePorts } from '../../src/operations/ports.ts';

const none = async (): Promise<never> => {
  throw new Error('this gateway runs no commands');
};

export const NO_COMMAND_PORTS: Pick<PipelinePorts, 'permissive' | 'parseCommand' | 'commandTimeoutMs'> = {
  permissive: false,
  parseCommand: none,
  commandTimeoutMs: 1000,
};

export const NO_COMMANDS: Pick<OpenCluster, 'decideGates' | 'runCommand'> = {
  decideGates: () => ({ allow: true }),
  runCommand: none,
};
