import { isIP } from 'node:net';
import { addressClass, canonicalHost, matchesHost, parseHostPattern } from '../../kernel/address.ts';
import type { ExecShape } from './exec-shapes.ts';
import type { Report } from './request-problems.ts';
import type { RequestKubeconfigRules } from './request-rules.ts';

/** Names under which clouds serve instance metadata, whatever they resolve to. */
const METADATA_NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'rancher-metadata',
]);

const PROBLEMS = {
  linkLocal: 'leads to a link-local address, which is never connected to',
  metadata: "leads to a cloud's metadata service, which is never connected to",
  unspecified: 'leads to the unspecified address, which is never connected to',
  multicast: 'leads to a multicast address, which is never connected to',
  reserved: 'leads to a reserved address, which is never connected to',
  loopback: 'leads to this server itself, which is not the machine of the caller',
  own: "leads to one of this server's own ports",
  denied: 'is a server that the operator denies (--kubeconfig-server-deny)',
  notAllowed: 'is not a server that the operator allows (--kubeconfig-server-allow)',
  cleartext: 'is http, which would send the credentials in clear; use https',
} as const;

/** The address that a cluster names, in one spelling. Undefined when there is none that could be used; the reasons are reported. */
export function readServer(field: string, text: string | undefined, report: Report): string | undefined {
  const malformed = (problem: string) => report({ field, problem, kind: 'malformed' });
  const refused = (problem: string) => report({ field, problem, kind: 'refused' });
  if (text === undefined) return void malformed('is missing');
  if (/[\s\\]/.test(text)) return void malformed('holds blanks or backslashes');
  const full = text.includes('://') ? text : `https://${text}`;
  const url = /^https?:\/\/[^/]/i.test(full) && URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || canonicalHost(url.hostname) === undefined || url.port === '0')
    return void malformed('is no https URL');
  if (url.username !== '' || url.password !== '') return void refused('holds a user or password; remove it');
  if (/[?#]/.test(text)) return void malformed('holds a query or fragment');
  if (!isBasePath(url.pathname))
    return void refused('has a path that is not taken; use plain names, and none of the API');
  return url.href;
}

/** Below it our requests begin, judged without it: it may name a cluster behind a proxy (`/k8s/clusters/c-1`), and must not be a part of the API. */
function isBasePath(path: string): boolean {
  const parts = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  if (parts.length === 1 && parts[0] === '') return true;
  if (path.length > 512) return false;
  return parts.every((part) => /^[A-Za-z0-9_~:@-][A-Za-z0-9._~:@-]*$/.test(part) && !/^apis?$/i.test(part));
}

export interface ServerCheck {
  rules: RequestKubeconfigRules;
  /** Ports that this server listens on, the guard's included. */
  ownPorts(): readonly number[];
  /** Addresses of this machine's network interfaces. */
  ownAddresses(): readonly string[];
}

/** What is known without asking DNS: undefined while nothing speaks against the server. */
export function serverProblem(url: URL, check: ServerCheck): string | undefined {
  const host = canonicalHost(url.hostname);
  if (host === undefined) return PROBLEMS.reserved;
  const port = portOf(url);
  if (isIP(host) !== 0) return addressProblem(url, host, check);
  if (METADATA_NAMES.has(host)) return PROBLEMS.metadata;
  const local = host === 'localhost' || host.endsWith('.localhost');
  if (url.protocol === 'http:' && !local) return PROBLEMS.cleartext;
  if (local && check.rules.beyondLoopback) return PROBLEMS.loopback;
  const { serverAllow, serverDeny } = check.rules;
  if (serverDeny.some((pattern) => matchesHost(pattern, { host, port }))) return PROBLEMS.denied;
  const mayMatchLater = serverAllow?.some((pattern) => pattern.kind === 'network') ?? true;
  if (!mayMatchLater && !serverAllow?.some((pattern) => matchesHost(pattern, { host, port })))
    return PROBLEMS.notAllowed;
  return undefined;
}

/** The whole judgement on one address that the server's host is, or resolved to. */
export function addressProblem(url: URL, address: string, check: ServerCheck): string | undefined {
  const { serverAllow, serverDeny, beyondLoopback } = check.rules;
  const kind = addressClass(address);
  if (kind !== 'public' && kind !== 'private' && kind !== 'loopback') return PROBLEMS[kind];
  const port = portOf(url);
  if (check.ownPorts().includes(port) && (kind === 'loopback' || isOwn(address, check))) return PROBLEMS.own;
  if (kind === 'loopback' && beyondLoopback) return PROBLEMS.loopback;
  if (kind !== 'loopback' && url.protocol === 'http:') return PROBLEMS.cleartext;
  const target = { host: url.hostname, port, addresses: [address] };
  const byAddress = { host: address, port };
  const matches = (patterns: readonly Parameters<typeof matchesHost>[0][]) =>
    patterns.some((pattern) => matchesHost(pattern, target) || matchesHost(pattern, byAddress));
  if (matches(serverDeny)) return PROBLEMS.denied;
  if (serverAllow !== undefined && !matches(serverAllow)) return PROBLEMS.notAllowed;
  return undefined;
}

/** As networks of one address, which an IPv4 address in IPv6 clothes lies in as well. */
function isOwn(address: string, { ownAddresses }: ServerCheck): boolean {
  return ownAddresses().some((own) => {
    const pattern = parseHostPattern(`${own}/${isIP(own) === 6 ? 128 : 32}`);
    return pattern !== undefined && matchesHost(pattern, { host: address });
  });
}

/** Why the credentials of this server must not go to `url`; undefined when they may. */
export function execServerProblem(url: URL, shape: ExecShape, rules: RequestKubeconfigRules): string | undefined {
  const host = canonicalHost(url.hostname) ?? '';
  const allow = rules.serverAllow ?? [];
  const vouched = isIP(host) === 0 ? allow : allow.filter((pattern) => pattern.kind === 'host');
  const isAllowed = vouched.some((pattern) => matchesHost(pattern, { host, port: portOf(url) }));
  const ofCloud = isIP(host) === 0 ? shape.servers.some((name) => name.test(host)) : shape.allowsAddress === true;
  if (url.protocol === 'https:' && isAllowed && ofCloud) return undefined;
  return "is no server that this program's token may go to: it must be one of its cloud, and in --kubeconfig-server-allow";
}

/** Whether the operator vouches for the host by its name. */
export function isNamedByOperator(url: URL, { serverAllow = [] }: RequestKubeconfigRules): boolean {
  const target = { host: url.hostname, port: portOf(url) };
  return serverAllow.some(
    (pattern) => pattern.kind !== 'any' && pattern.kind !== 'network' && matchesHost(pattern, target),
  );
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
