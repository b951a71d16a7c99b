import type { Gate } from '../../kernel/vocabulary.ts';
import { APP_COMMANDS, type ArgocdCommand, refuseGenerators } from './argocd-apps.ts';
import { type ArgocdMode, checkParts, global, OUTPUT } from './argocd-flags.ts';
import { SETTINGS_COMMANDS } from './argocd-settings.ts';
import { flag, isOn, refusedFlags, switches } from './flags.ts';
import type { BinarySpec, CommandSpec } from './spec.ts';

/** Ports of the repo server and of redis are forwarded. All other commands open one as well, and get by with one that leads nowhere. */
const PORT_FORWARD: readonly Gate[] = ['exec'];

const KUBECTL_FLAGS =
  'The cluster and its credentials come from the kubeconfig of the call: choose with the argument `context`. Leave it out.';

const VERSION: CommandSpec = {
  words: ['version'],
  effect: (draft) => (isOn(draft, 'client') ? 'local' : 'read'),
  positionals: 'none',
  flags: [
    ...OUTPUT,
    ...switches('client', 'short', 'disable-compression'),
    flag('context', 'value', { refused: 'Use --kube-context, or the argument `context`.' }),
    ...refusedFlags(
      KUBECTL_FLAGS,
      'value',
      'as',
      'as-group',
      'as-uid',
      'certificate-authority',
      'client-certificate',
      'client-key',
      'cluster',
      'kubeconfig',
      'namespace,n',
      'password',
      'proxy-url',
      'request-timeout',
      'tls-server-name',
      'token',
      'user',
      'username',
    ),
    ...refusedFlags(KUBECTL_FLAGS, 'switch', 'insecure-skip-tls-verify'),
  ],
};

/** A command as it is with --core: refused with its reason, or with the gate for the parts of Argo CD that it asks. */
function inCoreMode({ inCore, asksParts, ...command }: ArgocdCommand): CommandSpec {
  if (inCore !== undefined) return { words: command.words, aliases: command.aliases ?? [], refused: inCore };
  if (command.refused !== undefined) return command;
  const { gates = [], check } = command;
  return {
    ...command,
    check: (draft) => checkParts(draft) ?? refuseGenerators(draft) ?? check?.(draft),
    gates: (draft) => {
      const own = typeof gates === 'function' ? gates(draft) : gates;
      return asksParts?.(draft) === true ? [...own, ...PORT_FORWARD] : own;
    },
  };
}

function onServer({ inCore: _, asksParts: __, ...command }: ArgocdCommand): CommandSpec {
  return command.refused === undefined
    ? { ...command, check: (draft) => checkParts(draft) ?? command.check?.(draft) }
    : command;
}

/** argocd 3.2. Its plugins are not there: an unknown word is a mistake. */
export function argocd(mode: ArgocdMode): BinarySpec {
  return {
    name: 'argocd',
    description: 'The tool of Argo CD: lists, compares, syncs and rolls back applications.',
    versionArgs: ['version', '--client', '--short'],
    version: (output) => /v\d[\w.+-]{0,60}/.exec(output)?.[0],
    install:
      'Install argocd from https://argo-cd.readthedocs.io/en/stable/cli_installation/ and put it on PATH, or set K8S_MCP_ARGOCD_PATH.',
    globalFlags: global(mode),
    commands: [...APP_COMMANDS, ...SETTINGS_COMMANDS, VERSION].map(mode === 'core' ? inCoreMode : onServer),
    underscoresAreDashes: false,
    always: mode === 'core' ? ['--core'] : [],
  };
}
