import { type HostPattern, parseHostPattern } from '../../kernel/address.ts';
import { AppError } from '../../kernel/errors.ts';
import { EXEC_SHAPES } from './exec-shapes.ts';

/** What the operator lets callers' kubeconfigs do. */
export interface RequestKubeconfigRules {
  /** Plugins that may run, by bare name. */
  execAllow: ReadonlySet<string>;
  /** undefined: every server but the ones that are always denied. */
  serverAllow: readonly HostPattern[] | undefined;
  /** Wins over allow. */
  serverDeny: readonly HostPattern[];
  /** We are reached from other machines: ours is not the caller's, so that loopback is denied. */
  beyondLoopback: boolean;
  /** Hand the operator's cloud variables to plugins. */
  cloudEnv: boolean;
}

export interface RequestKubeconfigSettings {
  kubeconfigExecAllow: readonly string[] | undefined;
  kubeconfigServerAllow: readonly string[] | undefined;
  kubeconfigServerDeny: readonly string[] | undefined;
  cloudEnv: boolean;
}

/** Throws `invalid_argument` for a name or pattern that means nothing: a rule that binds nothing would leave open what it should close. */
export function requestKubeconfigRules(
  settings: RequestKubeconfigSettings,
  { beyondLoopback }: { beyondLoopback: boolean },
): RequestKubeconfigRules {
  const { kubeconfigExecAllow: exec = [], kubeconfigServerAllow: allow, kubeconfigServerDeny: deny = [] } = settings;
  const unknown = exec.filter((name) => !Object.hasOwn(EXEC_SHAPES, name));
  if (unknown.length > 0) {
    throw new AppError('invalid_argument', `--kubeconfig-exec-allow names plugins that are not known: ${unknown}.`, {
      candidates: Object.keys(EXEC_SHAPES),
      remedy: 'Name the plugins that callers may use, from the ones that are known.',
    });
  }
  return {
    execAllow: new Set(exec),
    serverAllow: allow?.map((text) => pattern('--kubeconfig-server-allow', text)),
    serverDeny: deny.map((text) => pattern('--kubeconfig-server-deny', text)),
    beyondLoopback,
    cloudEnv: settings.cloudEnv,
  };
}

function pattern(flag: string, text: string): HostPattern {
  const parsed = parseHostPattern(text);
  if (parsed !== undefined) return parsed;
  throw new AppError(
    'invalid_argument',
    `${flag}: ${JSON.stringify(text.slice(0, 80))} is no host, *.domain or CIDR.`,
    {
      remedy: 'Write host names, addresses, *.domain or networks such as 10.0.0.0/8, with commas between them.',
    },
  );
}

/** For `doctor`: what callers' kubeconfigs may do, a line each. */
export function describeRequestRules(rules: RequestKubeconfigRules): string[] {
  const { execAllow, serverAllow, serverDeny, beyondLoopback, cloudEnv } = rules;
  const exec = [...execAllow].sort().join(', ');
  return [
    exec === ''
      ? 'credential programs: none (--kubeconfig-exec-allow)'
      : serverAllow === undefined
        ? `credential programs: none, because --kubeconfig-server-allow is not set (allowed by name: ${exec})`
        : `credential programs: ${exec}${cloudEnv ? ', with the cloud variables of this server' : ', without cloud variables (--cloud-env)'}`,
    serverAllow === undefined
      ? 'servers: all but link-local, metadata and reserved addresses'
      : `servers: the ${serverAllow.length} patterns of --kubeconfig-server-allow`,
    `servers denied besides: ${serverDeny.length} patterns of --kubeconfig-server-deny, this server's own ports${beyondLoopback ? ', loopback' : ''}`,
  ];
}
