/** kubectl commands that reach into workloads, or that are never run. */
import { flag, isOn, switches, values } from './flags.ts';
import { FILENAME, INTERACTIVE } from './kubectl-flags.ts';
import type { CommandSpec, Draft } from './spec.ts';

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'fish', 'csh', 'tcsh', 'pwsh']);

const EXEC: CommandSpec = {
  words: ['exec'],
  effect: 'write',
  gates: ['exec'],
  trailing: 'command',
  check: checkExec,
  flags: [
    ...FILENAME,
    ...switches('quiet,q'),
    ...values('container,c', 'pod-running-timeout'),
    flag('stdin,i', 'switch', { role: 'stdin' }),
    ...INTERACTIVE,
  ],
};

function checkExec(draft: Draft): string | { refused: string } | undefined {
  const [program, ...args] = draft.trailing ?? [];
  if (program === undefined) return '`kubectl exec` needs its command after `--`: kubectl exec pod -- ls /tmp';
  if (draft.positionals.length > 1) return '`kubectl exec` takes one pod before `--`; the command stands after it';
  const bare = SHELLS.has(program.slice(program.lastIndexOf('/') + 1)) && args.every((arg) => /^-[il]+$/.test(arg));
  if (!bare || isOn(draft, 'stdin')) return undefined;
  return { refused: "A shell without a command waits for a terminal. Write what it shall do: -- sh -c 'ls /tmp; id'." };
}

const NEVER: Readonly<Record<string, string>> = {
  attach:
    'It waits on a terminal. Read what a container printed with `kubectl logs`; run something in it with `kubectl exec pod -- command`.',
  'port-forward':
    'It would open a port of the server. Reach an endpoint with `kubectl get --raw=/api/v1/namespaces/NS/services/NAME:PORT/proxy/PATH`, or with `kubectl exec`.',
  proxy: 'It would open a port of the server. Ask the API by `kubectl get --raw=/path`.',
  cp: 'It reads and writes files of the server. Print a file with `kubectl exec pod -- cat /path`; bring one in with a ConfigMap.',
  plugin: 'Plugins are programs of the server. Use the commands of kubectl itself: `kubectl --help`.',
  kuberc: 'It changes how kubectl works on the server. Write the flags out.',
  completion: 'It prints a script for a shell. Use `kubectl --help`.',
  options: 'Global flags are set by the call. Use `kubectl COMMAND --help`.',
  alpha: 'It has no commands in this version. Use `kubectl --help`.',
};

export const REACH_COMMANDS: readonly CommandSpec[] = [
  EXEC,
  ...Object.entries(NEVER).map(([word, refused]): CommandSpec => ({ words: [word], refused })),
];
