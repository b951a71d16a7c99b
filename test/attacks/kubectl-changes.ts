/** Commands for kubectl that change something, in plain words and in disguise, and what each of them does and needs. */
import type { CommandEffect } from '../../src/exec/types.ts';
import type { Gate } from '../../src/kernel/vocabulary.ts';
import type { CommandLine } from './command-line.ts';

export interface ChangingLine extends CommandLine {
  readonly effect: CommandEffect;
  readonly gates: readonly Gate[];
}

const F = { stdin: '{}' } as const;

export const KUBECTL_CHANGES: readonly ChangingLine[] = [
  // Deletes, wherever the word stands.
  { command: 'delete pod web', effect: 'destructive', gates: ['delete'] },
  { command: 'kubectl  delete   pod web', effect: 'destructive', gates: ['delete'] },
  { command: '-n prod delete all --all', effect: 'destructive', gates: ['delete'] },
  { command: '--context=prod delete ns prod', effect: 'destructive', gates: ['delete'] },
  { command: '--context prod -n x delete ns prod', effect: 'destructive', gates: ['delete'] },
  { command: 'd"ele"te pod web', effect: 'destructive', gates: ['delete'] },
  { command: 'de\\lete pod web', effect: 'destructive', gates: ['delete'] },
  { command: 'delete pod web --dry-run=none', effect: 'destructive', gates: ['delete'] },
  { command: 'delete pod web --dry-run=server --dry-run=none', effect: 'destructive', gates: ['delete'] },
  { command: 'delete pod web --dry_run=none', effect: 'destructive', gates: ['delete'] },
  { command: 'delete --raw=/api/v1/namespaces/a/pods/web', effect: 'destructive', gates: ['delete'] },
  { command: 'delete pods --all -A --wait=false', effect: 'destructive', gates: ['delete'] },
  { command: 'delete pod web --as=admin', effect: 'destructive', gates: ['delete', 'escalation'] },
  { command: 'delete pod web --help=false', effect: 'destructive', gates: ['delete'] },
  { command: 'drain n1', effect: 'destructive', gates: ['update', 'delete'] },
  { command: 'replace -f - --force', ...F, effect: 'destructive', gates: ['create', 'delete'] },
  { command: 'replace --force=1 -f -', ...F, effect: 'destructive', gates: ['create', 'delete'] },
  { command: 'apply -f - --prune -l a=b', ...F, effect: 'destructive', gates: ['delete', 'update'] },
  { command: 'apply -f - --prune=T --all', ...F, effect: 'destructive', gates: ['delete', 'update'] },
  { command: 'apply -f - --force', ...F, effect: 'destructive', gates: ['delete', 'update'] },
  {
    command: 'create --raw=/api/v1/namespaces/a/pods/web/eviction -f -',
    ...F,
    effect: 'destructive',
    gates: ['create'],
  },
  {
    command: 'auth reconcile -f - --remove-extra-subjects',
    ...F,
    effect: 'destructive',
    gates: ['create', 'escalation', 'update'],
  },
  { command: 'debug web --copy-to=x --replace --image=a', effect: 'destructive', gates: ['create', 'delete', 'exec'] },
  // Changes.
  { command: 'apply -f -', ...F, effect: 'write', gates: ['update'] },
  { command: 'apply -f - --server-side', ...F, effect: 'write', gates: ['create', 'update'] },
  { command: 'apply -f - --prune=false', ...F, effect: 'write', gates: ['update'] },
  { command: 'apply set-last-applied -f -', ...F, effect: 'write', gates: ['update'] },
  { command: 'replace -f -', ...F, effect: 'write', gates: ['update'] },
  { command: 'replace --raw=/api/v1/x -f -', ...F, effect: 'write', gates: ['update'] },
  { command: 'patch deploy web -p {}', effect: 'write', gates: ['update'] },
  { command: 'label pod web a=b', effect: 'write', gates: ['update'] },
  { command: 'label pod web a=b --list=false', effect: 'write', gates: ['update'] },
  { command: 'annotate pod web a=b', effect: 'write', gates: ['update'] },
  { command: 'scale deploy web --replicas=0', effect: 'write', gates: ['update'] },
  { command: 'set image deploy/web web=a', effect: 'write', gates: ['update'] },
  { command: 'set env deploy/web A=b', effect: 'write', gates: ['update'] },
  { command: 'set subject rolebinding x --user=a', effect: 'write', gates: ['escalation', 'update'] },
  { command: 'rollout restart deploy/web', effect: 'write', gates: ['update'] },
  { command: 'rollout undo deploy/web', effect: 'write', gates: ['update'] },
  { command: 'cordon n1', effect: 'write', gates: ['update'] },
  { command: 'taint node n1 a:NoExecute', effect: 'write', gates: ['update'] },
  { command: 'certificate approve x', effect: 'write', gates: ['escalation', 'update'] },
  // Additions.
  { command: 'create -f -', ...F, effect: 'write', gates: ['create'] },
  { command: 'create --raw=/api/v1/namespaces -f -', ...F, effect: 'write', gates: ['create'] },
  { command: 'create ns x', effect: 'write', gates: ['create'] },
  {
    command: 'create clusterrolebinding x --clusterrole=cluster-admin --user=me',
    effect: 'write',
    gates: ['create', 'escalation'],
  },
  { command: 'create token default', effect: 'write', gates: ['create', 'escalation'] },
  { command: 'run x --image=a', effect: 'write', gates: ['create'] },
  { command: 'expose deploy web --port=80', effect: 'write', gates: ['create'] },
  { command: 'autoscale deploy web --max=3', effect: 'write', gates: ['create'] },
  // Inside of workloads.
  { command: 'exec web -- ls', effect: 'write', gates: ['exec'] },
  { command: 'debug web --image=a', effect: 'write', gates: ['exec'] },
  { command: 'debug web --image=a --copy-to=b', effect: 'write', gates: ['create'] },
  { command: 'debug node/n1 --image=a', effect: 'write', gates: ['create'] },
  // What only seems to change something.
  { command: 'delete pod web --dry-run=server', effect: 'read', gates: [] },
  { command: 'delete pod web --dry-run', effect: 'read', gates: [] },
  { command: 'create ns x --dry-run=client', effect: 'read', gates: [] },
  { command: 'create ns x --dry-run=client --as=me', effect: 'read', gates: ['escalation'] },
  { command: 'label pod web --list', effect: 'read', gates: [] },
  { command: 'set image -f - web=a --local', ...F, effect: 'local', gates: [] },
  { command: 'get pods', effect: 'read', gates: [] },
  { command: 'delete --help', effect: 'local', gates: [] },
  { command: 'version --client', effect: 'local', gates: [] },
  { command: 'config view', effect: 'local', gates: [] },
];
