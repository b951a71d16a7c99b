import { expandHome, type HostEnv } from '../config/host-env.ts';
import type { Settings } from '../config/table.ts';
import { argocd } from '../exec/binaries/argocd.ts';
import { helm } from '../exec/binaries/helm.ts';
import { istioctl } from '../exec/binaries/istioctl.ts';
import { kubectl } from '../exec/binaries/kubectl.ts';
import { createChildPrograms } from '../exec/child-programs.ts';
import { createCommandLines } from '../exec/command-line/parse.ts';
import { prepareFiles } from '../exec/files/prepare.ts';
import { parseFilter } from '../exec/filters/parse.ts';
import { closeFilters, runFilters, warmFilters } from '../exec/filters/run.ts';
import type { GuardListener } from '../exec/guard/types.ts';
import { createCommandRunner } from '../exec/run-command.ts';
import { checkRules, type SecurityRules } from '../exec/security-rules.ts';
import { readSecurityRules } from '../exec/security-rules-file.ts';
import { createToolStatus } from '../exec/tool-status.ts';
import type { CliTool, CommandInput, ParsedCommand, ToolStatus } from '../exec/types.ts';
import type { Workspace } from '../exec/workspace.ts';
import { AppError } from '../kernel/errors.ts';
import { usualProgramDirs } from '../process/find-program.ts';
import type { Logger } from '../telemetry/logger.ts';
import { refuseCallersArgocd } from './argocd-callers.ts';
import { argocdServer } from './argocd-server.ts';
import { chartHosts, requireChartHosts } from './chart-hosts.ts';
import { type CommandCallParts, createCommandCalls } from './command-call.ts';
import type { RunCommand } from './open-cluster.ts';
import { programPaths } from './program-paths.ts';

/** The CLI tools: what their command lines may be, and how they run. */
export interface Commands {
  /** Throws what is wrong with a command line, or by which rule it is refused. */
  parse(input: CommandInput): ParsedCommand;
  run: RunCommand;
  status(): Promise<Record<string, ToolStatus>>;
  /** Ends all commands and removes every folder. */
  close(): Promise<void>;
}

export interface CommandsParts extends Pick<CommandCallParts, 'rules' | 'store' | 'audit'> {
  host: HostEnv;
  settings: Settings;
  guard: GuardListener;
  workspace: Workspace;
  log: Logger;
}

/** Commands waiting per running one before the rest are refused. */
const QUEUE_FACTOR = 4;

/** Reads the operator's rule file; starts nothing and looks for no program yet. */
export async function createCommands(parts: CommandsParts): Promise<Commands> {
  const { host, settings, guard, workspace } = parts;
  const server = await argocdServer(settings, host);
  const specs = { kubectl, helm, istioctl, argocd: argocd(server === undefined ? 'core' : 'server') };
  const securityRules: SecurityRules =
    settings.securityConfig === undefined
      ? new Map()
      : await readSecurityRules(expandHome(settings.securityConfig, host.home), specs);
  const lines = createCommandLines(specs, parseFilter);
  const programs = createChildPrograms({
    search: { path: host.env['PATH'], extraDirs: usualProgramDirs(host.home) },
    paths: programPaths(settings, host),
    specs,
  });
  const repositories = chartHosts(settings.helmRepoAllow ?? []);
  const calls = createCommandCalls({
    ...parts,
    repositories,
    argocd: server,
    argocdNamespace: settings.argocdNamespace,
  });
  const { commandTimeout, maxOutput, commandConcurrency: concurrency } = settings;
  const runner = createCommandRunner({
    programs,
    workspace,
    guard,
    prepareFiles,
    runFilters,
    limits: { timeoutMs: commandTimeout * 1000, maxOutput, concurrency, queue: concurrency * QUEUE_FACTOR },
    timeZone: host.env['TZ'],
    extraEnvironment: (tool: CliTool) => (tool === 'argocd' ? (server?.environment ?? {}) : {}),
  });
  return {
    parse(input) {
      refusePlatform();
      const command = lines.parse(input);
      const refused = checkRules(securityRules, command);
      if (refused !== undefined) throw refused;
      requireChartHosts(command.hosts, repositories);
      return command;
    },
    async run(command, run, target) {
      refuseCallersArgocd(command, target.cluster.connection.context, server !== undefined);
      if (command.filters.length > 0) warmFilters();
      const call = await calls.open(command, run, target);
      const response = await runner.run(command, run.input, call);
      // The same error as from a tool that runs no program: nothing was ever asked.
      const refusal = call.turnedAway();
      if (refusal !== undefined) throw refusal;
      return response;
    },
    status: createToolStatus({ programs, specs, workspace }),
    async close() {
      await runner.close();
      await closeFilters();
    },
  };
}

function refusePlatform(): void {
  if (process.platform !== 'win32') return;
  throw new AppError('unsupported', 'kubectl, helm, istioctl and argocd do not run on Windows here.', {
    remedy: 'Use the other tools, or run k8s-mcp in WSL or on a server.',
  });
}
