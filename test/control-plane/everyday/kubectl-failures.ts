/** Commands that fail: exit code and words are the tool's own. */
import { type EverydayCommand, lines, moving } from './types.ts';

const ASKED = lines(
  'kubectl get pod nosuch',
  'kubectl get pods single nosuch -o name',
  'kubectl get pod nosuch -n nowhere',
  'kubectl get nosuchkind',
  'kubectl get deployment.v1.nosuch.example',
  'kubectl get deploy/web/extra',
  'kubectl get pod/single web',
  'kubectl get',
  'kubectl describe pod nosuch',
  'kubectl describe nosuchkind x',
  'kubectl logs nosuch',
  'kubectl logs single -c nosuch',
  'kubectl logs stuck',
  'kubectl logs deploy/nosuch',
  'kubectl explain nosuchkind',
  'kubectl explain pod.spec.nosuch',
  'kubectl rollout status deploy/nosuch',
  'kubectl rollout history deploy/web --revision=99',
  'kubectl rollout status pod/single',
  'kubectl wait --for=condition=Ready pod/nosuch --timeout=1s',
  'kubectl wait --for=condition=Nonsense pod/single --timeout=5s',
  "kubectl get pods -o jsonpath='{.items[*'",
  "kubectl get pods -o jsonpath='{.items[?(@.x==)]}'",
  "kubectl get pods -o go-template='{{.items'",
  "kubectl get pods -o go-template='{{.items.x.y}}'",
  'kubectl get pods -o custom-columns=NAME',
  'kubectl get pods -o nosuchformat',
  'kubectl get pods --sort-by=.nosuch.field',
  'kubectl get pods -l "a in b"',
  'kubectl get pods --field-selector=spec.nosuch=1',
  'kubectl get --raw /api/v1/namespaces/default/pods/nosuch',
  'kubectl auth can-i delete pods --context viewer',
  'kubectl auth can-i get secrets --context nobody',
  'kubectl get pods -n kube-system --context nobody',
  'kubectl get nodes --context viewer',
  'kubectl config get-contexts nosuch',
  'kubectl api-resources --api-group=nosuch.example',
  'kubectl events --for pod/nosuch',
  `kubectl patch deploy web -p '{"spec":{"replicas":"many"}}' --dry-run=server`,
  'kubectl patch deploy nosuch -p {} --dry-run=server',
  'kubectl scale deploy nosuch --replicas=1 --dry-run=server',
  'kubectl set image deploy/web nosuch=x --dry-run=server',
  'kubectl label pod single "bad label=x" --dry-run=server',
  'kubectl create deploy web --image=x --dry-run=server',
  'kubectl create deploy Bad_Name --image=x --dry-run=server',
  'kubectl create deploy api --dry-run=client',
  'kubectl delete pod nosuch --dry-run=server',
  'kubectl rollout undo deploy/web --to-revision=99 --dry-run=server',
);

/** Where there are metrics (the sandbox) they fail not, and tell numbers of the second. */
const METRICS = moving('kubectl top nodes', 'kubectl top pods -A');

const SENT: readonly EverydayCommand[] = [
  { line: 'kubectl apply -f - --dry-run=server', stdin: 'not: [a manifest\n' },
  {
    line: 'kubectl apply -f - --dry-run=server',
    stdin: 'kind: Nonsense\napiVersion: no.such/v1\nmetadata: { name: x }\n',
  },
  { line: 'kubectl apply -f - --dry-run=server', stdin: '{}' },
  {
    line: 'kubectl apply -f - --dry-run=server',
    stdin: 'apiVersion: v1\nkind: Service\nmetadata: { name: x }\nspec: { prots: [{ port: 80 }] }\n',
  },
  {
    line: 'kubectl create -f bad.yaml --dry-run=server',
    files: { 'bad.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: {}\n' },
  },
  { line: 'kubectl diff -f -', stdin: 'apiVersion: no.such/v1\nkind: Nonsense\nmetadata: { name: x }\n' },
  { line: 'kubectl apply -k . --dry-run=client', files: { 'kustomization.yaml': 'resources: [missing.yaml]\n' } },
  { line: 'kubectl kustomize k', files: { 'k/other.yaml': 'a: b\n' } },
  {
    line: 'kubectl apply --server-side -f - --dry-run=server --field-manager=other',
    stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { color: red }\n',
  },
];

export const KUBECTL_FAILURES: readonly EverydayCommand[] = [...ASKED, ...METRICS, ...SENT];
