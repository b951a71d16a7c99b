/** Which workloads there are, and with how many pods: by the seed alone. */
import { seededRandom } from '../../bootstrap/seeded-random.ts';
import type { ScaleOptions } from '../options.ts';
import { appName, DAEMONS, ENVIRONMENTS, PRODUCTS } from './names.ts';
import type { AppKind } from './types.ts';

export interface NamespacePlan {
  name: string;
  product: string;
  environment: string;
  /** The API server has made it. */
  exists: boolean;
}

export interface AppPlan {
  kind: AppKind;
  namespace: NamespacePlan;
  name: string;
  pods: number;
  ofNodes: boolean;
  /** Services that select it. */
  services: number;
  look: number;
}

export interface Plan {
  namespaces: readonly NamespacePlan[];
  apps: readonly AppPlan[];
}

/** Pods a namespace, on average; the real number is skewed. */
const PODS_PER_NAMESPACE = 500;
const MOST_NAMESPACES = 300;
const FEWEST_NAMESPACES = 3;

/** Deployments by their replicas: most have a few, few have many. */
const REPLICAS = [
  [10, 1],
  [18, 2],
  [20, 3],
  [8, 4],
  [9, 5],
  [7, 6],
  [7, 8],
  [7, 10],
  [6, 15],
  [4, 25],
  [3, 60],
  [1.2, 150],
] as const;
const STATEFUL_REPLICAS = [
  [20, 1],
  [50, 3],
  [15, 5],
  [10, 7],
  [5, 12],
] as const;

/** Zipf's law, a bit flatter: the largest of 300 namespaces has a twentieth of all. */
const SKEW = 0.8;

export function makePlan(options: ScaleOptions): Plan {
  const random = seededRandom(options.seed);
  const daemons = daemonCount(options);
  const system = ['kube-system', 'monitoring', 'logging'].map((name) => ({
    name,
    product: 'platform',
    environment: 'prod',
    exists: name === 'kube-system',
  }));
  const own = namespacesFor(options.pods);
  const apps: AppPlan[] = DAEMONS.slice(0, daemons).map(({ name, namespace }) => ({
    kind: 'DaemonSet',
    namespace: system.find((each) => each.name === namespace) ?? unnamed(),
    name,
    pods: options.nodes,
    ofNodes: true,
    services: 0,
    look: Math.floor(random() * 2 ** 32),
  }));
  const weights = own.map((_, index) => 1 / (index + 1) ** SKEW);
  const made = new Map<NamespacePlan, number>();
  for (let left = options.pods - daemons * options.nodes; left > 0; ) {
    const namespace = own[weighted(weights, random())] ?? unnamed();
    const index = made.get(namespace) ?? 0;
    made.set(namespace, index + 1);
    const kind = kindOf(namespace, random());
    const pods = Math.min(left, podsOf(kind, random()));
    left -= pods;
    const look = Math.floor(random() * 2 ** 32);
    apps.push({ kind, namespace, name: appName(index), pods, ofNodes: false, services: 0, look });
  }
  shareServices(apps, options.services);
  return { namespaces: [...system, ...own], apps };
}

function unnamed(): never {
  throw new Error('a world has namespaces');
}

/** At most a quarter of the pods are those that every node has. */
function daemonCount({ nodes, pods }: ScaleOptions): number {
  return nodes === 0 ? 0 : Math.min(DAEMONS.length, Math.floor(pods / 4 / nodes));
}

function namespacesFor(pods: number): NamespacePlan[] {
  const count = Math.min(MOST_NAMESPACES, Math.max(FEWEST_NAMESPACES, Math.round(pods / PODS_PER_NAMESPACE)));
  return Array.from({ length: count }, (_, index) => {
    const product = PRODUCTS[index % PRODUCTS.length] ?? '';
    const environment = ENVIRONMENTS[Math.floor(index / PRODUCTS.length) % ENVIRONMENTS.length] ?? '';
    return { name: `${product}-${environment}`, product, environment, exists: false };
  });
}

function kindOf({ environment }: NamespacePlan, chance: number): AppKind {
  const jobs = environment === 'batch' ? 0.4 : 0.03;
  return chance < jobs ? 'CronJob' : chance < jobs + 0.07 ? 'StatefulSet' : 'Deployment';
}

function podsOf(kind: AppKind, chance: number): number {
  if (kind === 'CronJob') return 1 + Math.floor(chance * 3);
  const table = kind === 'StatefulSet' ? STATEFUL_REPLICAS : REPLICAS;
  return (
    table[
      weighted(
        table.map(([weight]) => weight),
        chance,
      )
    ]?.[1] ?? 1
  );
}

/** The index that `chance` of all the weight falls on. */
function weighted(weights: readonly number[], chance: number): number {
  let rest = chance * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return index;
  }
  return weights.length - 1;
}

/** One for each StatefulSet first, which are governed by theirs, then one for each Deployment, then further ones. */
function shareServices(apps: readonly AppPlan[], services: number): void {
  const stateful = apps.filter(({ kind }) => kind === 'StatefulSet');
  const stateless = apps.filter(({ kind }) => kind === 'Deployment');
  const all = [...stateful, ...stateless];
  for (let given = 0; given < services && all.length > 0; given++) {
    const app = all[given % all.length];
    if (app !== undefined) app.services++;
  }
}
