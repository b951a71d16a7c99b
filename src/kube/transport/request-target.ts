/** A request's path and query, decoded once and strictly: what a server could decode in another way is refused. */
import { AppError } from '../../kernel/errors.ts';

/** Characters. The longest real path is a few hundred; `continue` tokens and selectors make queries longer. */
const MAX_PATH = 4_096;
const MAX_QUERY = 64 * 1024;
/** Visible ASCII without `#`, `"`, `<`, `>`, `\`, `^`, backtick, `{|}`: what RFC 3986 lets stand in a path or query, and no more. */
const TARGET = /^[!$-;=?-[\]_a-z~]*$/;
const FORBIDDEN_DECODED = /[/\\%\u0000-\u001f\u007f]/;
/** Repeats by design: the words of an exec command. */
const REPEATABLE = new Set(['command']);

/** The error for a request that the guard cannot read in exactly one way. */
export function refused(why: string): AppError {
  return new AppError('unsupported_request', `The request to the cluster was not sent: ${why}.`, {
    remedy: 'Send a plain Kubernetes API path such as /api/v1/namespaces/default/pods.',
  });
}

/** Path and raw query of a request target. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  if (path.length > MAX_PATH || query.length > MAX_QUERY) throw refused('its path or query is too long');
  if (!path.startsWith('/')) throw refused('its path does not start with a slash');
  if (!TARGET.test(path) || !TARGET.test(query))
    throw refused('its path or query holds a character that must be encoded');
  return { path, query };
}

/** The decoded segments. A slash at the end is told apart, as it means something to `proxy` only. */
export function pathSegments(path: string): { segments: string[]; trailingSlash: boolean } {
  if (path.includes('//')) throw refused('its path holds an empty segment');
  const trailingSlash = path.length > 1 && path.endsWith('/');
  const raw = path.slice(1, trailingSlash ? -1 : undefined);
  const segments = raw === '' ? [] : raw.split('/').map(decodeSegment);
  return { segments, trailingSlash };
}

function decodeSegment(raw: string): string {
  const segment = decode(raw);
  if (segment === '.' || segment === '..') throw refused('its path holds a dot segment');
  if (FORBIDDEN_DECODED.test(segment))
    throw refused('a path segment holds an encoded slash, percent or control character');
  return segment;
}

/** The parameters, each at most once. */
export function queryParameters(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  if (query.includes(';')) throw refused('its query holds a semicolon');
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode((equals < 0 ? pair : pair.slice(0, equals)).replaceAll('+', ' '));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1).replaceAll('+', ' '));
    if (value.includes('\u0000') || key.includes('\u0000')) throw refused('its query holds a NUL');
    if (parameters.has(key) && !REPEATABLE.has(key)) throw refused('a query parameter is there more than once');
    parameters.set(key, value);
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('its percent-encoding is not valid UTF-8');
  }
}
