import { AppError } from '../../kernel/errors.ts';
import type { ApiResource } from '../types.ts';

/** One reading of what a caller typed. All lower case; an absent group or version matches any. */
export interface KindPattern {
  /** Plural, singular, kind or short name. */
  name: string;
  group?: string;
  version?: string;
}

export interface KindQuery {
  /** As typed, trimmed: for messages and for telling `Foos` (a kind) from `foos` (a plural). */
  typed: string;
  /** The word that names the kind, as typed. */
  word: string;
  /** Readings in order of likelihood. */
  patterns: readonly KindPattern[];
  /** Both must hold besides the pattern; from the apiVersion argument. */
  narrow?: { group: string; version: string };
  /** For `a/b`: `a`, which may turn out to be a kind of its own (`pod/nginx`). */
  beforeSlash?: string;
}

/** Longer than any `resource.version.group`: 63 + 63 + 253 and separators, rounded up. */
const MAX_LENGTH = 400;

const FORMS = 'Give one kind, such as pods, Deployment, deploy, deployments.apps or apps/v1/Deployment.';

/** Reads a kind argument and an optional apiVersion. Throws `invalid_argument` for what can never name one kind. */
export function parseKindQuery(kind: string, apiVersion: string | undefined): KindQuery {
  const typed = kind.trim();
  if (typed === '') throw invalid('The kind is empty.', FORMS);
  if (typed.length > MAX_LENGTH) throw invalid(`The kind is longer than ${MAX_LENGTH} characters.`, FORMS);
  if (typed.includes(',')) {
    throw invalid(`"${typed}" names several kinds; one call takes one kind.`, 'Make one call for each kind.');
  }
  if (/\s/.test(typed)) throw invalid(`"${typed}" contains a space; a kind is one word.`, FORMS);
  const narrow = parseApiVersion(apiVersion);
  return { typed, ...readForms(typed), ...(narrow ? { narrow } : {}) };
}

function readForms(typed: string): Pick<KindQuery, 'word' | 'patterns' | 'beforeSlash'> {
  const [first = '', second, third, ...rest] = typed.split('/');
  if (rest.length > 0) throw invalid(`"${typed}" has too many slashes for a kind.`, FORMS);
  if (second === undefined) return { word: first.split('.')[0] ?? '', patterns: dotted(first) };
  if (third !== undefined) {
    return { word: third, patterns: [pattern(third, { group: groupName(first), version: second })] };
  }
  const patterns = [pattern(second, { group: '', version: first }), pattern(second, { group: groupName(first) })];
  return { word: second, patterns, beforeSlash: first };
}

/** `deploy`, `deployments.apps`, `deployments.v1.apps`, `pods.v1` and kubectl's `pods.v1.`. */
function dotted(typed: string): KindPattern[] {
  const [name = '', second, ...rest] = typed.split('.');
  if (second === undefined) return [pattern(name, {})];
  const whole = pattern(name, { group: groupName([second, ...rest].join('.')) });
  return [pattern(name, { version: second, group: groupName(rest.join('.')) }), whole];
}

function pattern(name: string, { group, version }: { group?: string; version?: string }): KindPattern {
  return {
    name: name.toLowerCase(),
    ...(group === undefined ? {} : { group: group.toLowerCase() }),
    ...(version === undefined ? {} : { version: version.toLowerCase() }),
  };
}

/** Manifests write the core group as nothing; people also call it `core`. */
function groupName(written: string): string {
  return written.toLowerCase() === 'core' ? '' : written;
}

function parseApiVersion(apiVersion: string | undefined): { group: string; version: string } | undefined {
  const written = apiVersion?.trim() ?? '';
  if (written === '') return undefined;
  const [first = '', second, ...rest] = written.toLowerCase().split('/');
  if (written.length > MAX_LENGTH || rest.length > 0 || first === '' || second === '') {
    throw invalid(`"${written.slice(0, MAX_LENGTH)}" is no apiVersion.`, 'Write it as in a manifest: v1 or apps/v1.');
  }
  return second === undefined ? { group: '', version: first } : { group: groupName(first), version: second };
}

/** True where `resource` is what one reading of the query names, leaving the word itself aside. */
export function fits(resource: ApiResource, pattern: KindPattern, narrow: KindQuery['narrow']): boolean {
  if (pattern.group !== undefined && pattern.group !== resource.group) return false;
  if (narrow && (narrow.group !== resource.group || narrow.version !== resource.version)) return false;
  if (pattern.version !== undefined) return pattern.version === resource.version;
  return narrow !== undefined || resource.preferred;
}

function invalid(message: string, remedy: string): AppError {
  return new AppError('invalid_argument', message, { remedy });
}
