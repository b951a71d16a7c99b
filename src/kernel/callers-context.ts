/** The contexts of a kubeconfig that came with a call are called `request:<name>`, so that no rule takes them for the operator's. */
export const CALLERS_CONTEXT = 'request:';

export function isCallersContext(context: string | undefined): boolean {
  return context?.startsWith(CALLERS_CONTEXT) === true;
}
