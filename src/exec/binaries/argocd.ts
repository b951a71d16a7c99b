import type { Gate } from '../../kernel/vocabulary.ts';
import { APP_COMMANDS, type ArgocdCommand, refuseGenerators } from './argocd-apps.ts';
import { type ArgocdMode, checkParts, global, OUTPUT } from './argocd-flags.ts';
import { SETTINGS_COMMANDS } from './argocd-settings.ts';
import { flag, isOn, refusedFlags, switches } from './flags.ts';
import type { BinarySpec, CommandSpec, Draft } from './spec.ts';

/**
 * With --core every command that asks anything first forwards a port of the repo server, before it knows whether it needs one:
 * refused that, it fails.
 */
const CORE_GATES: readonly Gate[] = ['exec'];

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

/** A command as it is with --core: refused with its reason, or with the gates that core needs. */
function inCoreMode({ inCore, ...command }: ArgocdCommand): CommandSpec {
  if (inCore !== undefined) return { words: command.words, aliases: command.aliases ?? [], refused: inCore };
  if (command.refused !== undefined) return command;
  const { gates = [], effect, check } = command;
  return {
    ...command,
    check: (draft) => checkParts(draft) ?? refuseGenerators(draft) ?? check?.(draft),
    gates: (draft) => {
      const own = typeof gates === 'function' ? gates(draft) : gates;
      return isLocal(effect, draft) ? own : [...own, ...CORE_GATES];
    },
  };
}

function isLocal(effect: CommandSpec['effect'], draft: Draft): boolean {
  return (typeof effect === 'function' ? effect(draft) : effect) === 'local';
}

function onServer({ inCore: _, ...command }: ArgocdCommand): CommandSpec {
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
