/** Flags that many istioctl commands share, as version 1.31 has them. */
import { flag, refusedFlags, SCOPE, switches, values } from './flags.ts';
import type { Draft, FlagSpec } from './spec.ts';

const CLUSTER_IS_GIVEN =
  'The cluster and its credentials come from the kubeconfig of the call: choose with the argument `context`, or give another `kubeconfig`.';

/** Of every command. */
export const GLOBAL: readonly FlagSpec[] = [
  ...SCOPE,
  flag('vklog', 'value', {
    values: ['0', '1', '2', '3', '4', '5', '6'],
    otherwise: 'Above 6 it prints requests with their headers and bodies. Use --vklog=6 at most.',
  }),
  ...values('istioNamespace,i', 'kubeclient-timeout'),
  ...refusedFlags(CLUSTER_IS_GIVEN, 'value', 'kubeconfig,c'),
];

export const REVISION: readonly FlagSpec[] = values('revision,r');

export function output(...forms: readonly string[]): FlagSpec {
  return flag('output,o', 'value', { values: forms });
}

const FOUND_BY_ITSELF =
  'istiod is found in the cluster, with its own certificate. Choose it with --revision, --xds-label or --istioNamespace.';

/** Commands that ask istiod by its own protocol. */
export const XDS: readonly FlagSpec[] = [
  ...values('timeout', 'xds-label', 'xds-port'),
  ...refusedFlags(FOUND_BY_ITSELF, 'value', 'xds-address', 'cert-dir', 'authority'),
  ...refusedFlags(FOUND_BY_ITSELF, 'switch', 'insecure', 'plaintext'),
];

const NO_CHARTS_OF_THE_SERVER =
  'It names a folder or URL with charts. Use the charts that istioctl brings with it, and change them with --set or -f.';

/** Commands that render Istio from an IstioOperator. What its files hold is looked at by files/istio-operator.ts. */
export const OPERATOR: readonly FlagSpec[] = [
  ...REVISION,
  ...values('set,s'),
  ...switches('dry-run', 'force'),
  ...refusedFlags(NO_CHARTS_OF_THE_SERVER, 'value', 'manifests,d'),
];

/** `--set installPackagePath=` is --manifests by another name; letters are compared without case, dots and brackets. */
export function refuseCharts({ flags }: Draft): { refused: string } | undefined {
  const names = flags.filter(({ name }) => name === 'set').map(({ value = '' }) => value.replaceAll(/[^A-Za-z=]/g, ''));
  return names.some((name) => /installpackagepath/i.test(name)) ? { refused: NO_CHARTS_OF_THE_SERVER } : undefined;
}

/** Without a terminal the question is never answered. */
export const YES: readonly FlagSpec[] = switches('skip-confirmation,y');
