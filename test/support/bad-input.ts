/** A line of a V8 stack trace, or a path into the sources. */
export const STACK = /^\s+at .*[:(]\d+|node:internal|\/src\/|\.ts:\d+/m;

/** A kubeconfig of one context, as JSON. */
export function kubeconfigFor(server: string, context: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: context, context: { cluster: 'c', user: 'u' } }],
  });
}
