import type { Settings } from '../config/table.ts';
import type { CommandInput, ParsedCommand, ToolStatus } from '../exec/types.ts';
import { createWorkspace } from '../exec/workspace.ts';
import { AppError } from '../kernel/errors.ts';
import type { Commands, CommandsParts } from './commands.ts';
import type { RunCommand } from './open-cluster.ts';
import { programPaths } from './program-paths.ts';

/** The CLI tools, of which nothing is loaded before it is needed. */
export interface LazyCommands {
  parse(input: CommandInput): Promise<ParsedCommand>;
  run: RunCommand;
  status(): Promise<Record<string, ToolStatus>>;
  /** Ports of ours that no caller's kubeconfig may point at. */
  ports(): readonly number[];
  close(): Promise<void>;
}

type LazyParts = Omit<CommandsParts, 'guard' | 'workspace'>;

/**
 * The code of the CLI tools is a quarter of all, and many a server never runs one: it is loaded with the first command.
 * What the operator set is read at start all the same, and what a killed server left behind is cleared up.
 */
export async function lazyCommands(parts: LazyParts): Promise<LazyCommands> {
  const { host, settings, log } = parts;
  const workspace = createWorkspace({
    places: { runtimeDir: host.env['XDG_RUNTIME_DIR'] },
    onProblem: (message) => log.warn(message),
  });
  await workspace.sweep();
  programPaths(settings, host);
  let loading: Promise<Loaded> | undefined;
  let loaded: Loaded | undefined;
  let closed = false;
  const load = (): Promise<Loaded> => {
    if (closed) throw new AppError('cancelled', 'The server is shutting down.');
    loading ??= loadCommands({ ...parts, workspace }).then(
      (all) => {
        loaded = all;
        return all;
      },
      (thrown: unknown) => {
        // The command that waits for it tells why; the next one tries again.
        loading = undefined;
        throw thrown;
      },
    );
    return loading;
  };
  if (isConfigured(settings)) await load();
  return {
    parse: async (input) => (await load()).commands.parse(input),
    run: async (command, run, target) => (await load()).commands.run(command, run, target),
    status: async () => (await load()).commands.status(),
    ports: () => loaded?.guard.ports() ?? [],
    async close() {
      closed = true;
      const all = await loading?.catch(() => undefined);
      await all?.commands.close();
      await all?.guard.close();
      workspace.close();
    },
  };
}

interface Loaded {
  commands: Commands;
  guard: CommandsParts['guard'];
}

async function loadCommands(parts: Omit<CommandsParts, 'guard'>): Promise<Loaded> {
  const [{ createCommands }, { createGuardListener }] = await Promise.all([
    import('./commands.ts'),
    import('../exec/guard/listener.ts'),
  ]);
  const guard = createGuardListener();
  return { guard, commands: await createCommands({ ...parts, guard }) };
}

/** Settings whose mistakes are to end the start, and not the first command. */
function isConfigured({ securityConfig, argocdServer, argocdTokenFile, helmRepoAllow }: Settings): boolean {
  return [securityConfig, argocdServer, argocdTokenFile, helmRepoAllow].some((setting) => setting !== undefined);
}
