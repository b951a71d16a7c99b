/** What questions to the graph take over HTTP, as an agent asks them and as a script does; and how much CPU of the server. */
import type { Add } from './graph-samples.ts';
import type { ServedGraph } from './graph-served.ts';
import { chunksOf, sessionTo } from './sandbox-lists.ts';
import type { Access } from './sandbox-server.ts';
import { quantile } from './table.ts';

type Question = { tool: string; args: Record<string, unknown> };

const SUMMARIES = 300;
const QUERIES = 150;
/** Rounds of all questions before those that are measured: V8 compiles what is asked often. */
const WARM_UPS = 4;
/** Of each kind that is asked about. */
const OBJECTS = 25;

interface Named {
  metadata: { name: string; namespace?: string; ownerReferences?: { kind: string }[] };
  spec?: { nodeName?: string };
}

/** What of the server's is asked, and how that is called in the measures' names. */
const FACES = [
  { over: 'MCP', by: 'ask' },
  { over: 'REST', by: 'call' },
] as const;
type Face = (typeof FACES)[number]['by'];

export async function measureQueries(access: Access, graph: ServedGraph, add: Add): Promise<void> {
  const mix = await questionsOf(access);
  for (const { over, by } of FACES) {
    const asking = (questions: readonly Question[]) => timed(graph, by, questions);
    const adding: Add = (measure, ...rest) => add(`${measure} over ${over}`, ...rest);
    await measureSummaries(asking, adding);
    await measureRelations(mix, asking, adding);
  }
}

type Asking = (questions: readonly Question[]) => Promise<{ times: number[]; cpuMs: number }>;

async function measureSummaries(asking: Asking, add: Add): Promise<void> {
  const summary = { tool: 'k8s-cluster-summary', args: {} };
  await asking(Array(20).fill(summary));
  const { times, cpuMs } = await asking(Array(SUMMARIES).fill(summary));
  add('summary p50', 'ms', quantile(times, 0.5));
  add('summary p99', 'ms', quantile(times, 0.99));
  add('summary CPU', 'ms', cpuMs);
}

async function measureRelations(mix: Record<string, Question[]>, asking: Asking, add: Add): Promise<void> {
  for (let round = 0; round < WARM_UPS; round++) await asking(Object.values(mix).flat());
  const all: number[] = [];
  for (const [name, questions] of Object.entries(mix)) {
    const asked = Array.from({ length: QUERIES }, (_, at) => questions[at % questions.length]).filter(
      (question) => question !== undefined,
    );
    const { times, cpuMs } = await asking(asked);
    all.push(...times);
    add('relation queries p99', 'ms', quantile(times, 0.99), name);
    add('relation queries CPU', 'ms', cpuMs, name);
  }
  add('relation queries p50', 'ms', quantile(all, 0.5));
  add('relation queries p99', 'ms', quantile(all, 0.99));
}

/** ms of each, and of the server's CPU for one. */
async function timed(
  graph: ServedGraph,
  by: Face,
  questions: readonly Question[],
): Promise<{ times: number[]; cpuMs: number }> {
  const times: number[] = [];
  const before = graph.cpuMs();
  for (const { tool, args } of questions) {
    const started = performance.now();
    await graph[by](tool, args);
    times.push(performance.now() - started);
  }
  return { times, cpuMs: (graph.cpuMs() - before) / questions.length };
}

async function questionsOf(access: Access): Promise<Record<string, Question[]>> {
  const session = sessionTo(access);
  const some = async (path: string): Promise<Named[]> => {
    const body = Buffer.concat(await chunksOf(session, `/${path}?limit=${OBJECTS}`, 'application/json')).toString();
    return (JSON.parse(body) as { items: Named[] }).items;
  };
  const [nodes, deployments, services, configMaps, pods] = [
    await some('api/v1/nodes'),
    await some('apis/apps/v1/deployments'),
    await some('api/v1/services'),
    await some('api/v1/configmaps'),
    await some('api/v1/pods'),
  ];
  session.close();
  const ask = (query: string, ...targets: string[]): Question => ({
    tool: 'k8s-relation-query',
    args: { query_type: query, target_resources: targets },
  });
  const path = (kind: string, { metadata: { namespace, name } }: Named) =>
    namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
  const each = (query: string, kind: string, objects: readonly Named[]) =>
    objects.map((object) => ask(query, path(kind, object)));
  return {
    'impact of a node': each('impact_analysis', 'Node', nodes),
    'impact of a Deployment': each('impact_analysis', 'Deployment', deployments),
    'impact of a Service': each('impact_analysis', 'Service', services),
    'impact of a ConfigMap': each('impact_analysis', 'ConfigMap', configMaps),
    'dependencies of a Deployment': each('dependencies', 'Deployment', deployments),
    'dependencies of a Pod': each('dependencies', 'Pod', pods),
    'what is near a Deployment, depth 2': deployments.map((object) => {
      const { tool, args } = ask('related_resources', path('Deployment', object));
      return { tool, args: { ...args, max_depth: 2 } };
    }),
    'path from a Pod to its node': pods.flatMap((object) =>
      object.spec?.nodeName === undefined
        ? []
        : [ask('resource_path', path('Pod', object), `Node/${object.spec.nodeName}`)],
    ),
  };
}
