import { join } from 'node:path';
import { kubectl, tryKubectl } from './control-plane.ts';
import { settled } from './process-watch.ts';

const FIXTURES = join(import.meta.dirname, '..', 'control-plane', 'fixtures');

/** A chart with a Deployment, a Service, a ConfigMap, a Secret (whose value is CHART_PASSWORD) and notes; its values have a schema. */
export const CHART = join(FIXTURES, 'chart');

/** The value of the chart's Secret: what must not be seen where Secrets are hidden. */
export const CHART_PASSWORD = 'canary-chart-password';

/** Adds the kinds of Istio or Argo CD to the cluster and waits until they are served. They stay: other suites may use them. */
export async function installCrds(of: 'istio' | 'argocd'): Promise<void> {
  const file = join(FIXTURES, `${of}-crds.yaml`);
  await kubectl(['apply', '--server-side', '-f', file]);
  await kubectl(['wait', '--for=condition=Established', '--timeout=120s', '-f', file]);
  // Established are kinds whose names are free; that they are found is another controller's work.
  const kinds = await kubectl(['get', '-f', file, '-o', 'jsonpath={.items[*].metadata.name}']);
  const found = () => tryKubectl(['get', kinds.replaceAll(' ', ','), '--namespace=default', '--ignore-not-found']);
  const { code, stderr } = await settled(found, (answer) => answer.code === 0);
  if (code !== 0) throw new Error(`the kinds of ${of} are not served: ${stderr}`);
}

/** Makes a namespace one that `argocd --core` works in: its settings, its project and two applications. */
export async function installArgocd(namespace: string): Promise<void> {
  await installCrds('argocd');
  await kubectl(['apply', '--server-side', '-n', namespace, '-f', join(FIXTURES, 'argocd-core.yaml')]);
  await kubectl([
    'wait',
    '--for=condition=Ready',
    '--timeout=120s',
    '-n',
    namespace,
    'pod/argocd-repo-server',
    'pod/argocd-redis',
  ]);
}
