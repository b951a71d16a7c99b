/** Flags that many argocd commands share, as version 3.2 has them. */
import { flag, refusedFlags, switches, values } from './flags.ts';
import type { Draft, FlagSpec } from './spec.ts';

/**
 * `core`: argocd runs Argo CD's API server inside itself and asks the cluster only. `server`: it asks the server that the
 * operator named, with the operator's token.
 */
export type ArgocdMode = 'core' | 'server';

const SERVER_IS_GIVEN =
  'Which Argo CD is asked is for the operator to set: K8S_MCP_ARGOCD_SERVER, or without it the cluster itself (--core). Leave it out.';

/** Names of parts of Argo CD; each becomes a label selector for the pod whose port is forwarded. */
const PARTS = ['controller-name', 'redis-haproxy-name', 'redis-name', 'repo-server-name', 'server-name'];

export function global(mode: ArgocdMode): readonly FlagSpec[] {
  const other = mode === 'server' ? SERVER_IS_GIVEN : undefined;
  return [
    flag('core', 'switch', other === undefined ? { values: ['true'], otherwise: SERVER_IS_GIVEN } : { refused: other }),
    flag('kube-context', 'value', other === undefined ? { role: 'context' } : { refused: other }),
    ...switches('prompts-enabled'),
    ...values('http-retry-max', 'logformat', 'loglevel', 'redis-compress', ...PARTS),
    ...refusedFlags(
      SERVER_IS_GIVEN,
      'value',
      'argocd-context',
      'auth-token',
      'client-crt',
      'client-crt-key',
      'config',
      'grpc-web-root-path',
      'header,H',
      'port-forward-namespace',
      'server',
      'server-crt',
    ),
    ...refusedFlags(SERVER_IS_GIVEN, 'switch', 'grpc-web', 'insecure', 'plaintext', 'port-forward'),
  ];
}

/** A name with a comma or an operator would select other pods. */
export function checkParts(draft: Draft): string | undefined {
  const wrong = PARTS.find((name) => !/^[a-z0-9.-]*$/.test(draft.flag(name) ?? ''));
  return wrong === undefined ? undefined : `--${wrong} takes a name: lower-case letters, digits, dots and dashes.`;
}

export const APP_NAMESPACE: readonly FlagSpec[] = [flag('app-namespace,N', 'value', { role: 'namespace' })];

export const OUTPUT: readonly FlagSpec[] = values('output,o');

export const SELECTOR: readonly FlagSpec[] = [flag('selector,l', 'value', { role: 'selector' })];

/** One resource of an application. */
export const RESOURCE: readonly FlagSpec[] = values('group', 'kind', 'namespace', 'resource-name');

const NO_LOCAL =
  'It would render files of the server with programs there. Push the change and use --revision, or render with `helm template`.';

export const LOCAL: readonly FlagSpec[] = refusedFlags(NO_LOCAL, 'value', 'local', 'local-repo-root');

export const LOCAL_DIFF: readonly FlagSpec[] = [
  ...LOCAL,
  ...refusedFlags(NO_LOCAL, 'value', 'local-include'),
  ...refusedFlags(NO_LOCAL, 'switch', 'server-side-generate'),
];

/** Which of several sources, and at which revision. */
export const REVISIONS: readonly FlagSpec[] = values('revision', 'revisions', 'source-names', 'source-positions');

/** What an application is made from. */
export const SOURCE: readonly FlagSpec[] = [
  ...APP_NAMESPACE,
  ...switches('allow-empty', 'auto-prune', 'directory-recurse', 'helm-pass-credentials', 'helm-skip-crds'),
  ...switches('helm-skip-schema-validation', 'helm-skip-tests', 'ignore-missing-components'),
  ...switches('ignore-missing-value-files', 'kustomize-force-common-annotation', 'kustomize-force-common-label'),
  ...switches('kustomize-label-include-templates', 'kustomize-label-without-selector', 'self-heal'),
  ...switches('sync-retry-refresh', 'validate'),
  ...values('config-management-plugin', 'dest-name', 'dest-namespace', 'dest-server', 'directory-exclude'),
  ...values('directory-include', 'dry-source-path', 'dry-source-repo', 'dry-source-revision', 'env'),
  // Of the application's repository, not of this server: --helm-set-file, --values, --jsonnet-libs, --path.
  ...values('helm-api-versions', 'helm-chart', 'helm-kube-version', 'helm-namespace', 'helm-set', 'helm-set-file'),
  ...values('helm-set-string', 'helm-version', 'hydrate-to-branch', 'jsonnet-ext-var-code', 'jsonnet-ext-var-str'),
  ...values('jsonnet-libs', 'jsonnet-tla-code', 'jsonnet-tla-str', 'kustomize-api-versions'),
  ...values('kustomize-common-annotation', 'kustomize-common-label', 'kustomize-image', 'kustomize-kube-version'),
  ...values('kustomize-namespace', 'kustomize-replica', 'kustomize-version', 'nameprefix', 'namesuffix'),
  ...values('parameter,p', 'path', 'plugin-env', 'project', 'ref', 'release-name', 'repo', 'revision'),
  ...values('revision-history-limit', 'source-name', 'sync-option', 'sync-policy', 'sync-retry-backoff-duration'),
  ...values('sync-retry-backoff-factor', 'sync-retry-backoff-max-duration', 'sync-retry-limit'),
  ...values('sync-source-branch', 'sync-source-path', 'values'),
  flag('values-literal-file', 'value', { role: 'file', noStdin: true }),
];
