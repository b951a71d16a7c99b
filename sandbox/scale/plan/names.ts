/** Words that names are made of. */

export const PRODUCTS: readonly string[] = (
  'payments checkout catalog search orders inventory shipping accounts identity messaging billing pricing loyalty ' +
  'reviews returns fraud ledger media recommender analytics campaigns content gateway notifications partners ' +
  'reporting scheduling storefront subscriptions support tax tracking warehouse workflow archive audit booking ' +
  'compliance contracts credit delivery devices discovery documents experiments exports feeds fleet forecast geo ' +
  'insights invoices journeys locale maps onboarding payouts planner risk sessions'
).split(' ');

export const ENVIRONMENTS = ['prod', 'staging', 'dev', 'batch', 'canary'] as const;

const THINGS: readonly string[] = (
  'account address alert asset balance basket batch cart claim client command config coupon customer dispute ' +
  'document entity event export feed filter form group image import index item label limit link list mail match ' +
  'merge metric offer order page parcel payment price product profile quota quote rate refund report route rule ' +
  'score session shard stock stream tag task token user vendor'
).split(' ');

const ROLES: readonly string[] = 'api worker gateway sync web consumer proxy indexer router cache engine store'.split(
  ' ',
);

export const DAEMONS = [
  { name: 'network-agent', namespace: 'kube-system' },
  { name: 'kube-proxy', namespace: 'kube-system' },
  { name: 'node-exporter', namespace: 'monitoring' },
  { name: 'log-collector', namespace: 'logging' },
] as const;

/** Thing and role; a number where a namespace has more workloads than that gives names. */
export function appName(index: number): string {
  const count = THINGS.length * ROLES.length;
  // Coprime to the count, so that neighbours differ in both words.
  const at = (index * 127) % count;
  const round = Math.floor(index / count);
  const base = `${THINGS[at % THINGS.length]}-${ROLES[Math.floor(at / THINGS.length)]}`;
  return round === 0 ? base : `${base}-${round + 1}`;
}
