/** `kubectl get` in every shape of its output. */
import { type EverydayCommand, lines, moving } from './types.ts';

const TABLES: readonly EverydayCommand[] = [
  ...moving(
    'kubectl get pods',
    'kubectl get po -o wide',
    'kubectl get deploy,sts,rs -o wide',
    'kubectl get all',
    'kubectl get pods --show-labels',
    'kubectl get pods -L app,env',
    'kubectl get pods --sort-by=.metadata.name',
    "kubectl get pods --sort-by='{.spec.nodeName}'",
    'kubectl get cm --no-headers',
    'kubectl get svc,ingress,networkpolicy,pdb',
    'kubectl get cronjob nightly',
    'kubectl get pvc',
    'kubectl get sa,role,rolebinding',
    'kubectl get resourcequota',
    'kubectl get secrets',
    'kubectl get pod/single svc/web',
    'kubectl get pods -l app=web',
    'kubectl get pods -l app=web,env!=stage --no-headers -o wide',
    'kubectl get endpointslices -l app=web',
    'kubectl get deploy web --show-kind',
    'kubectl get pods --server-print=false',
    'kubectl get endpoints web',
    'kubectl get nodes -o wide',
    'kubectl get crd applications.argoproj.io',
  ),
  ...lines(
    'kubectl get pods -l app=nothing',
    'kubectl get pods -n team-a -l app=nothing',
    'kubectl get pods -A -l app=no-such-app-anywhere',
    'kubectl get events --field-selector reason=HandMade',
    'kubectl get events --field-selector reason=HandMade --sort-by=.lastTimestamp',
    'kubectl get events --field-selector=reason=HandMade,type=Warning -o wide',
    'kubectl get pod nosuch --ignore-not-found',
  ),
];

const NAMES: readonly EverydayCommand[] = [
  ...lines(
    'kubectl get pods -o name',
    'kubectl get deploy,svc,cm -o name',
    'kubectl get po -l run -o name',
    "kubectl get pods -l 'env in (stage, dev)' -o name",
    "kubectl get pods -l 'env notin (prod),run' -o name",
    "kubectl get pods -l '!run' -o name",
    "kubectl get pods --selector='env in (stage),canary=true' --output=name",
    'kubectl get pods --field-selector=status.phase=Pending -o name',
    'kubectl get pods --field-selector=status.phase!=Running,spec.nodeName!=node-9 -o name',
    "kubectl get pods --field-selector 'metadata.name=single' -o name",
    'kubectl get ns default kube-system -o name',
    'kubectl get pods -o name --chunk-size=1',
    'kubectl -o name get pods single',
  ),
  { line: "kubectl get pods -l 'env in (stage, dev)' -o name", sent: 'get pods -l env in (stage, dev) -o name' },
  {
    line: "kubectl get pods -l 'env notin (prod, stage),run' -o name",
    sent: 'get pods -l env notin (prod, stage),run -o name',
  },
];

const OBJECTS = lines(
  'kubectl get cm settings -o yaml',
  'kubectl get cm settings -o json',
  'kubectl get cm -o yaml',
  'kubectl get cm -l app=web -o json',
  'kubectl get pod single -o yaml --show-managed-fields',
  'kubectl get pod single -o json --show-managed-fields',
  'kubectl get deploy web -o yaml',
  'kubectl get deploy/web svc/web -o yaml',
  'kubectl get svc web -ojson',
  'kubectl get sts db -o kyaml',
  'kubectl get ingress web -oyaml',
  'kubectl get deploy web --subresource=scale -o yaml',
  'kubectl get role reader -o json',
  'kubectl get ns default -o yaml',
  'kubectl get sc -o yaml',
);

const TEMPLATES: readonly EverydayCommand[] = [
  ...lines(
    'kubectl get pods -o jsonpath={.items[*].metadata.name}',
    "kubectl get pods -o jsonpath='{.items[*].metadata.name}'",
    'kubectl get pods -o jsonpath="{.items[*].metadata.name}"',
    `kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}'`,
    `kubectl get pods -o=jsonpath='{range .items[*]}{.metadata.name}: {range .spec.containers[*]}{.name}={.image}, {end}{"\\n"}{end}'`,
    'kubectl get pods -o jsonpath=\'{.items[?(@.metadata.labels.env=="stage")].metadata.name}\'',
    "kubectl get deploy web -o jsonpath='{.metadata.annotations.kubernetes\\.io/change-cause}'",
    'kubectl get deploy web -o jsonpath="{.metadata.annotations[\'kubernetes\\.io/change-cause\']}"',
    "kubectl get cm settings -o jsonpath='{.data.greeting}'",
    "kubectl get cm settings -o jsonpath='{.data.app\\.conf}'",
    "kubectl get cm settings -o jsonpath='{.data}'",
    "kubectl get pod single -o jsonpath-as-json='{.spec.containers[*]}'",
    "kubectl get deploy web -o 'jsonpath={.spec.template.spec.containers[0].args}'",
    "kubectl get pods --sort-by=.metadata.name -o jsonpath='{.items[-1:].metadata.name}'",
    'kubectl get svc web -o jsonpath=\'{"ports: "}{.spec.ports[*].port}{"\\n"}\'',
    "kubectl get pods -o jsonpath='{.items[0:2].metadata.name} {.items[::2].metadata.name}'",
    "kubectl get pods -o jsonpath='{.items[*].nothing.here}'",
    "kubectl get pods -o jsonpath='{.items[*].nothing.here}' --allow-missing-template-keys=false",
    'kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image',
    "kubectl get pods -o custom-columns='NAME:.metadata.name,ENV:.metadata.labels.env,NODE:.spec.nodeName'",
    "kubectl get pods --no-headers -o custom-columns=':metadata.name'",
    "kubectl get pods --sort-by=.metadata.name -o custom-columns=N:.metadata.name,R:'.status.containerStatuses[*].restartCount'",
    "kubectl get deploy -o=custom-columns='NAME:.metadata.name,CPU:.spec.template.spec.containers[0].resources.requests.cpu'",
    "kubectl get pods -o go-template='{{range .items}}{{.metadata.name}} {{end}}'",
    `kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}'`,
    `kubectl get deploy web -o go-template='{{range $k, $v := .metadata.labels}}{{printf "%s=%s\\n" $k $v}}{{end}}'`,
    `kubectl get pods -o template --template='{{len .items}}'`,
    `kubectl get cm settings -o go-template='{{index .data "app.conf"}}'`,
    `kubectl get pods -l app=web -l env=prod -o jsonpath="{range .items[*]}{.kind}{'\\t'}{.spec.schedulerName}{'\\n'}{end}"`,
    `kubectl get pod single -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}'`,
    "kubectl get cm settings -o jsonpath={.data.color} --namespace ''",
    "kubectl get deploy web -o go-template='{{.spec.replicas}} {{if gt .spec.replicas 1.0}}many{{else}}one{{end}}'",
  ),
  {
    line: 'kubectl get pods -o jsonpath=\'{range .items[*]}{.metadata.name}{"\\n"}{end}\'',
    sent: 'get pods -o jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}',
  },
  {
    line: "kubectl get pods -o jsonpath='{range .items[*]}\n{.metadata.name}\n{.spec.nodeName}{end}'",
  },
  {
    line: 'kubectl get nodes -o jsonpath=\'{.items[?(@.metadata.name=="node-0")].status.capacity}\'',
    sent: 'get nodes -o jsonpath={.items[?(@.metadata.name=="node-0")].status.capacity}',
  },
  {
    line: 'kubectl get pods -o go-template=\'{{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}\'',
    sent: 'get pods -o go-template={{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}',
  },
  {
    line: 'kubectl get pods -o custom-columns-file=columns.txt',
    files: { 'columns.txt': 'NAME            SERVICE-ACCOUNT\n.metadata.name  .spec.serviceAccountName\n' },
  },
  {
    line: 'kubectl get pods -o go-template-file=t/list.tmpl',
    files: { 't/list.tmpl': '{{range .items}}- {{.metadata.name}}\n{{end}}' },
  },
  { line: 'kubectl get pods -o jsonpath-file=./p', files: { p: '{.items[*].metadata.name}' } },
];

const RAW: readonly EverydayCommand[] = [
  ...lines(
    'kubectl get --raw /version',
    'kubectl get --raw=/readyz',
    "kubectl get --raw '/healthz'",
    'kubectl get --raw /livez?verbose',
    'kubectl get --raw /api',
    'kubectl get --raw /api/v1',
    'kubectl get --raw /apis/apps/v1',
    'kubectl get --raw /apis/apps',
    'kubectl get --raw /api/v1/namespaces/default',
  ),
  // A heartbeat, and the version of a whole list.
  ...moving(
    'kubectl get --raw /api/v1/nodes/node-0',
    "kubectl get --raw '/api/v1/namespaces?fieldSelector=metadata.name=default'",
  ),
];

/** Of the whole cluster: other suites add nodes of theirs, and kinds whose rights are added to the roles of all. */
const EVERYBODYS = moving(
  'kubectl get nodes -o name',
  `kubectl get nodes -o jsonpath='{.items[*].status.addresses[?(@.type=="InternalIP")].address}'`,
  `kubectl get nodes -o jsonpath="{.items[*].status.addresses[?(@.type=='InternalIP')].address}"`,
  'kubectl get clusterrole view -o yaml',
);

export const KUBECTL_GET: readonly EverydayCommand[] = [
  ...TABLES,
  ...NAMES,
  ...OBJECTS,
  ...TEMPLATES,
  ...RAW,
  ...EVERYBODYS,
];
