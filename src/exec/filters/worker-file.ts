/** Where the worker's program is: beside this file in the sources, at the top of dist/ in a release (scripts/build.ts). */
declare const K8S_MCP_BUILD: object | undefined;

/** Exit code of a worker whose filters reached their memory, where V8 did not end it by a signal. As a shell says SIGABRT. */
export const OUT_OF_MEMORY = 134;

export function workerFile(): URL {
  if (typeof K8S_MCP_BUILD === 'undefined') return new URL('./worker.ts', import.meta.url);
  const here = new URL('.', import.meta.url);
  return new URL(here.pathname.endsWith('/chunks/') ? '../filter-worker.js' : './filter-worker.js', here);
}
