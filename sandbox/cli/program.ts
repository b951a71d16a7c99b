/** How whoever reads our words starts this program: as they did, from a checkout or from a release. */
export const PROGRAM = import.meta.url.endsWith('.ts') ? 'npm run sandbox --' : 'npx k8s-mcp sandbox';
