/** Commands that are accepted and dangerous by nature. */
import type { Danger } from './danger.ts';
import { HOSTILE_FILTERS } from './filter-dangers.ts';
import { HOSTILE_CHARTS, HOSTILE_TEMPLATES } from './helm-dangers.ts';
import { HOSTILE_KUSTOMIZATIONS, KUBECTL_DANGERS } from './kubectl-dangers.ts';

const ISTIO = 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n';

const ISTIOCTL: readonly Danger[] = [
  { tool: 'istioctl', name: 'a profile that is a file', command: 'manifest generate --set profile={{file}}', ends: 1 },
  { tool: 'istioctl', name: 'a profile that is a way up', command: 'manifest generate --set profile={{up}}', ends: 1 },
  {
    tool: 'istioctl',
    name: 'a profile that is a URL',
    command: 'manifest generate --set profile=http://127.0.0.1:{{port}}/p',
    ends: 1,
  },
  {
    tool: 'istioctl',
    name: 'a profile that is a file, in a file',
    command: 'manifest generate -f iop.yaml',
    files: { 'iop.yaml': `${ISTIO}spec: {profile: "{{file}}"}\n` },
    ends: 1,
  },
  {
    tool: 'istioctl',
    name: 'charts behind a line separator',
    command: 'manifest generate -f iop.yaml',
    files: { 'iop.yaml': `${ISTIO}spec:\n  profile: minimal # \u2028  installPackagePath: {{dir}}\n` },
    ends: 'invalid_argument',
  },
  {
    tool: 'istioctl',
    name: 'charts by another s',
    command: 'manifest generate -f iop.yaml | grep -c kind',
    files: { 'iop.yaml': `${ISTIO}spec: {profile: minimal, in\u017ftallPackagePath: "{{dir}}"}\n` },
    ends: 0,
  },
  {
    tool: 'istioctl',
    name: 'a template in values',
    command: 'manifest generate -f iop.yaml',
    files: {
      'iop.yaml': `${ISTIO}spec: {profile: minimal, values: {global: {hub: '{{ env "CANARY" }}', tag: '{{ .Files.Get "{{file}}" }}'}}}\n`,
    },
    ends: 1,
  },
  {
    tool: 'istioctl',
    name: 'a manifest that names files',
    command: 'validate -f -',
    stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: "file://{{file}}"}\n',
    ends: 0,
  },
  {
    tool: 'istioctl',
    name: 'a list of files',
    command: 'analyze --use-kube=false a.yaml',
    files: { 'a.yaml': 'apiVersion: v1\nkind: List\nitems: [{$ref: "{{file}}"}]\n' },
    ends: 65,
  },
];

const ARGOCD: readonly Danger[] = [
  {
    tool: 'argocd',
    name: 'an application whose repository is a folder',
    command: 'app create -f -',
    stdin:
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: evil}\nspec: {project: default, source: {repoURL: "file://{{dir}}", path: .}, destination: {server: "https://kubernetes.default.svc", namespace: default}}\n',
    ends: 20,
  },
  {
    tool: 'argocd',
    name: 'an application whose repository is loopback',
    command:
      'app create evil --repo http://127.0.0.1:{{port}}/x.git --path . --dest-server https://kubernetes.default.svc --dest-namespace default',
    ends: 20,
  },
  {
    tool: 'argocd',
    name: 'an application whose cluster is loopback',
    command:
      'app create evil --repo https://git.example/x.git --path . --dest-server https://127.0.0.1:{{port}} --dest-namespace default --validate=false',
    ends: 20,
  },
  {
    tool: 'argocd',
    name: 'values that are a file of the server',
    command: 'app set guestbook --values {{file}}',
    ends: 20,
  },
];

export const DANGERS: readonly Danger[] = [
  ...HOSTILE_TEMPLATES,
  ...HOSTILE_CHARTS,
  ...HOSTILE_KUSTOMIZATIONS,
  ...KUBECTL_DANGERS,
  ...HOSTILE_FILTERS,
  ...ISTIOCTL,
  ...ARGOCD,
];
