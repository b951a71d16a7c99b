/** helm, istioctl and argocd where they need no release and no server of their own. */
import { type EverydayCommand, lines } from './types.ts';

const CHART = {
  'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.2.3\nappVersion: "7"\ndescription: a shop\n',
  'shop/values.yaml': 'replicas: 2\ngreeting: hello\n',
  'shop/templates/cm.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }}-greeting }\ndata:\n  text: {{ .Values.greeting | quote }}\n  replicas: "{{ .Values.replicas }}"\n',
};
const ROUTE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: default }
spec: { hosts: [shop], http: [{ route: [{ destination: { host: nosuch } }] }] }
`;

export const OTHER_TOOLS: readonly EverydayCommand[] = [
  ...lines(
    'helm version',
    'helm version --short',
    'helm list',
    'helm ls -q',
    'helm list --all -o json',
    'helm status nosuch',
    'helm history nosuch',
    'helm get values nosuch',
    'helm --help',
    'istioctl version --remote=false',
    'istioctl analyze --help',
    'istioctl x describe svc web',
    'argocd version --client --short',
  ),
  { line: 'helm template shop ./shop', files: CHART },
  { line: "helm template r shop --set greeting='two words' --set replicas=3", files: CHART },
  { line: 'helm template r shop -f my.yaml', files: { ...CHART, 'my.yaml': 'greeting: from a file\n' } },
  { line: 'helm template r shop -f -', files: CHART, stdin: 'greeting: from stdin\n' },
  { line: 'helm lint shop', files: CHART },
  { line: 'helm show chart shop', files: CHART },
  { line: 'helm show values ./shop', files: CHART },
  { line: 'helm template r shop | grep -c kind', files: CHART },
  { line: 'istioctl validate -f -', stdin: ROUTE },
  { line: 'istioctl analyze --use-kube=false route.yaml', files: { 'route.yaml': ROUTE } },
  { line: 'istioctl analyze --use-kube=false -', stdin: ROUTE },
];
