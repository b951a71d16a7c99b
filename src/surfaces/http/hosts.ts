import { isIP } from 'node:net';

const HOST_HEADER = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::\d{1,5})?$/;

/** The name in a Host header, without port and brackets, lower case; undefined where it is none. */
export function hostname(header: string): string | undefined {
  const name = HOST_HEADER.exec(header.toLowerCase())?.[1];
  if (name === undefined) return undefined;
  if (name.startsWith('[')) return isIP(name.slice(1, -1)) === 6 ? name.slice(1, -1) : undefined;
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** True for names and addresses that only this machine can reach. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** Which Host names a server answers to. */
export function hostRule(bound: string, allowed: readonly string[]): (name: string) => boolean {
  const beyondLoopback = !isLoopback(bound);
  const exact = new Set(allowed.map((entry) => hostname(entry)).filter((name) => name !== undefined));
  const suffixes = allowed.filter((entry) => entry.startsWith('*.')).map((entry) => entry.slice(1).toLowerCase());
  const any = allowed.includes('*');
  return (name) =>
    any ||
    isLoopback(name) ||
    name === bound.toLowerCase() ||
    exact.has(name) ||
    suffixes.some((suffix) => name.endsWith(suffix) && name.length > suffix.length) ||
    // Rebinding needs a name that changes its address, so an address literal is no attack on a server that is reachable by it.
    (beyondLoopback && isIP(name) !== 0);
}

/** Which Origins may call: the one the request was sent to, ours by a loopback name, and the operator's list. */
export function originRule(allowed: readonly string[]): (origin: string, host: string, port: number) => boolean {
  const list = new Set(allowed.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
  return (origin, host, port) => {
    if (list.has('*') || list.has(origin.toLowerCase())) return true;
    if (!URL.canParse(origin)) return false;
    const url = new URL(origin);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
    if (url.host === host.toLowerCase()) return true;
    const name = hostname(url.host);
    const originPort = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
    return name !== undefined && isLoopback(name) && originPort === port;
  };
}
