/** Changes in the order people make them, each built on those before. */
import type { EverydayCommand } from './types.ts';

const SETTINGS = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: app }\ndata: { color: red, size: "1" }\n';
const SETTINGS_LATER =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: app, labels: { seen: "yes" } }\ndata: { color: green }\n';
const JOB = `apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec:
  schedule: "0 3 * * *"
  suspend: true
  jobTemplate:
    spec: { template: { spec: { restartPolicy: Never, containers: [{ name: c, image: "example.test/job:1" }] } } }
`;
const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: { name: sent }\nstringData: { pass: canary-written-value }\n';

const line = (text: string, more: Omit<EverydayCommand, 'line'> = {}): EverydayCommand => ({ line: text, ...more });

export const WRITES: readonly EverydayCommand[] = [
  line('kubectl apply -f -', { stdin: SETTINGS }),
  line('kubectl apply -f -', { stdin: SETTINGS }),
  line('kubectl apply -f -', { stdin: SETTINGS_LATER }),
  line('kubectl apply --server-side -f -', {
    stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ssa }\ndata: { a: b }\n',
  }),
  line('kubectl create -f jobs/nightly.yaml', { files: { 'jobs/nightly.yaml': JOB } }),
  line('kubectl create -f jobs/nightly.yaml', { files: { 'jobs/nightly.yaml': JOB } }),
  line('kubectl create deploy web --image=example.test/web:1 --replicas=2 --port=8080'),
  line('kubectl rollout status deploy/web --timeout=120s | tail -1'),
  line('kubectl create cm files --from-file=a.conf --from-literal=b="two words"', { files: { 'a.conf': 'x = 1\n' } }),
  line('kubectl create secret generic creds --from-literal=pass=canary-written-value'),
  line('kubectl apply -f -', { stdin: SECRET }),
  line('kubectl create sa robot'),
  line('kubectl create quota ceiling --hard=configmaps=50'),
  line('kubectl create pdb web --selector=app=web --min-available=1'),
  line("kubectl create ingress web --rule='a.example/*=web:80'"),
  line('kubectl create job once --from=cronjob/nightly'),
  line('kubectl expose deploy web --port=80 --target-port=8080 --cluster-ip=None'),
  line('kubectl run single --image=example.test/one:1 --labels=run=single,env=dev'),
  line('kubectl label pod single tier=front'),
  line('kubectl label pod single env=prod'),
  line('kubectl label pod single env=prod --overwrite'),
  line('kubectl label pod single tier-'),
  line(`kubectl annotate deploy web note='two words: größe $5 * "x"'`),
  line('kubectl annotate deploy web kubernetes.io/change-cause="image 1"'),
  line('kubectl set image deploy/web web=example.test/web:2'),
  line('kubectl set env deploy/web LOG=debug COLOR-'),
  line('kubectl set env deploy/web --from=configmap/app --prefix=APP_'),
  line('kubectl set resources deploy web --requests=cpu=100m,memory=64Mi'),
  line('kubectl set serviceaccount deploy web robot'),
  // More than there are revisions: how soon the controller takes old ones away would decide whether there is one to go back to.
  line(`kubectl patch deploy web -p '{"spec":{"revisionHistoryLimit":30}}'`),
  line(`kubectl patch deploy web --type=json -p '[{"op":"add","path":"/metadata/labels/patched","value":"yes"}]'`),
  line('kubectl patch cm app --type=merge --patch-file=p.yaml', { files: { 'p.yaml': 'data: { size: "2" }\n' } }),
  line('kubectl rollout pause deploy/web'),
  line('kubectl rollout pause deploy/web'),
  line('kubectl rollout resume deploy/web'),
  line('kubectl rollout undo deploy/web --to-revision=1'),
  line('kubectl scale deploy web --replicas=3'),
  line('kubectl scale deploy web --replicas=1 --current-replicas=9'),
  line('kubectl autoscale deploy web --min=2 --max=5 --cpu=80%'),
  line('kubectl replace -f -', { stdin: SETTINGS }),
  line('kubectl apply -k k', {
    files: {
      'k/kustomization.yaml': 'namePrefix: my-\nresources: [cm.yaml]\n',
      'k/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: kust }\ndata: { x: y }\n',
    },
  }),
  line('kubectl delete cm ssa'),
  line('kubectl delete cm ssa'),
  line('kubectl delete cm ssa --ignore-not-found'),
  line('kubectl delete job,cronjob --all --wait=false'),
  line('kubectl delete -f - --now', { stdin: SETTINGS }),
  line('kubectl delete pod single --grace-period=0 --force --wait=false'),
];

/** What is left of each kind, without what the API server sets for itself. */
export const REMAINDER = line(
  'kubectl get deploy,cm,secret,svc,ingress,pdb,hpa,sa,quota -o json | ' +
    `jq -S '[.items[] | {kind, name: .metadata.name, labels: .metadata.labels, spec, data: (.data // {} | keys)} | del(.spec.clusterIP, .spec.clusterIPs)]'`,
);
