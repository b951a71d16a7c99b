import { isIP } from 'node:net';
import { addressClass, canonicalHost } from '../../kernel/address.ts';
import { mistake, neverRun } from './refusals.ts';

/** Nothing that parsers disagree on: no user, no backslash, no percent in the host. */
const URL_SHAPE = /^(?:https?|oci):\/\/(?<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:[/?#][^\s\\]*)?$/;

const LOCAL: ReadonlySet<string> = new Set(['loopback', 'unspecified', 'linkLocal', 'metadata']);

/** The host that the URL of a chart or repository names. Addresses of this host and its links are refused however they are written. */
export function hostOf(url: string, what: string): string {
  const host = canonicalHost(URL_SHAPE.exec(url)?.groups?.['host'] ?? '');
  if (host === undefined) {
    throw mistake(
      `${what} is no URL with a plain host.`,
      'Write https://host/path or oci://host/path, without a user.',
    );
  }
  const named = host === 'localhost' || host.endsWith('.localhost');
  if (named || (isIP(host) !== 0 && LOCAL.has(addressClass(host)))) {
    throw neverRun(
      `${what} at a local address`,
      'Name a repository that is reachable by its public or private address.',
    );
  }
  return host;
}
