import { AppError } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { ApiResource, DiscoverySnapshot } from '../types.ts';
import type { KindIndex } from './kind-index.ts';
import { fits, type KindQuery } from './kind-query.ts';
import { groupVersionOf } from './resource-entry.ts';

/** Failed groups named in a message; the rest is counted. */
const FAILURES_SHOWN = 5;
const CANDIDATES_SHOWN = 10;

/** A name that `resolve` takes and that means this resource alone: `certificates.cert-manager.io`, for core `v1/Service`. */
export function qualifiedName(resource: ApiResource): string {
  return resource.group === '' ? `${resource.version}/${resource.kind}` : `${resource.resource}.${resource.group}`;
}

export function ambiguousKind(query: KindQuery, rivals: readonly ApiResource[]): AppError {
  return new AppError('ambiguous_kind', `"${query.typed}" names ${rivals.length} kinds on this cluster.`, {
    candidates: rivals.map(qualifiedName).slice(0, CANDIDATES_SHOWN),
    remedy: 'Ask again with one of the candidates as the kind.',
  });
}

/** Why nothing was found: a form that is no kind, another apiVersion, a category, or a name that is unknown. */
export function missingKind(index: KindIndex, query: KindQuery): AppError {
  return otherForm(index, query) ?? otherVersion(index, query) ?? category(index, query) ?? unknown(index, query);
}

/** `pod/nginx`, `pods/log` and `apps/v1` look like `group/Kind` and are not. */
export function otherForm(index: KindIndex, { typed, beforeSlash, word }: KindQuery): AppError | undefined {
  if (beforeSlash === undefined) return undefined;
  const group = beforeSlash.toLowerCase();
  if (index.snapshot.resources.some((r) => r.group === group && r.version === word.toLowerCase())) {
    return new AppError('invalid_argument', `"${typed}" is an apiVersion, not a kind.`, {
      remedy: `Pass the kind itself, for instance ${typed}/<Kind>, or call get_api_resources.`,
    });
  }
  if (!index.exact.has(group) && !index.short.has(group)) return undefined;
  if (index.snapshot.resources.some((r) => r.group === group)) return undefined;
  return new AppError('invalid_argument', `"${typed}" has the form type/name; here the kind stands alone.`, {
    remedy: `Pass the kind "${beforeSlash}" and put "${word}" into the argument for the name (or the subresource).`,
  });
}

function otherVersion(index: KindIndex, query: KindQuery): AppError | undefined {
  const names = query.patterns.map((pattern) => pattern.name);
  const served = names.flatMap((name) => index.exact.get(name) ?? index.short.get(name) ?? []);
  if (served.length === 0) return undefined;
  const wanted = query.narrow ? ` in apiVersion ${groupVersionOf(query.narrow)}` : '';
  return new AppError(
    'unknown_kind',
    `No kind "${query.typed}" is served${wanted}; the name exists in other groups or versions.${unreadable(index.snapshot)}`,
    {
      candidates: [...new Set(served)].map((r) => `${groupVersionOf(r)}/${r.kind}`).slice(0, CANDIDATES_SHOWN),
      remedy: 'Ask again with a candidate as the kind and no other apiVersion, or call get_api_resources.',
    },
  );
}

function category(index: KindIndex, { typed }: KindQuery): AppError | undefined {
  const name = typed.toLowerCase();
  const members = index.snapshot.resources.filter(
    (r) => r.preferred && r.categories.some((c) => c.toLowerCase() === name),
  );
  if (members.length === 0) return undefined;
  return new AppError('unknown_kind', `"${typed}" is a category of ${members.length} kinds, not a kind.`, {
    candidates: members.map(displayName).slice(0, CANDIDATES_SHOWN),
    remedy: 'Ask for each kind in a call of its own.',
  });
}

function unknown(index: KindIndex, query: KindQuery): AppError {
  return new AppError(
    'unknown_kind',
    `No kind "${query.typed}" is served by this cluster.${unreadable(index.snapshot)}`,
    {
      candidates: nearestKinds(index, query),
      remedy: 'Call get_api_resources to see the kinds of this cluster, then ask again.',
    },
  );
}

/** Looks among the kinds that fit the group or version asked for; among all when none is near there. */
function nearestKinds({ snapshot }: KindIndex, query: KindQuery): string[] {
  const preferred = snapshot.resources.filter((resource) => resource.preferred);
  const fitting = snapshot.resources.filter((r) => query.patterns.some((p) => fits(r, p, query.narrow)));
  const within = nearestOf(query.word, fitting);
  return within.length > 0 ? within : nearestOf(query.word, preferred);
}

function nearestOf(word: string, resources: readonly ApiResource[]): string[] {
  const owners = new Map<string, string>();
  for (const resource of resources) {
    for (const name of [resource.resource, resource.singular, resource.kind, ...resource.shortNames]) {
      if (!owners.has(name)) owners.set(name, displayName(resource));
    }
  }
  // Twice as many as shown, as several names may lead to one kind.
  const names = nearest(word, owners.keys(), 6).map((name) => owners.get(name) ?? name);
  return [...new Set(names)].slice(0, 3);
}

function displayName(resource: ApiResource): string {
  return resource.group === '' ? resource.resource : qualifiedName(resource);
}

function unreadable({ failures }: DiscoverySnapshot): string {
  if (failures.length === 0) return '';
  const shown = failures.slice(0, FAILURES_SHOWN).map(({ groupVersion, reason }) => `${groupVersion} (${reason})`);
  const rest = failures.length > FAILURES_SHOWN ? ` and ${failures.length - FAILURES_SHOWN} more` : '';
  return ` These API groups could not be read, so the kind may be there: ${shown.join(', ')}${rest}.`;
}
