// The fences of DESIGN.md §3 as rules. test/contract/architecture.test.ts plants a violation and sees it refused.

/** What a module of src/ may import besides itself. `types:x` allows `import type` only. */
const MAY_IMPORT = {
  kernel: [],
  config: ['kernel'],
  telemetry: ['kernel'],
  policy: ['kernel'],
  process: ['kernel'],
  kube: ['kernel', 'telemetry', 'process'],
  exec: ['kernel', 'telemetry', 'process'],
  graph: ['kernel', 'types:kube'],
  monitor: ['kernel', 'telemetry', 'graph'],
  operations: ['kernel', 'telemetry', 'policy', 'types:kube', 'types:exec', 'types:graph', 'types:monitor'],
  toolsets: ['kernel', 'operations', 'graph', 'monitor', 'types:kube', 'types:exec'],
  'surfaces/mcp': ['kernel', 'telemetry', 'operations', 'policy'],
  'surfaces/http': ['kernel', 'telemetry', 'operations', 'policy'],
  'surfaces/cli': ['kernel', 'telemetry', 'operations', 'policy'],
  generated: ['toolsets', 'types:operations'],
};

const pathOf = (module) => `^src/${module}/`;

const layers = Object.entries(MAY_IMPORT).flatMap(([module, allowed]) => {
  const values = allowed.filter((name) => !name.startsWith('types:'));
  const types = allowed.filter((name) => name.startsWith('types:')).map((name) => name.slice(6));
  const self = pathOf(module);
  return [
    {
      name: `layer-${module}`,
      severity: 'error',
      comment: `src/${module} may import ${[module, ...allowed].join(', ')}`,
      from: { path: self },
      to: { path: '^src/', pathNot: [self, ...values.map(pathOf), ...types.map(pathOf)] },
    },
    ...types.map((type) => ({
      name: `types-only-${module}-${type}`,
      severity: 'error',
      comment: `src/${module} may import types of src/${type}, no values`,
      from: { path: self },
      to: { path: pathOf(type), dependencyTypesNot: ['type-only'] },
    })),
  ];
});

const fence = (name, to, only) => ({
  name,
  severity: 'error',
  comment: `only ${only} may import it`,
  from: { path: '^src/', pathNot: only },
  to,
});

export default {
  forbidden: [
    ...layers,
    fence('child-process', { path: '^(node:)?child_process$' }, '^src/process/'),
    fence('mcp-sdk', { path: '@modelcontextprotocol/' }, '^src/surfaces/mcp/'),
    fence('hono', { path: 'node_modules/(hono|@hono)/' }, '^src/surfaces/http/'),
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(src|sandbox)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['\\.test\\.ts$', '^src/generated/'] },
      to: {},
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(test|bench|scripts|sandbox)/' },
    },
    {
      name: 'sandbox-stands-alone',
      severity: 'error',
      comment: 'the sandbox is a program of its own: of src/ it may import the kernel only',
      from: { path: '^sandbox/' },
      to: { path: '^(src|test|bench|scripts)/', pathNot: '^src/kernel/' },
    },
    { name: 'resolvable', severity: 'error', from: { path: '^(src|sandbox)/' }, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
