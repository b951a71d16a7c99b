/** /healthz, /livez, /readyz and /version. */

import { answerNoPage } from './call.ts';
import type { Exchange } from './exchange.ts';

const PLAIN = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

/** The checks that mean something here; the names are those of the real server. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd', 'poststarthook/crd-informer-synced', 'poststarthook/rbac/bootstrap-roles'],
  livez: ['ping', 'log', 'etcd', 'poststarthook/crd-informer-synced', 'poststarthook/rbac/bootstrap-roles'],
  readyz: [
    'ping',
    'log',
    'etcd',
    'etcd-readiness',
    'informer-sync',
    'poststarthook/crd-informer-synced',
    'poststarthook/rbac/bootstrap-roles',
    'shutdown',
  ],
};

/** False: no path of these. */
export function serveHealth(exchange: Exchange, path: string): boolean {
  const [name = '', ...rest] = path.split('/').slice(1);
  const checks = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  if (checks === undefined) return false;
  const check = rest.join('/');
  if (rest.length === 0) exchange.answer(200, PLAIN, allOf(name, checks, exchange.query));
  else if (checks.includes(check)) exchange.answer(200, { 'content-type': PLAIN['content-type'] }, 'ok');
  else answerNoPage(exchange);
  return true;
}

function allOf(name: string, checks: readonly string[], query: URLSearchParams): string {
  if (!query.has('verbose')) return 'ok';
  const excluded = new Set(query.getAll('exclude'));
  const lines = checks.map((check) => (excluded.has(check) ? `[+]${check} excluded: ok\n` : `[+]${check} ok\n`));
  return `${lines.join('')}${name} check passed\n`;
}
