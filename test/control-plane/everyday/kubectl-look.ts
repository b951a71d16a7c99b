/** Looking closer: describe, logs, explain, rights, rollouts, events and what the server is. */
import { type EverydayCommand, lines, moving } from './types.ts';

/** Ages, and the time of the question. */
const DESCRIBE = moving(
  'kubectl describe deploy web',
  'kubectl describe pod single',
  'kubectl describe po web-0 --show-events=false',
  'kubectl describe svc web',
  'kubectl describe cm settings',
  'kubectl describe pods -l run=stuck',
  'kubectl describe sts/db ingress/web',
  'kubectl describe role,rolebinding',
  'kubectl describe resourcequota ceiling',
  'kubectl describe networkpolicy',
  'kubectl describe cronjob nightly',
  'kubectl describe pvc data',
  'kubectl describe ns kube-public',
  'kubectl describe clusterrole view',
  'kubectl describe node node-0',
  'kubectl describe pdb web',
  'kubectl auth whoami -o json',
  'kubectl describe sa deployer',
  'kubectl events',
);

const LOGS: readonly EverydayCommand[] = [
  ...lines(
    'kubectl logs single',
    'kubectl logs pod/single --tail=2',
    'kubectl logs single -c only --timestamps',
    'kubectl logs web-0 -c noisy --tail=5',
    'kubectl logs web-0 -c app -p',
    'kubectl logs single --since=40m --tail 1',
    'kubectl logs single --since-time=2020-01-01T00:00:00Z',
    'kubectl logs single --limit-bytes=40',
    'kubectl logs -l run=single --prefix --tail=1',
    'kubectl logs web-0',
  ),
];

const ASK = lines(
  'kubectl explain deploy.spec.strategy',
  'kubectl explain pods.spec.containers.resources --recursive',
  'kubectl explain cronjob --api-version=batch/v1',
  'kubectl explain ingress.spec.rules --output=plaintext-openapiv2',
  'kubectl api-resources --api-group=apps',
  'kubectl api-resources --api-group=apps -o wide',
  'kubectl api-resources --api-group= --namespaced=false -o name --sort-by=name',
  'kubectl api-resources --verbs=list,delete --api-group=batch --no-headers',
  'kubectl version',
  'kubectl version --client',
  'kubectl version -o json',
  'kubectl version --output=yaml',
  'kubectl cluster-info',
  'kubectl auth can-i create deployments',
  'kubectl auth can-i --list',
  'kubectl auth can-i list pods --all-namespaces',
  'kubectl auth can-i get /healthz',
  'kubectl auth can-i delete nodes -n team-a -q',
  'kubectl auth can-i "*" "*"',
  'kubectl auth whoami',
  'kubectl config current-context',
  'kubectl config get-contexts',
  'kubectl config get-contexts -o name',
  'kubectl config get-contexts admin',
  'kubectl config get-clusters',
  'kubectl config get-users',
  'kubectl rollout status deploy/web',
  'kubectl rollout status sts/db --timeout=30s',
  'kubectl rollout history deploy/web',
  'kubectl rollout history deploy web --revision=2',
  'kubectl rollout history deploy/web -o yaml',
  'kubectl rollout history deploy/web --revision 1 -o json',
  'kubectl events --for pod/single --types=Warning',
  'kubectl events --for=pod/single -o json',
  'kubectl wait --for=condition=Ready pod/single --timeout=10s',
  'kubectl wait pod -l env=dev --for=jsonpath={.metadata.labels.env}=dev --timeout=10s',
  "kubectl wait --for=jsonpath='{.status.phase}'=Running pod/single",
  'kubectl wait --for=delete pod/nosuch --timeout=5s',
  'kubectl wait --for=condition=Available deploy/web deploy/nosuch',
  'kubectl apply view-last-applied deploy/web',
  'kubectl apply view-last-applied cm/settings -o json',
  'kubectl --help',
  'kubectl get --help',
  'kubectl rollout undo -h',
  'kubectl help create deployment',
  'kubectl create --help',
  'kubectl config view -o jsonpath={.current-context}',
  'kubectl get pods -o name --context admin',
  'kubectl get cm -o name -n team-a --context=viewer',
);

const KUSTOMIZATION = `
namePrefix: staging-
commonAnnotations: { note: "two words" }
resources: [deploy.yaml]
configMapGenerator:
  - name: flags
    literals: [a=1, b=two words]
    files: [conf/app.conf]
`;

const CONFIG_FILE = 'listen = :9090\npath = "/srv"\n';
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, labels: { app: api } }
spec:
  replicas: 1
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: "example.test/api:2" }] }
`;

const FOLDER = { 'k/kustomization.yaml': KUSTOMIZATION, 'k/deploy.yaml': DEPLOYMENT, 'k/conf/app.conf': CONFIG_FILE };

const FILES: readonly EverydayCommand[] = [
  { line: 'kubectl kustomize k', files: FOLDER },
  { line: 'kubectl kustomize ./k/', files: FOLDER },
  { line: 'kubectl apply -k k --dry-run=client -o name', files: FOLDER },
  {
    line: 'kubectl get -f - -o name',
    stdin:
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web }\n',
  },
  {
    line: 'kubectl get -f one.yaml -o yaml',
    files: { 'one.yaml': '{apiVersion: v1, kind: Service, metadata: {name: web}}' },
  },
  {
    line: 'kubectl auth reconcile -f - --dry-run=client',
    stdin: '{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader}, rules: []}',
  },
];

export const KUBECTL_LOOK: readonly EverydayCommand[] = [...DESCRIBE, ...LOGS, ...ASK, ...FILES];
