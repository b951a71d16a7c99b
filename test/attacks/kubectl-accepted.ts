/** What people who run clusters write every day, and the words that kubectl gets for it. */
import type { AcceptedLine } from './command-line.ts';

const READS: readonly AcceptedLine[] = [
  { command: 'get pods', argv: ['get', 'pods'] },
  { command: 'kubectl get pods', argv: ['get', 'pods'] },
  { command: '  kubectl   get\tpods \n', argv: ['get', 'pods'] },
  { command: 'get pods -n web', argv: ['get', '--namespace=web', 'pods'] },
  { command: '-n web get pods', argv: ['get', '--namespace=web', 'pods'] },
  { command: '--namespace web get pods', argv: ['get', '--namespace=web', 'pods'] },
  { command: '--context=prod get pods', argv: ['get', 'pods'] },
  { command: '-o yaml get pods web', argv: ['get', '--output=yaml', 'pods', 'web'] },
  { command: 'get pods', namespace: 'web', argv: ['get', '--namespace=web', 'pods'] },
  { command: 'get pods -n web', namespace: 'web', argv: ['get', '--namespace=web', 'pods'] },
  { command: 'get pods -A', argv: ['get', '--all-namespaces=true', 'pods'] },
  { command: 'get po -Aw', argv: ['get', '--all-namespaces=true', '--watch=true', 'po'] },
  { command: 'get po -Ao wide', argv: ['get', '--all-namespaces=true', '--output=wide', 'po'] },
  { command: 'get pods --all_namespaces', argv: ['get', '--all-namespaces=true', 'pods'] },
  { command: 'get pods -A=false', argv: ['get', '--all-namespaces=false', 'pods'] },
  { command: 'get deploy,sts,ds -o wide', argv: ['get', '--output=wide', 'deploy,sts,ds'] },
  { command: 'get pod/web svc/web', argv: ['get', 'pod/web', 'svc/web'] },
  { command: 'get nodes --show-labels', argv: ['get', '--show-labels=true', 'nodes'] },
  {
    command: 'get nodes -L topology.kubernetes.io/zone',
    argv: ['get', '--label-columns=topology.kubernetes.io/zone', 'nodes'],
  },
  { command: 'get pods -l app=web,tier!=db', argv: ['get', '--selector=app=web,tier!=db', 'pods'] },
  { command: "get pods -l 'env in (prod, stage)'", argv: ['get', '--selector=env in (prod, stage)', 'pods'] },
  { command: 'get pods -l env in (prod, stage)', argv: ['get', '--selector=env in (prod, stage)', 'pods'] },
  {
    command: 'get pods -l env in (prod, stage),tier notin (db) -o name',
    argv: ['get', '--selector=env in (prod, stage),tier notin (db)', '--output=name', 'pods'],
  },
  { command: 'get pods --selector=!canary', argv: ['get', '--selector=!canary', 'pods'] },
  {
    command: 'get pods --field-selector=status.phase!=Running,spec.nodeName=n1',
    argv: ['get', '--field-selector=status.phase!=Running,spec.nodeName=n1', 'pods'],
  },
  {
    command: 'get pods --sort-by=.metadata.creationTimestamp',
    argv: ['get', '--sort-by=.metadata.creationTimestamp', 'pods'],
  },
  {
    command: "get pods --sort-by='{.status.containerStatuses[0].restartCount}'",
    argv: ['get', '--sort-by={.status.containerStatuses[0].restartCount}', 'pods'],
  },
  {
    command: 'get pods -o jsonpath={.items[*].metadata.name}',
    argv: ['get', '--output=jsonpath={.items[*].metadata.name}', 'pods'],
  },
  {
    command: 'get pods -o jsonpath=\'{range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}\'',
    argv: ['get', '--output=jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}', 'pods'],
  },
  {
    command: 'get pods -o jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}',
    argv: ['get', '--output=jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}', 'pods'],
  },
  {
    command: 'get nodes -o jsonpath="{.items[*].status.addresses[?(@.type==\'InternalIP\')].address}"',
    argv: ['get', "--output=jsonpath={.items[*].status.addresses[?(@.type=='InternalIP')].address}", 'nodes'],
  },
  {
    command: 'get nodes -o jsonpath={.items[?(@.spec.unschedulable==true)].metadata.name}',
    argv: ['get', '--output=jsonpath={.items[?(@.spec.unschedulable==true)].metadata.name}', 'nodes'],
  },
  {
    command: 'get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image',
    argv: ['get', '--output=custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image', 'pods'],
  },
  {
    command: "get pods -o go-template='{{range .items}}{{.metadata.name}} {{end}}'",
    argv: ['get', '--output=go-template={{range .items}}{{.metadata.name}} {{end}}', 'pods'],
  },
  {
    command: 'get pods -o go-template={{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}',
    argv: ['get', '--output=go-template={{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}', 'pods'],
  },
  {
    command: 'get pods -o custom-columns-file=columns.txt',
    files: { 'columns.txt': 'NAME\n.metadata.name' },
    argv: ['get', '--output=custom-columns-file=columns.txt', 'pods'],
  },
  {
    command: 'get pods -o go-template-file --template=./t/list.tmpl',
    files: { 't/list.tmpl': '{{len .items}}' },
    argv: ['get', '--output=go-template-file', '--template=./t/list.tmpl', 'pods'],
  },
  { command: 'get pods --no-headers | wc -l', argv: ['get', '--no-headers=true', 'pods'] },
  { command: 'get pods -A | grep -v Running | head -20', argv: ['get', '--all-namespaces=true', 'pods'] },
  { command: "get pods -A | grep 'Crash\\|Error' |\n sort | uniq -c", argv: ['get', '--all-namespaces=true', 'pods'] },
  { command: "get pods | awk '{print $1}'", argv: ['get', 'pods'] },
  { command: 'get pods | awk {print $1}', argv: ['get', 'pods'] },
  {
    command: 'get pods -o json | jq \'.items[] | select(.status.phase != "Running") | .metadata.name\'',
    argv: ['get', '--output=json', 'pods'],
  },
  { command: 'get pods \\\n  -n web \\\n  -o yaml', argv: ['get', '--namespace=web', '--output=yaml', 'pods'] },
  { command: 'get secret web -o yaml', argv: ['get', '--output=yaml', 'secret', 'web'] },
  {
    command: 'get events --sort-by=.lastTimestamp -w',
    argv: ['get', '--sort-by=.lastTimestamp', '--watch=true', 'events'],
  },
  {
    command: 'get --raw /apis/metrics.k8s.io/v1beta1/nodes',
    argv: ['get', '--raw=/apis/metrics.k8s.io/v1beta1/nodes'],
  },
  { command: 'get --raw=/readyz?verbose', argv: ['get', '--raw=/readyz?verbose'] },
  { command: "get --raw '/api/v1/pods?limit=1&continue=x'", argv: ['get', '--raw=/api/v1/pods?limit=1&continue=x'] },
  { command: 'get pod web --ignore-not-found', argv: ['get', '--ignore-not-found=true', 'pod', 'web'] },
  { command: 'get deploy web --subresource=scale', argv: ['get', '--subresource=scale', 'deploy', 'web'] },
  { command: 'get applications.argoproj.io -A', argv: ['get', '--all-namespaces=true', 'applications.argoproj.io'] },
  { command: 'get -f - -o yaml', stdin: '{}', argv: ['get', '--filename=-', '--output=yaml'] },
  { command: 'get pods -v=6', argv: ['get', '--v=6', 'pods'] },
  { command: 'get pods --request-timeout=5s', argv: ['get', '--request-timeout=5s', 'pods'] },
  { command: 'describe pod web-0 -n web', argv: ['describe', '--namespace=web', 'pod', 'web-0'] },
  { command: 'describe node n1', argv: ['describe', 'node', 'n1'] },
  { command: 'describe deploy -l app=web', argv: ['describe', '--selector=app=web', 'deploy'] },
  { command: 'logs web-0 --tail=100', argv: ['logs', '--tail=100', 'web-0'] },
  { command: 'logs -f web-0', argv: ['logs', '--follow=true', 'web-0'] },
  { command: 'logs -fp web-0 -c app', argv: ['logs', '--follow=true', '--previous=true', '--container=app', 'web-0'] },
  {
    command: 'logs deploy/web --all-containers --since=1h --timestamps --prefix',
    argv: ['logs', '--all-containers=true', '--since=1h', '--timestamps=true', '--prefix=true', 'deploy/web'],
  },
  { command: 'logs -l app=web --max-log-requests 10', argv: ['logs', '--selector=app=web', '--max-log-requests=10'] },
  { command: 'logs web -p | grep -i error | tail -n 50', argv: ['logs', '--previous=true', 'web'] },
  { command: 'top nodes', argv: ['top', 'node'] },
  { command: 'top po -A --sort-by=memory', argv: ['top', 'pod', '--all-namespaces=true', '--sort-by=memory'] },
  { command: 'top pod web-0 --containers', argv: ['top', 'pod', '--containers=true', 'web-0'] },
  {
    command: 'explain deploy.spec.strategy --recursive',
    argv: ['explain', '--recursive=true', 'deploy.spec.strategy'],
  },
  {
    command: 'api-resources --namespaced=false -o name',
    argv: ['api-resources', '--namespaced=false', '--output=name'],
  },
  { command: 'api-versions', argv: ['api-versions'] },
  { command: 'cluster-info', argv: ['cluster-info'] },
  { command: 'cluster-info dump -n kube-system', argv: ['cluster-info', 'dump', '--namespace=kube-system'] },
  { command: 'cluster-info dump --output-directory=-', argv: ['cluster-info', 'dump', '--output-directory=-'] },
  { command: 'version --client -o json', argv: ['version', '--client=true', '--output=json'] },
  {
    command: 'auth can-i create deployments -n web',
    argv: ['auth', 'can-i', '--namespace=web', 'create', 'deployments'],
  },
  { command: 'auth can-i --list', argv: ['auth', 'can-i', '--list=true'] },
  { command: 'auth can-i get /healthz', argv: ['auth', 'can-i', 'get', '/healthz'] },
  {
    command: 'auth can-i list pods --as=system:serviceaccount:web:default',
    argv: ['auth', 'can-i', '--as=system:serviceaccount:web:default', 'list', 'pods'],
  },
  { command: 'auth whoami -o yaml', argv: ['auth', 'whoami', '--output=yaml'] },
  { command: 'config get-contexts -o name', argv: ['config', 'get-contexts', '--output=name'] },
  { command: 'config view --minify', argv: ['config', 'view', '--minify=true'] },
  { command: 'config current-context', argv: ['config', 'current-context'] },
  { command: 'events --for pod/web-0 --types=Warning', argv: ['events', '--for=pod/web-0', '--types=Warning'] },
  {
    command: 'wait --for=condition=Ready pod -l app=web --timeout=60s',
    argv: ['wait', '--for=condition=Ready', '--selector=app=web', '--timeout=60s', 'pod'],
  },
  {
    command: 'wait pod/web --for=jsonpath={.status.phase}=Running',
    argv: ['wait', '--for=jsonpath={.status.phase}=Running', 'pod/web'],
  },
  { command: 'wait --for=delete pod/web', argv: ['wait', '--for=delete', 'pod/web'] },
  { command: 'rollout status deploy/web --timeout=2m', argv: ['rollout', 'status', '--timeout=2m', 'deploy/web'] },
  {
    command: 'rollout -n web history deploy/web --revision 3',
    argv: ['rollout', 'history', '--namespace=web', '--revision=3', 'deploy/web'],
  },
  { command: 'diff -f -', stdin: '{}', argv: ['diff', '--filename=-'] },
  {
    command: 'diff -k overlay',
    files: { 'overlay/kustomization.yaml': 'resources: [a.yaml]', 'overlay/a.yaml': '{}' },
    argv: ['diff', '--kustomize=overlay'],
  },
  { command: 'kustomize .', files: { 'kustomization.yaml': '' }, argv: ['kustomize', '.'] },
  { command: 'apply view-last-applied deploy/web', argv: ['apply', 'view-last-applied', 'deploy/web'] },
  { command: 'get --help', argv: ['get', '--help'] },
  { command: 'rollout undo -h', argv: ['rollout', 'undo', '--help'] },
  { command: '--help', argv: ['--help'] },
  { command: 'delete pods --all --help', argv: ['delete', '--help'] },
  { command: 'help create deployment', argv: ['help', 'create', 'deployment'] },
];

const WRITES: readonly AcceptedLine[] = [
  { command: 'apply -f -', stdin: '{}', argv: ['apply', '--filename=-'] },
  {
    command: 'apply -f deploy.yaml -f svc.yaml',
    files: { 'deploy.yaml': '{}', 'svc.yaml': '{}' },
    argv: ['apply', '--filename=deploy.yaml', '--filename=svc.yaml'],
  },
  {
    command: 'apply -f deploy.yaml,svc.yaml',
    files: { 'deploy.yaml': '{}', 'svc.yaml': '{}' },
    argv: ['apply', '--filename=deploy.yaml,svc.yaml'],
  },
  {
    command: 'apply -Rf manifests/',
    files: { 'manifests/a.yaml': '{}' },
    argv: ['apply', '--recursive=true', '--filename=manifests/'],
  },
  {
    command: 'apply --server-side --force-conflicts -f -',
    stdin: '{}',
    argv: ['apply', '--server-side=true', '--force-conflicts=true', '--filename=-'],
  },
  {
    command: 'apply -f - --dry-run=server -o yaml',
    stdin: '{}',
    argv: ['apply', '--filename=-', '--dry-run=server', '--output=yaml'],
  },
  { command: 'create ns web', argv: ['create', 'namespace', 'web'] },
  {
    command: 'create deploy web --image=nginx:1.27 --replicas=2 --port 80',
    argv: ['create', 'deployment', '--image=nginx:1.27', '--replicas=2', '--port=80', 'web'],
  },
  {
    command: 'create deploy web --image=busybox -- sleep 3600',
    argv: ['create', 'deployment', '--image=busybox', 'web', '--', 'sleep', '3600'],
  },
  {
    command: "create cm app --from-literal='greeting=hello world' --from-literal=a=b",
    argv: ['create', 'configmap', '--from-literal=greeting=hello world', '--from-literal=a=b', 'app'],
  },
  {
    command: 'create cm app --from-file=app.conf',
    files: { 'app.conf': 'x' },
    argv: ['create', 'configmap', '--from-file=app.conf', 'app'],
  },
  {
    command: 'create cm app --from-file=main=conf/app.conf',
    files: { 'conf/app.conf': 'x' },
    argv: ['create', 'configmap', '--from-file=main=conf/app.conf', 'app'],
  },
  {
    command: 'create cm app --from-file=conf',
    files: { 'conf/app.conf': 'x' },
    argv: ['create', 'configmap', '--from-file=conf', 'app'],
  },
  {
    command: 'create secret generic db --from-env-file=db.env',
    files: { 'db.env': 'A=b' },
    argv: ['create', 'secret', 'generic', '--from-env-file=db.env', 'db'],
  },
  {
    command: 'create secret tls web --cert=tls.crt --key=tls.key',
    files: { 'tls.crt': 'x', 'tls.key': 'y' },
    argv: ['create', 'secret', 'tls', '--cert=tls.crt', '--key=tls.key', 'web'],
  },
  {
    command: 'create svc clusterip web --tcp=80:8080',
    argv: ['create', 'service', 'clusterip', '--tcp=80:8080', 'web'],
  },
  { command: 'create job once --from=cronjob/nightly', argv: ['create', 'job', '--from=cronjob/nightly', 'once'] },
  {
    command: "create cronjob c --image=busybox --schedule='*/5 * * * *' -- date",
    argv: ['create', 'cronjob', '--image=busybox', '--schedule=*/5 * * * *', 'c', '--', 'date'],
  },
  {
    command: 'create ingress web --rule=a.example/*=web:80',
    argv: ['create', 'ingress', '--rule=a.example/*=web:80', 'web'],
  },
  {
    command: 'create deploy web --image=nginx --dry-run=client -o yaml',
    argv: ['create', 'deployment', '--image=nginx', '--dry-run=client', '--output=yaml', 'web'],
  },
  {
    command: 'create rolebinding v --clusterrole=view --user=ann',
    argv: ['create', 'rolebinding', '--clusterrole=view', '--user=ann', 'v'],
  },
  {
    command: 'run tmp --image=busybox --restart=Never -- sh -c "sleep 5"',
    argv: ['run', '--image=busybox', '--restart=Never', 'tmp', '--', 'sh', '-c', 'sleep 5'],
  },
  {
    command: 'expose deploy web --port=80 --target-port=8080',
    argv: ['expose', '--port=80', '--target-port=8080', 'deploy', 'web'],
  },
  {
    command: 'delete pod web-0 --grace-period=0 --force',
    argv: ['delete', '--grace-period=0', '--force=true', 'pod', 'web-0'],
  },
  { command: 'delete -f -', stdin: '{}', argv: ['delete', '--filename=-'] },
  { command: 'delete pods -l app=web --wait=false', argv: ['delete', '--selector=app=web', '--wait=false', 'pods'] },
  { command: 'replace -f -', stdin: '{}', argv: ['replace', '--filename=-'] },
  {
    command: `patch deploy web -p '{"spec":{"replicas":3}}'`,
    argv: ['patch', '--patch={"spec":{"replicas":3}}', 'deploy', 'web'],
  },
  {
    command: 'patch deploy web -p {"spec": {"replicas": 3}}',
    argv: ['patch', '--patch={"spec": {"replicas": 3}}', 'deploy', 'web'],
  },
  {
    command: 'patch deploy web -p "{\\"spec\\":{\\"paused\\":true}}"',
    argv: ['patch', '--patch={"spec":{"paused":true}}', 'deploy', 'web'],
  },
  {
    command: 'patch svc web --type=json -p [{"op": "replace", "path": "/spec/type", "value": "NodePort"}]',
    argv: [
      'patch',
      '--type=json',
      '--patch=[{"op": "replace", "path": "/spec/type", "value": "NodePort"}]',
      'svc',
      'web',
    ],
  },
  {
    command: 'patch deploy web --patch-file=p.yaml',
    files: { 'p.yaml': 'a' },
    argv: ['patch', '--patch-file=p.yaml', 'deploy', 'web'],
  },
  { command: 'label pod web env=prod --overwrite', argv: ['label', '--overwrite=true', 'pod', 'web', 'env=prod'] },
  { command: 'label pod web env-', argv: ['label', 'pod', 'web', 'env-'] },
  { command: 'annotate deploy web note="two words"', argv: ['annotate', 'deploy', 'web', 'note=two words'] },
  {
    command: 'annotate deploy web price=$5 glob=* home=~',
    argv: ['annotate', 'deploy', 'web', 'price=$5', 'glob=*', 'home=~'],
  },
  { command: 'annotate deploy web note=größe', argv: ['annotate', 'deploy', 'web', 'note=größe'] },
  { command: 'scale deploy web --replicas=0', argv: ['scale', '--replicas=0', 'deploy', 'web'] },
  {
    command: 'autoscale deploy web --min=2 --max=5 --cpu=80%',
    argv: ['autoscale', '--min=2', '--max=5', '--cpu=80%', 'deploy', 'web'],
  },
  { command: 'set image deploy/web web=nginx:1.28', argv: ['set', 'image', 'deploy/web', 'web=nginx:1.28'] },
  { command: 'set env deploy/web LOG=debug OLD-', argv: ['set', 'env', 'deploy/web', 'LOG=debug', 'OLD-'] },
  {
    command: 'set resources deploy web --limits=cpu=1,memory=1Gi',
    argv: ['set', 'resources', '--limits=cpu=1,memory=1Gi', 'deploy', 'web'],
  },
  { command: 'rollout restart deploy/web', argv: ['rollout', 'restart', 'deploy/web'] },
  { command: 'rollout undo deploy/web --to-revision=2', argv: ['rollout', 'undo', '--to-revision=2', 'deploy/web'] },
  { command: 'cordon n1', argv: ['cordon', 'n1'] },
  {
    command: 'drain n1 --ignore-daemonsets --delete-emptydir-data',
    argv: ['drain', '--ignore-daemonsets=true', '--delete-emptydir-data=true', 'n1'],
  },
  { command: 'taint nodes n1 key=value:NoSchedule', argv: ['taint', 'nodes', 'n1', 'key=value:NoSchedule'] },
  { command: 'taint nodes n1 key:NoSchedule-', argv: ['taint', 'nodes', 'n1', 'key:NoSchedule-'] },
  { command: 'certificate approve csr-1', argv: ['certificate', 'approve', 'csr-1'] },
  { command: 'create token default --duration=10m', argv: ['create', 'token', '--duration=10m', 'default'] },
];

const REACHING: readonly AcceptedLine[] = [
  { command: 'exec web-0 -- ls -la /data', argv: ['exec', 'web-0', '--', 'ls', '-la', '/data'] },
  {
    command: 'exec web-0 -c app -- cat /etc/resolv.conf | grep nameserver',
    argv: ['exec', '--container=app', 'web-0', '--', 'cat', '/etc/resolv.conf'],
  },
  {
    command: "exec web-0 -- sh -c 'ls; id | grep root > /dev/null'",
    argv: ['exec', 'web-0', '--', 'sh', '-c', 'ls; id | grep root > /dev/null'],
  },
  {
    command: 'exec deploy/web -- env --server=x -- y',
    argv: ['exec', 'deploy/web', '--', 'env', '--server=x', '--', 'y'],
  },
  { command: 'exec -i web-0 -- psql', stdin: 'select 1', argv: ['exec', '--stdin=true', 'web-0', '--', 'psql'] },
  { command: 'exec -i web-0 -- sh', stdin: 'id', argv: ['exec', '--stdin=true', 'web-0', '--', 'sh'] },
  {
    command: 'debug web-0 --image=busybox --target=app -- ps',
    argv: ['debug', '--image=busybox', '--target=app', 'web-0', '--', 'ps'],
  },
  {
    command: 'debug node/n1 --image=busybox --profile=sysadmin -- ls',
    argv: ['debug', '--image=busybox', '--profile=sysadmin', 'node/n1', '--', 'ls'],
  },
];

/** Values that look like flags stay values. */
const HARMLESS_DISGUISE: readonly AcceptedLine[] = [
  {
    command: 'get pods -n --server=https://evil.example',
    argv: ['get', '--namespace=--server=https://evil.example', 'pods'],
  },
  { command: 'get pods --namespace --token', argv: ['get', '--namespace=--token', 'pods'] },
  { command: 'get pods -l -- web', argv: ['get', '--selector=--', 'pods', 'web'] },
  { command: 'get pods -n=', argv: ['get', '--namespace==', 'pods'] },
  { command: 'get pods -namespace web', argv: ['get', '--namespace=amespace', 'pods', 'web'] },
  { command: 'get pods web --', argv: ['get', 'pods', 'web'] },
  { command: "get pods ''", argv: ['get', 'pods', ''] },
  { command: 'get -n delete pods', argv: ['get', '--namespace=delete', 'pods'] },
  { command: 'get delete', argv: ['get', 'delete'] },
];

export const KUBECTL_ACCEPTED: readonly AcceptedLine[] = [...READS, ...WRITES, ...REACHING, ...HARMLESS_DISGUISE];
