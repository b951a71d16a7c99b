/** Flags that many kubectl commands share, as version 1.36 has them. */
import { flag, refusedFlags, SCOPE, switches, values } from './flags.ts';
import type { FlagSpec } from './spec.ts';

/** Commands that print objects. */
export const PRINT: readonly FlagSpec[] = [
  flag('output,o', 'value', { role: 'output' }),
  ...values('template'),
  ...switches('allow-missing-template-keys', 'show-managed-fields'),
];

export const FILENAME: readonly FlagSpec[] = [flag('filename,f', 'value', { role: 'folder' })];

export const KUSTOMIZE: readonly FlagSpec[] = [flag('kustomize,k', 'value', { role: 'folder', noStdin: true })];

/** Commands that take objects from files. */
export const FILES: readonly FlagSpec[] = [...FILENAME, ...KUSTOMIZE, ...switches('recursive,R')];

export const SELECTOR: readonly FlagSpec[] = [flag('selector,l', 'value', { role: 'selector' })];

export const FIELD_SELECTOR: readonly FlagSpec[] = values('field-selector');

export const ALL_NAMESPACES: readonly FlagSpec[] = [flag('all-namespaces,A', 'switch', { role: 'all-namespaces' })];

export const DRY_RUN: readonly FlagSpec[] = [
  flag('dry-run', 'optional', { role: 'dry-run', values: ['none', 'client', 'server'] }),
];

export const VALIDATE: readonly FlagSpec[] = [flag('validate', 'optional')];

export const FIELD_MANAGER: readonly FlagSpec[] = values('field-manager');

export const SAVE_CONFIG: readonly FlagSpec[] = switches('save-config');

/** Commands that delete. */
export const DELETION: readonly FlagSpec[] = [
  flag('cascade', 'optional', { values: ['background', 'orphan', 'foreground'] }),
  ...switches('force', 'wait'),
  ...values('grace-period', 'timeout'),
];

export const NO_TERMINAL = 'There is no terminal here: leave the flag out, and give the command to run after `--`.';

/** Commands that can be attached to. */
export const INTERACTIVE: readonly FlagSpec[] = refusedFlags(NO_TERMINAL, 'switch', 'tty,t');

/** Of every command. */
export const GLOBAL: readonly FlagSpec[] = [
  ...SCOPE,
  flag('as-user-extra', 'value', { role: 'impersonate' }),
  flag('v,v', 'value', {
    values: ['0', '1', '2', '3', '4', '5', '6'],
    otherwise: 'Above 6 it prints requests with their headers and bodies. Use -v=6 at most.',
  }),
  ...switches('disable-compression', 'match-server-version', 'warnings-as-errors'),
  ...values('request-timeout'),
  ...refusedFlags(
    'The cluster and its credentials come from the kubeconfig of the call: choose with the argument `context`, or give another `kubeconfig`.',
    'value',
    'kubeconfig',
    'server,s',
    'token',
    'user',
    'cluster',
    'username',
    'password',
    'client-certificate',
    'client-key',
    'certificate-authority',
    'tls-server-name',
  ),
  ...refusedFlags(
    'Certificates are always checked. Give the right `certificate-authority-data` in the kubeconfig.',
    'switch',
    'insecure-skip-tls-verify',
  ),
  ...refusedFlags(
    'It names files of the server, or changes how the tool works there. Leave it out.',
    'value',
    'cache-dir',
    'kuberc',
    'profile',
    'profile-output',
    'log-flush-frequency',
    'vmodule',
  ),
];
