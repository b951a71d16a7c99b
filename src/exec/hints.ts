import type { CliTool, ParsedCommand } from './types.ts';

interface HintRule {
  /** In what the tool said on stderr; lower case. */
  says: readonly string[];
  /** Default: all tools. */
  tools?: readonly CliTool[];
  hint: string | ((command: ParsedCommand) => string);
}

/** Read before the last of a long stderr. */
const LOOKED_AT = 20_000;
const LOOKED_AT_FIRST = 2000;

/** The first that fits counts: the special before the general. */
const RULES: readonly HintRule[] = [
  {
    says: ['redacted value', 'redaction marker'],
    hint: 'The input holds values that this server hid. Leave out these fields, or send the real values.',
  },
  {
    // Whichever of its allocations is the one too many.
    says: [
      'fatal error: runtime: out of memory',
      'fatal error: out of memory',
      'cannot allocate memory',
      'pthread_create failed',
    ],
    hint: 'It needed more memory than a command may have (2 GiB). Ask for less: one namespace, a selector, a chart without endless loops.',
  },
  {
    says: ['x509:', 'certificate signed by unknown authority', 'certificate has expired', 'tls: failed to verify'],
    hint: "The cluster's certificate was not accepted: check certificate-authority-data and the server address of the kubeconfig.",
  },
  {
    says: ['you must be logged in', 'unauthorized', 'the server has asked for the client to provide credentials'],
    hint: 'The cluster did not accept the credentials: they are wrong or have expired. Renew them, or send a new kubeconfig.',
  },
  {
    says: [
      'invalid kubeconfig',
      'no configuration has been provided',
      'no context exists with the name',
      'invalid configuration',
    ],
    hint: 'Send a kubeconfig (X-Kubeconfig, or the field kubeconfig: base64) with inline credentials, or name one of its contexts with `context`.',
  },
  {
    says: ['error: you must specify the type of resource', 'error: required resource not specified'],
    tools: ['kubectl'],
    hint: 'Name a kind, for instance `kubectl get pods`; the tool get_api_resources lists all.',
  },
  {
    says: ["the server doesn't have a resource type"],
    tools: ['kubectl'],
    hint: 'This kind is not served here. The tool get_api_resources lists the kinds of this cluster.',
  },
  {
    says: ['no matches for kind', 'ensure crds are installed first'],
    hint: 'The cluster does not serve this kind in this version: install its CRD first, or change apiVersion. get_api_resources lists what is served.',
  },
  {
    says: [
      'cannot list resource',
      'cannot get resource',
      'cannot create resource',
      'cannot patch resource',
      'cannot delete resource',
      'cannot watch resource',
    ],
    hint: 'RBAC of the cluster does not allow it to this identity: stay in a namespace that it may read, or ask for a role. `kubectl auth can-i --list` shows what it may do.',
  },
  {
    // Its word for what is not there, lest anybody learn what is.
    says: ['code = permissiondenied desc = permission denied'],
    tools: ['argocd'],
    hint: 'There is no such application or project, or it may not be read: `argocd app list` shows those that may.',
  },
  {
    says: ['is forbidden', '(forbidden)', 'permissiondenied', 'permission denied'],
    hint: 'It is not allowed: the message says by whom. `kubectl auth can-i --list` shows what this identity may do.',
  },
  {
    says: ['metrics api not available', 'unable to fetch metrics', 'metrics not available yet'],
    tools: ['kubectl'],
    hint: 'The cluster has no metrics-server, or it has no numbers yet: `top` cannot work without it.',
  },
  {
    says: ['release: not found', 'has no deployed releases'],
    tools: ['helm'],
    hint: 'There is no such release in this namespace: `helm list --all-namespaces --all` shows all of them.',
  },
  {
    says: ['cannot re-use a name that is still in use'],
    tools: ['helm'],
    hint: 'The release is there already: use `helm upgrade`, or `helm upgrade --install`.',
  },
  {
    says: ['another operation (install/upgrade/rollback) is in progress'],
    tools: ['helm'],
    hint: 'An earlier operation did not end: `helm history` shows it; `helm rollback` to the last good revision clears it.',
  },
  {
    says: ['invalid ownership metadata', 'exists and cannot be imported into the current release'],
    tools: ['helm'],
    hint: 'An object of that name belongs to another release, or to none: choose another release name, or remove the object.',
  },
  {
    says: [
      'helm repo',
      'error: repo ',
      'no repositories',
      'repo not found',
      'no cached repo found',
      'non-absolute urls should be in form',
    ],
    tools: ['helm'],
    hint: 'Repositories cannot be added here: give the chart in `files` (a .tgz as base64), or its address, if the operator allows the host (K8S_MCP_HELM_REPO_ALLOW).',
  },
  {
    says: ['egress proxy'],
    hint: 'Commands reach the cluster only, and the chart hosts of K8S_MCP_HELM_REPO_ALLOW. Send what is needed in `files`.',
  },
  {
    says: ['analyzers found issues when analyzing'],
    tools: ['istioctl'],
    hint: 'It ran to its end: analyze says by its exit code that it found something, and the findings are its answer.',
  },
  {
    says: ['unable to find any istiod', 'no running istio pods', 'istiod is not running', 'no istio pods'],
    tools: ['istioctl'],
    hint: 'Istio does not run in this cluster, or in another namespace: name it with --istioNamespace.',
  },
  {
    says: ['cannot find ready pod with selector', 'argocd-repo-server', 'argocd-cm', 'argocd-secret'],
    tools: ['argocd'],
    hint: 'Argo CD was looked for where the operator says that it is (K8S_MCP_ARGOCD_NAMESPACE), and is not there or not ready: `kubectl get pods -A -l app.kubernetes.io/part-of=argocd` shows where it runs.',
  },
  {
    says: ['error getting cached app'],
    tools: ['argocd'],
    hint: "Argo CD's cache (redis) could not be reached; `argocd app get` and `app list` work without it.",
  },
  {
    says: ['context deadline exceeded', 'timed out waiting for the condition', 'i/o timeout'],
    hint: 'It did not happen in time. See what holds it up (`kubectl get events`, `kubectl describe`), then wait again.',
  },
  {
    says: [
      'unable to connect to the server',
      'connection refused',
      'no such host',
      'no route to host',
      'kubernetes cluster unreachable',
    ],
    hint: 'The cluster cannot be reached from this server: check the server address of the kubeconfig, and whether the cluster runs.',
  },
  {
    says: ['(notfound)', '" not found'],
    hint: ({ namespace, allNamespaces }) =>
      namespace === undefined && !allNamespaces
        ? 'It is not there under this name in the default namespace: give `namespace`, or list with -A.'
        : 'It is not there under this name: list the kind to see the names, and check the namespace.',
  },
  {
    says: ['field is immutable', 'may not be changed', 'forbidden: updates to'],
    hint: 'A field cannot be changed on a living object: it has to be deleted and made anew.',
  },
  {
    says: ['the object has been modified', '(conflict)', 'conflicts with'],
    hint: 'Somebody else changed it meanwhile: read it again and repeat the change.',
  },
  {
    says: ['unknown flag', 'unknown shorthand flag', 'unknown command'],
    hint: 'The installed version of the tool does not know it: GET /tools/status says which version this is.',
  },
];

/** What a command cannot tell here, though it seems to. */
export function noteFor({ tool, path, effect }: ParsedCommand): string | undefined {
  const analyzes = tool === 'istioctl' && path[0] === 'analyze' && effect === 'read';
  return analyzes
    ? 'Whether the credentials of gateways are valid (IST0161) was not looked at, nor other clusters of the mesh: istioctl is not shown the values of Secrets.'
    : undefined;
}

/** What a caller can do about what a tool said, in one sentence. */
export function hintFor(command: ParsedCommand, stderr: string): string | undefined {
  // A tool that crashed says why first, and then where.
  const said = `${stderr.slice(0, LOOKED_AT_FIRST)}\n${stderr.slice(-LOOKED_AT)}`.toLowerCase();
  if (stderr === '') return undefined;
  const rule = RULES.find(
    ({ says, tools }) => (tools?.includes(command.tool) ?? true) && says.some((words) => said.includes(words)),
  );
  return typeof rule?.hint === 'function' ? rule.hint(command) : rule?.hint;
}
