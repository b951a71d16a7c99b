/** Where the worker's program is: beside this file in the sources, at the top of dist/ in a release (scripts/build.ts). */
declare const K8S_MCP_BUILD: object | undefined;

export function workerFile(): URL {
  if (typeof K8S_MCP_BUILD === 'undefined') return new URL('./worker.ts', import.meta.url);
  const here = new URL('.', import.meta.url);
  return new URL(here.pathname.endsWith('/chunks/') ? '../filter-worker.js' : './filter-worker.js', here);
}
