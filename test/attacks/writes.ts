/**
 * Write verbs of the tools in every disguise, with the gates that each needs (DESIGN.md §10). `{{ns}}` is a namespace with the objects of
 * test/support/policy-world.ts, `{{n}}` a word that no other run uses. What is not there fails at the API server, after policy.
 */
import type { Gate } from '../../src/kernel/vocabulary.ts';
import type { CommandTool } from '../support/command-product.ts';

export interface WriteLine {
  readonly tool: CommandTool;
  readonly command: string;
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly gates: readonly Gate[];
}

type More = Pick<WriteLine, 'stdin' | 'files'>;

function needs(gates: readonly Gate[], tool: CommandTool, ...commands: readonly (string | readonly [string, More])[]) {
  return commands.map(
    (command): WriteLine =>
      typeof command === 'string' ? { tool, command, gates } : { tool, command: command[0], ...command[1], gates },
  );
}

const yaml = (stdin: string): More => ({ stdin });
const CM = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new-{{n}}}\ndata: {a: b}\n';
const OLD_CM = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, labels: {by: "{{n}}"}}\ndata: {a: b}\n';
const JSON_CM = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw-{{n}}"}}';
const ROLE =
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: role-{{n}}}\nrules: [{apiGroups: [""], resources: [pods], verbs: [get]}]\n';
const CRB = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: crb-{{n}}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: User, name: nobody-{{n}}, apiGroup: rbac.authorization.k8s.io}]
`;
const WEBHOOK =
  'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: hook-{{n}}}\nwebhooks: []\n';
const TOKEN_SECRET =
  'apiVersion: v1\nkind: Secret\nmetadata: {name: token-{{n}}, annotations: {kubernetes.io/service-account.name: default}}\ntype: kubernetes.io/service-account-token\n';
const API = '/api/v1/namespaces/{{ns}}';

const CREATE = needs(
  ['create'],
  'kubectl',
  'create configmap a-{{n}} --from-literal=a=b -n {{ns}}',
  'create cm b-{{n}} -n {{ns}}',
  'create serviceaccount a-{{n}} -n {{ns}}',
  'create secret generic a-{{n}} --from-literal=password=x -n {{ns}}',
  'create deployment a-{{n}} --image=registry.invalid/a --replicas=0 -n {{ns}}',
  'create quota a-{{n}} --hard=pods=100 -n {{ns}}',
  'create job a-{{n}} --image=registry.invalid/a -n {{ns}} -- true',
  'create cronjob a-{{n}} --image=registry.invalid/a --schedule="0 0 31 2 *" -n {{ns}}',
  'create service clusterip a-{{n}} --tcp=80:80 -n {{ns}}',
  'create ingress a-{{n}} --rule=a.example/*=web:80 -n {{ns}}',
  'create poddisruptionbudget a-{{n}} --selector=app=none --min-available=1 -n {{ns}}',
  'run a-{{n}} --image=registry.invalid/a -n {{ns}}',
  'expose deployment web --name=e-{{n}} --port=80 -n {{ns}}',
  'autoscale deployment web --name=h-{{n}} --min=1 --max=1 --cpu=80% -n {{ns}}',
  ['create -f - -n {{ns}}', yaml(CM)],
  ['create -f new.yaml -n {{ns}} --validate=false', { files: { 'new.yaml': CM.replace('new-', 'file-') } }],
  ['create -k . -n {{ns}}', { files: { 'kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: k-', 'a.yaml': CM } }],
  [`create --raw ${API}/configmaps -f -`, yaml(JSON_CM)],
  ['-n {{ns}} create configmap  c-{{n}}', {}],
);

const UPDATE = needs(
  ['update'],
  'kubectl',
  ['apply -f - -n {{ns}}', yaml(OLD_CM)],
  ['replace -f - -n {{ns}}', yaml(OLD_CM)],
  [
    `replace --raw ${API}/configmaps/settings -f -`,
    yaml('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},"data":{"a":"b"}}'),
  ],
  `patch configmap settings -n {{ns}} -p '{"data":{"n":"{{n}}"}}'`,
  `patch configmap settings -n {{ns}} --type=merge -p '{"data":{"m":"{{n}}"}}'`,
  `patch configmap settings -n {{ns}} --type=json -p '[{"op":"add","path":"/data/j","value":"{{n}}"}]'`,
  `patch deployment web -n {{ns}} --subresource=scale --type=merge -p '{"spec":{"replicas":1}}'`,
  `patch deployment web -n {{ns}} --subresource=status --type=merge -p '{"status":{"observedGeneration":1}}'`,
  'label configmap settings -n {{ns}} n={{n}} --overwrite',
  'annotate configmap settings -n {{ns}} n={{n}} --overwrite',
  'label cm settings -n {{ns}} gone-',
  'scale deployment web --replicas=1 -n {{ns}}',
  'scale --replicas=1 deploy/web --namespace {{ns}}',
  'set image deployment/web app=registry.invalid/web:{{n}} -n {{ns}}',
  'set env deployment/web N={{n}} -n {{ns}}',
  'set resources deployment web --requests=cpu=1m -n {{ns}}',
  'set serviceaccount deployment web default -n {{ns}}',
  'set selector service web app=web -n {{ns}}',
  'rollout restart deployment/web -n {{ns}}',
  'rollout pause deployment/web -n {{ns}}',
  'rollout resume deployment/web -n {{ns}}',
  'rollout undo deployment/web -n {{ns}}',
  'cordon none-{{n}}',
  'uncordon none-{{n}}',
  'taint nodes none-{{n}} a=b:NoSchedule',
  'label namespace {{ns}} n={{n}} --overwrite',
  ['apply set-last-applied -f - -n {{ns}}', yaml(OLD_CM)],
);

const DELETE = needs(
  ['delete'],
  'kubectl',
  'delete configmap none-{{n}} -n {{ns}}',
  'delete cm/none-{{n}} -n {{ns}}',
  'delete secret none-{{n}} -n {{ns}} --now',
  'delete configmap none-{{n}} -n {{ns}} --grace-period=0 --force',
  'delete configmaps -l none={{n}} -n {{ns}}',
  'delete pods --field-selector=metadata.name=none-{{n}} -n {{ns}}',
  'delete all -l none={{n}} -n {{ns}}',
  'delete namespace none-{{n}}',
  ['delete -f - -n {{ns}}', yaml(CM)],
  ['delete -k . -n {{ns}}', { files: { 'kustomization.yaml': 'resources: [a.yaml]', 'a.yaml': CM } }],
  `delete --raw ${API}/configmaps/none-{{n}}`,
);

const SEVERAL: readonly WriteLine[] = [
  ...needs(['update', 'create'], 'kubectl', ['apply --server-side -f - -n {{ns}}', yaml(CM.replace('new-', 'ssa-'))]),
  ...needs(['create', 'delete'], 'kubectl', ['replace --force -f - -n {{ns}}', yaml(CM.replace('new-', 'forced-'))]),
  ...needs(['update', 'delete'], 'kubectl', 'drain none-{{n}}', [
    'apply --prune -l none={{n}} -f - -n {{ns}}',
    yaml(OLD_CM.replace('by:', 'none:')),
  ]),
];

const REACH = needs(
  ['exec'],
  'kubectl',
  'exec deploy/web -n {{ns}} -- id',
  'exec -n {{ns}} none-{{n}} -- cat /var/run/secrets/kubernetes.io/serviceaccount/token',
  ['exec -i none-{{n}} -n {{ns}} -- sh', yaml('id')],
  `get --raw ${API}/services/web:80/proxy/`,
  `get --raw ${API}/pods/none-{{n}}/proxy/`,
  'get --raw /api/v1/nodes/none-{{n}}/proxy/logs/',
);

const ESCALATE: readonly WriteLine[] = [
  ...needs(
    ['create', 'escalation'],
    'kubectl',
    'create token default -n {{ns}}',
    'create role a-{{n}} --verb=get --resource=pods -n {{ns}}',
    'create clusterrole a-{{n}} --verb=get --resource=pods',
    'create rolebinding a-{{n}} --clusterrole=view --user=nobody-{{n}} -n {{ns}}',
    'create clusterrolebinding a-{{n}} --clusterrole=view --user=nobody-{{n}}',
    ['create -f - -n {{ns}}', yaml(ROLE)],
    ['create -f -', yaml(CRB)],
    ['create -f -', yaml(WEBHOOK)],
    ['create -f - -n {{ns}}', yaml(TOKEN_SECRET)],
    [
      `create --raw ${API}/serviceaccounts/default/token -f -`,
      yaml('{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}'),
    ],
    [
      'create --raw /apis/rbac.authorization.k8s.io/v1/clusterrolebindings -f -',
      yaml(
        '{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"raw-{{n}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"}}',
      ),
    ],
  ),
  ...needs(
    ['update', 'escalation'],
    'kubectl',
    'certificate approve none-{{n}}',
    'certificate deny none-{{n}}',
    `patch clusterrole {{ns}} --type=merge -p '{"metadata":{"labels":{"a":"{{n}}"}}}'`,
    'set subject rolebinding none-{{n}} --user=a -n {{ns}}',
    'label clusterrole {{ns}} b={{n}}',
    'annotate clusterrole {{ns}} a={{n}}',
  ),
  ...needs(
    ['create', 'update', 'escalation'],
    'kubectl',
    ['auth reconcile -f - -n {{ns}}', yaml(ROLE)],
    ['apply --server-side -f -', yaml(CRB)],
  ),
  ...needs(
    ['delete', 'escalation'],
    'kubectl',
    'delete clusterrole none-{{n}}',
    'delete rolebinding none-{{n}} -n {{ns}}',
  ),
  ...needs(
    ['escalation'],
    'kubectl',
    'get pods -n {{ns}} --as=nobody-{{n}}',
    'auth can-i get pods --as=system:admin --as-group=system:masters',
  ),
];

const HELM_CHART = {
  'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'web/templates/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-helm"}\n',
};

const TOOLS: readonly WriteLine[] = [
  ...needs(['create'], 'helm', ['install a-{{n}} ./web -n {{ns}}', { files: HELM_CHART }]),
  ...needs(
    ['create', 'update'],
    'helm',
    ['upgrade --install b-{{n}} ./web -n {{ns}}', { files: HELM_CHART }],
    'rollback none-{{n}} 1 -n {{ns}}',
  ),
  ...needs(['delete'], 'helm', 'uninstall none-{{n}} -n {{ns}}', 'delete none-{{n}} --namespace={{ns}}'),
  ...needs(['create'], 'helm', 'test none-{{n}} -n {{ns}}'),
  ...needs(['create', 'update', 'escalation'], 'istioctl', 'tag set t-{{n}} --revision none-{{n}} -y'),
  ...needs(['delete', 'escalation'], 'istioctl', 'tag remove t-{{n}} -y'),
  ...needs(['create', 'update'], 'istioctl', 'waypoint apply -n none-{{n}}'),
  ...needs(['delete'], 'istioctl', 'waypoint delete none-{{n}} -n {{ns}}'),
  ...needs(['update'], 'argocd', 'app terminate-op none-{{n}}'),
  // Patches and syncs ask the repo server, whose port is forwarded.
  ...needs(['update', 'exec'], 'argocd', 'app patch none-{{n}} --patch {}'),
  ...needs(['delete'], 'argocd', 'app delete none-{{n}} -y'),
  ...needs(['update', 'delete', 'exec'], 'argocd', 'app sync none-{{n}} --prune'),
  ...needs(['update'], 'argocd', 'app rollback none-{{n}} 1'),
];

export const WRITE_LINES: readonly WriteLine[] = [
  ...CREATE,
  ...UPDATE,
  ...DELETE,
  ...SEVERAL,
  ...REACH,
  ...ESCALATE,
  ...TOOLS,
];

/** The same as a dry run, on either side: no gate is needed, nothing is stored. */
export const DRY_RUNS: readonly string[] = [
  'create configmap dry --from-literal=a=b -n {{ns}} --dry-run=server',
  'create configmap dry -n {{ns}} --dry-run=client -o yaml',
  'create secret generic dry --from-literal=password=x -n {{ns}} --dry-run=server',
  'create role dry --verb=get --resource=pods -n {{ns}} --dry-run=server',
  'run dry --image=registry.invalid/a -n {{ns}} --dry-run=server',
  'expose deployment web --name=dry --port=80 -n {{ns}} --dry-run=server',
  'delete configmap settings -n {{ns}} --dry-run=server',
  'delete configmap settings -n {{ns}} --dry-run=client',
  'delete deployment web -n {{ns}} --cascade=orphan --dry-run=server',
  'scale deployment web --replicas=0 -n {{ns}} --dry-run=server',
  'set image deployment/web app=registry.invalid/web:dry -n {{ns}} --dry-run=server',
  'label configmap settings -n {{ns}} dry=run --dry-run=server',
  'annotate configmap settings -n {{ns}} dry=run --dry-run=client',
  `patch configmap settings -n {{ns}} -p '{"data":{"dry":"run"}}' --dry-run=server`,
  'rollout undo deployment/web -n {{ns}} --dry-run=server',
  'autoscale deployment web --name=dry --min=1 --max=2 -n {{ns}} --dry-run=server',
];
