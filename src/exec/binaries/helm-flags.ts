/** Flags that many helm commands share, as version 3.21 has them. */
import { flag, refusedFlags, switches, values } from './flags.ts';
import type { FlagSpec } from './spec.ts';

/** Commands that print a table or an object. */
export const PRINT: readonly FlagSpec[] = [flag('output,o', 'value', { values: ['table', 'json', 'yaml'] })];

export const NO_CREDENTIALS =
  'No credentials or certificates of repositories are taken: use one that is open to this server, or give the chart in `files`.';

export const NO_PLAIN =
  'Certificates of repositories are always checked, and plain HTTP is not used: give an https or oci URL.';

const NO_KEYS = 'There is no keyring here. Check the signature where the keys are, and give the chart in `files`.';

/** Commands that may fetch a chart. */
export const REPOSITORY: readonly FlagSpec[] = [
  flag('repo', 'value', { role: 'repository' }),
  ...values('version'),
  ...switches('devel'),
  ...refusedFlags(NO_CREDENTIALS, 'value', 'username', 'password', 'cert-file', 'key-file', 'ca-file'),
  ...refusedFlags(NO_CREDENTIALS, 'switch', 'pass-credentials'),
  ...refusedFlags(NO_PLAIN, 'switch', 'insecure-skip-tls-verify', 'plain-http'),
  ...refusedFlags(NO_KEYS, 'value', 'keyring'),
  ...refusedFlags(NO_KEYS, 'switch', 'verify'),
];

/** Values of a chart. */
export const VALUES: readonly FlagSpec[] = [
  flag('values,f', 'value', { role: 'file' }),
  flag('set-file', 'value', { role: 'keyed-file' }),
  ...values('set', 'set-json', 'set-literal', 'set-string'),
  ...switches('skip-schema-validation'),
];

const NO_PROGRAMS =
  'It runs a program on the server. Change what the chart makes with values, or render with `helm template` and edit the result.';

export const NO_FETCHED_PARTS =
  'It fetches charts that nobody has looked at. Give the subcharts in `files`, as folders or archives under charts/.';

/** Commands that render a chart: install, upgrade, template. */
export const RENDER: readonly FlagSpec[] = [
  ...REPOSITORY,
  ...VALUES,
  flag('dry-run', 'optional', { role: 'dry-run', values: ['none', 'client', 'server', 'true', 'false'] }),
  ...switches('atomic', 'create-namespace', 'disable-openapi-validation', 'force', 'hide-notes', 'no-hooks'),
  ...switches('render-subchart-notes', 'skip-crds', 'take-ownership', 'wait', 'wait-for-jobs'),
  ...values('description', 'labels,l', 'timeout'),
  ...refusedFlags(NO_PROGRAMS, 'value', 'post-renderer', 'post-renderer-args'),
  ...refusedFlags(NO_FETCHED_PARTS, 'switch', 'dependency-update'),
  ...refusedFlags(
    'Templates would ask name servers from this machine. Put the addresses into values.',
    'switch',
    'enable-dns',
  ),
];

const CLUSTER_IS_GIVEN =
  'The cluster and its credentials come from the kubeconfig of the call: choose with the argument `context`, or give another `kubeconfig`.';

const OWN_FILES = 'It names files of the server, and nothing is kept between calls. Leave it out.';

/** Of every command. */
export const GLOBAL: readonly FlagSpec[] = [
  flag('namespace,n', 'value', { role: 'namespace' }),
  flag('kube-context', 'value', { role: 'context' }),
  flag('kube-as-user', 'value', { role: 'impersonate' }),
  flag('kube-as-group', 'value', { role: 'impersonate' }),
  ...switches('debug'),
  ...values('burst-limit', 'qps'),
  ...refusedFlags(
    CLUSTER_IS_GIVEN,
    'value',
    'kubeconfig',
    'kube-apiserver',
    'kube-token',
    'kube-ca-file',
    'kube-tls-server-name',
  ),
  ...refusedFlags(CLUSTER_IS_GIVEN, 'switch', 'kube-insecure-skip-tls-verify'),
  ...refusedFlags(OWN_FILES, 'value', 'registry-config', 'repository-cache', 'repository-config'),
];
