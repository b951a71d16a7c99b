/** Changes that are only tried: dry runs on the server and in the client, and differences. */
import { type EverydayCommand, lines } from './types.ts';

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
const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: api}, spec: {ports: [{port: 80}]}}';
const WIDGET = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  color: green\n';

const CLIENT = lines(
  'kubectl create deploy api --image=nginx:1.27 --replicas=2 --port 80 --dry-run=client -o yaml',
  'kubectl create deploy api --image=busybox --dry-run=client -o yaml -- sh -c "sleep 5; echo \'done\'"',
  "kubectl create cm app --from-literal='greeting=hello world' --from-literal=a=b --dry-run=client -o yaml",
  'kubectl create svc clusterip api --tcp=80:8080 --dry-run=client -o json',
  "kubectl create cronjob c --image=busybox --schedule='*/5 * * * *' --dry-run=client -o yaml -- date",
  "kubectl create ingress api --rule='a.example/*=api:80' --dry-run=client -o yaml",
  'kubectl run tmp --image=busybox --restart=Never --dry-run=client -o yaml -- sh -c "echo 1"',
  'kubectl create ns staging --dry-run=client -o yaml',
  'kubectl create sa robot --dry-run=client -o name',
  'kubectl create role r --verb=get,list --resource=pods --dry-run=client -o yaml',
  'kubectl create quota q --hard=cpu=1,memory=1G --dry-run=client -o yaml',
  "kubectl set image deploy/web app=example.test/web:2 --dry-run=client -o jsonpath='{.spec.template.spec.containers[0].image}'",
  'kubectl label pod single env=prod --overwrite --dry-run=client',
);

const SERVER = lines(
  'kubectl create deploy api --image=nginx --dry-run=server',
  'kubectl create cm app --from-literal=a=b --dry-run=server',
  'kubectl create cm settings --from-literal=a=b --dry-run=server',
  'kubectl create ns staging --dry-run=server -o name',
  'kubectl run tmp --image=busybox --dry-run=server -o name',
  'kubectl label pod single env=prod --overwrite --dry-run=server',
  'kubectl label pod single env=prod --dry-run=server',
  'kubectl label pods --all tested=yes --dry-run=server',
  'kubectl label pod single env- --dry-run=server -o jsonpath={.metadata.labels}',
  'kubectl annotate deploy web note="two words" --dry-run=server',
  "kubectl annotate deploy web 'note=größe $5 * ~' --dry-run=server -o jsonpath='{.metadata.annotations.note}'",
  'kubectl scale deploy web --replicas=5 --dry-run=server',
  'kubectl scale deploy web --replicas=5 --current-replicas=9 --dry-run=server',
  `kubectl patch deploy web -p '{"spec":{"replicas":3}}' --dry-run=server`,
  `kubectl patch deploy web -p '{"spec":{"replicas":3}}' --dry-run=server -o jsonpath='{.spec.replicas}'`,
  `kubectl patch deploy web -p "{\\"spec\\":{\\"paused\\":true}}" --dry-run=server`,
  `kubectl patch svc web --type=json -p '[{"op": "replace", "path": "/spec/ports/0/port", "value": 81}]' --dry-run=server`,
  `kubectl patch cm settings --type merge -p '{"data":{"color":null}}' --dry-run=server -o jsonpath='{.data.color}'`,
  `kubectl patch cm settings --type merge -p '{"data":{"color":"turquoise"}}' --dry-run=server -o jsonpath={.data.color}`,
  `kubectl patch cm settings -p '{"data":{"color":"turquoise"}}' --dry-run=server -o jsonpath={.data.color}`,
  `kubectl patch cm settings --type=json -p '[{"op":"replace","path":"/data/color","value":"turquoise"}]' --dry-run=server -o jsonpath={.data}`,
  'kubectl set image deploy/web app=example.test/web:2 --dry-run=server',
  'kubectl set env deploy/web LOG_LEVEL=debug COLOR- --dry-run=server',
  'kubectl set env deploy/web --list',
  'kubectl set resources deploy web --limits=cpu=1,memory=1Gi --dry-run=server',
  'kubectl set serviceaccount deploy web deployer --dry-run=server',
  "kubectl set selector svc web 'app=api' --dry-run=server",
  'kubectl expose deploy web --name=web2 --port=80 --target-port=8080 --dry-run=server',
  'kubectl autoscale deploy web --min=2 --max=5 --cpu=80% --dry-run=server',
  'kubectl rollout undo deploy/web --dry-run=server',
  'kubectl delete pod single --dry-run=server',
  'kubectl delete pods -l env=dev --dry-run=server',
  'kubectl delete deploy,svc web --dry-run=client',
  'kubectl cordon node-0 --dry-run=server',
  'kubectl taint nodes node-0 key=value:NoSchedule --dry-run=server',
  'kubectl create token deployer --help',
);

const FROM_FILES: readonly EverydayCommand[] = [
  { line: 'kubectl apply -f - --dry-run=server', stdin: DEPLOYMENT },
  { line: 'kubectl apply -f - --dry-run=server', stdin: WIDGET },
  { line: 'kubectl apply -f - --dry-run=server -o jsonpath={.data}', stdin: WIDGET.replace('green', 'turquoise') },
  {
    line: 'kubectl apply -f - --server-side --force-conflicts --dry-run=server -o jsonpath={.data}',
    stdin: WIDGET.replace('green', 'turquoise'),
  },
  { line: 'kubectl apply -f - --dry-run=client', stdin: WIDGET },
  { line: 'kubectl apply --server-side --force-conflicts -f - --dry-run=server', stdin: WIDGET },
  { line: 'kubectl apply --server-side --field-manager=tests -f - --dry-run=server', stdin: WIDGET },
  { line: 'kubectl create -f - --dry-run=server -o name', stdin: `${DEPLOYMENT}---\n${SERVICE}\n` },
  {
    line: 'kubectl apply -f deploy.yaml -f svc.yaml --dry-run=server',
    files: { 'deploy.yaml': DEPLOYMENT, 'svc.yaml': SERVICE },
  },
  {
    line: 'kubectl apply -f deploy.yaml,svc.yaml --dry-run=server',
    files: { 'deploy.yaml': DEPLOYMENT, 'svc.yaml': SERVICE },
  },
  {
    line: 'kubectl apply -Rf manifests/ --dry-run=server',
    files: { 'manifests/a.yaml': DEPLOYMENT, 'manifests/more/b.yaml': SERVICE, 'manifests/note.txt': 'no manifest' },
  },
  {
    line: 'kubectl apply -f manifests --dry-run=server',
    files: { 'manifests/a.yaml': DEPLOYMENT, 'manifests/more/b.yaml': SERVICE },
  },
  { line: 'kubectl replace -f - --dry-run=server', stdin: WIDGET },
  { line: 'kubectl delete -f - --dry-run=server', stdin: WIDGET },
  {
    line: 'kubectl create cm app --from-file=app.conf --from-file=main=conf/x.conf --dry-run=client -o yaml',
    files: { 'app.conf': 'a = 1\n', 'conf/x.conf': 'no newline at the end' },
  },
  {
    line: 'kubectl create cm app --from-file=conf --dry-run=client -o yaml',
    files: { 'conf/a.conf': 'a', 'conf/b.conf': 'tab\there\n' },
  },
  {
    line: 'kubectl create cm app --from-env-file=app.env --dry-run=client -o yaml',
    files: { 'app.env': '# comment\nA=1\nB=two words\n' },
  },
  {
    line: 'kubectl patch deploy web --patch-file=p.yaml --dry-run=server',
    files: { 'p.yaml': 'spec: { replicas: 4 }\n' },
  },
  { line: 'kubectl label -f svc.yaml a=b --local -o yaml', files: { 'svc.yaml': SERVICE } },
  { line: 'kubectl set image -f - api=example.test/api:3 --local -o yaml', stdin: DEPLOYMENT },
  {
    line: 'kubectl apply -k . --dry-run=server',
    files: { 'kustomization.yaml': 'resources: [d.yaml]\nnameSuffix: -test\n', 'd.yaml': DEPLOYMENT },
  },
];

const DIFFERENCES: readonly EverydayCommand[] = [
  // The names of its files are new in every run.
  { line: `kubectl diff -f - | grep -vE '/(LIVE|MERGED)-'`, stdin: WIDGET },
  { line: `kubectl diff -f - --server-side --force-conflicts | sed '/-[0-9]*\\//d'`, stdin: WIDGET },
  {
    line: 'kubectl diff -f same.yaml',
    files: { 'same.yaml': '{apiVersion: v1, kind: ConfigMap, metadata: {name: empty}}' },
  },
];

export const KUBECTL_CHANGES: readonly EverydayCommand[] = [...CLIENT, ...SERVER, ...FROM_FILES, ...DIFFERENCES];
