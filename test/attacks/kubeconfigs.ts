import { ALLOWED_PROGRAMS } from './kubeconfig-allowed-programs.ts';
import type { KubeconfigAttack } from './kubeconfig-parts.ts';
import { PROGRAMS } from './kubeconfig-programs.ts';
import { REBINDING, SERVERS } from './kubeconfig-servers.ts';
import { TEXTS } from './kubeconfig-texts.ts';
import { FILES, WAYS } from './kubeconfig-ways.ts';

/** Kubeconfigs that callers must not get through, as data, each with the literal code and field of its refusal. */
export const KUBECONFIG_ATTACKS: readonly KubeconfigAttack[] = [
  ...PROGRAMS,
  ...ALLOWED_PROGRAMS,
  ...FILES,
  ...WAYS,
  ...SERVERS,
  ...REBINDING,
  ...TEXTS,
];
