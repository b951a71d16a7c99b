import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * What an address leads to. `metadata`: a cloud's instance metadata or credential service; `private` includes carrier-grade NAT,
 * which clouds use inside; `reserved`: no route to a host of anyone's, and whatever is no address at all.
 */
export type AddressClass =
  | 'public'
  | 'private'
  | 'loopback'
  | 'linkLocal'
  | 'metadata'
  | 'unspecified'
  | 'multicast'
  | 'reserved';

type Range = readonly [cidr: string, is: AddressClass];
type Network = readonly [start: readonly number[], bits: number, is: AddressClass];

/** IANA's special-purpose registry (RFC 6890), and the metadata services of the clouds. The first that matches counts. */
const V4: readonly Network[] = networks([
  ['169.254.169.254/32', 'metadata'], // AWS, Google, Azure, OpenStack, Oracle
  ['169.254.170.2/32', 'metadata'], // ECS task credentials
  ['169.254.170.23/32', 'metadata'], // EKS pod identity
  ['100.100.100.200/32', 'metadata'], // Alibaba
  ['168.63.129.16/32', 'metadata'], // Azure wire server
  ['192.0.0.192/32', 'metadata'], // Oracle, older
  ['169.254.0.0/16', 'linkLocal'],
  ['127.0.0.0/8', 'loopback'],
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['100.64.0.0/10', 'private'],
  ['224.0.0.0/4', 'multicast'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'reserved'],
  ['192.88.99.0/24', 'reserved'],
  ['198.18.0.0/15', 'private'], // benchmarks, and what local proxies hand out in place of real addresses
  ['198.51.100.0/24', 'reserved'],
  ['203.0.113.0/24', 'reserved'],
  ['240.0.0.0/4', 'reserved'],
]);

const V6: readonly Network[] = networks([
  ['fd00:ec2::254/128', 'metadata'], // AWS
  ['fd00:ec2::23/128', 'metadata'], // EKS pod identity
  ['fd20:ce::254/128', 'metadata'], // Google
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['fe80::/10', 'linkLocal'],
  ['fc00::/7', 'private'],
  ['fec0::/10', 'private'],
  ['ff00::/8', 'multicast'],
  ['2001:2::/48', 'reserved'],
  ['2001:10::/28', 'reserved'],
  ['2001:20::/28', 'reserved'],
  ['2001:db8::/32', 'reserved'],
  ['3fff::/20', 'reserved'],
  ['2000::/3', 'public'],
  ['::/0', 'reserved'],
]);

/** Prefixes that carry an IPv4 address, and where (byte offsets): what is reached in the end is that one. */
const CARRIERS: readonly (readonly [network: Network, ...at: number[]])[] = [
  [network('::ffff:0:0/96'), 12], // IPv4-mapped
  [network('::ffff:0:0:0/96'), 12], // IPv4-translated (RFC 2765)
  [network('::/96'), 12], // IPv4-compatible
  [network('64:ff9b::/96'), 12], // NAT64
  [network('2002::/16'), 2], // 6to4
];
const TEREDO = network('2001::/32');

/** What `ip` leads to. IPv6 forms that carry an IPv4 address count as that address. */
export function addressClass(ip: string): AddressClass {
  const bytes = bytesOf(ip);
  if (bytes === undefined) return 'reserved';
  return bytes.length === 4 ? firstOf(V4, bytes) : classOfV6(bytes);
}

/** One entry of a list of hosts: a host name or address, `*.domain` (not the domain itself), a CIDR, or `*`; all but CIDRs with an optional `:port`. */
export type HostPattern =
  | { kind: 'any'; port: number | undefined }
  | { kind: 'host'; host: string; port: number | undefined }
  | { kind: 'domain'; suffix: string; port: number | undefined }
  | { kind: 'network'; start: readonly number[]; bits: number };

/** What a pattern is held against: `addresses` are those that the host resolved to, for CIDRs. */
export interface HostTarget {
  host: string;
  port?: number | undefined;
  addresses?: readonly string[];
}

/** undefined for what is no pattern. */
export function parseHostPattern(text: string): HostPattern | undefined {
  if (text.includes('/')) return networkPattern(text);
  const { name, port } = splitPort(text);
  if (name === undefined) return undefined;
  if (name === '*') return { kind: 'any', port };
  const wildcard = name.startsWith('*.');
  const host = canonicalHost(wildcard ? name.slice(2) : name);
  if (host === undefined || (wildcard && isIP(host) !== 0)) return undefined;
  return wildcard ? { kind: 'domain', suffix: `.${host}`, port } : { kind: 'host', host, port };
}

/** Whether the target is one that the pattern means. A CIDR matches when any of the target's addresses lies in it. */
export function matchesHost(pattern: HostPattern, target: HostTarget): boolean {
  const host = canonicalHost(target.host);
  if (host === undefined) return false;
  if (pattern.kind === 'network') {
    const addresses = isIP(host) === 0 ? (target.addresses ?? []) : [host, ...(target.addresses ?? [])];
    return addresses.some((address) => inNetwork(pattern, address));
  }
  if (pattern.port !== undefined && pattern.port !== target.port) return false;
  if (pattern.kind === 'any') return true;
  return pattern.kind === 'host' ? host === pattern.host : host.endsWith(pattern.suffix);
}

/**
 * One spelling of a host: lower case, no brackets, no trailing dot, punycode, IPv4 in dotted form (`127.1` and `2130706433` too),
 * IPv6 compressed. undefined for what is neither name nor address.
 */
export function canonicalHost(text: string): string | undefined {
  const bracketed = text.startsWith('[') && text.endsWith(']');
  const bare = bracketed ? text.slice(1, -1) : text;
  if (bracketed || bare.includes(':')) return isIP(bare) === 6 ? ipaddr.parse(bare).toString() : undefined;
  // 253: the longest name of DNS. `%` and separators would be decoded or cut off by the URL parser below.
  if (bare === '' || bare.length > 254 || /[\s%/\\?#@]/.test(bare)) return undefined;
  const base = `http://${bare.replace(/\.$/, '')}`;
  const host = URL.canParse(base) ? new URL(base).hostname : '';
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host) ? host : undefined;
}

function classOfV6(bytes: readonly number[]): AddressClass {
  const plain = firstOf(V6, bytes);
  // `::` and `::1` lie in the IPv4-compatible range, and an embedded address there is none.
  if (plain === 'unspecified' || plain === 'loopback') return plain;
  const carried = carriedV4(bytes).map((v4) => firstOf(V4, v4));
  const inner = carried.find((is) => is !== 'public');
  if (inner !== undefined) return inner;
  // Mapped and translated forms lie outside the global range, and lead to a public host all the same.
  return CARRIERS.some(([carrier]) => holds(carrier, bytes)) ? 'public' : plain;
}

function carriedV4(bytes: readonly number[]): number[][] {
  const at = CARRIERS.find(([carrier]) => holds(carrier, bytes))?.[1];
  if (at !== undefined) return [bytes.slice(at, at + 4)];
  if (holds(TEREDO, bytes)) return [bytes.slice(4, 8), bytes.slice(12).map((byte) => byte ^ 0xff)];
  // ISATAP (RFC 5214): interface identifier 0000:5efe or 0200:5efe, then the address.
  const isatap = (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
  return isatap ? [bytes.slice(12)] : [];
}

function inNetwork(pattern: { start: readonly number[]; bits: number }, address: string): boolean {
  const bytes = bytesOf(address);
  if (bytes === undefined) return false;
  const forms = bytes.length === 4 ? [bytes] : [bytes, ...carriedV4(bytes)];
  return forms.some((form) => holds([pattern.start, pattern.bits, 'public'], form));
}

function networkPattern(text: string): HostPattern | undefined {
  const [address = '', prefix = '', ...more] = text.split('/');
  const version = isIP(address);
  const known = version !== 0 && !address.includes('%') && more.length === 0 && /^\d{1,3}$/.test(prefix);
  if (!known || Number(prefix) > (version === 4 ? 32 : 128)) return undefined;
  return { kind: 'network', start: ipaddr.parse(address).toByteArray(), bits: Number(prefix) };
}

function splitPort(text: string): { name: string | undefined; port: number | undefined } {
  const [, name, digits] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  // More than one colon without brackets: an IPv6 address.
  if (name === undefined) return { name: isIP(text) === 6 ? text : undefined, port: undefined };
  if (digits === undefined) return { name, port: undefined };
  const port = Number(digits);
  return port >= 1 && port <= 65535 ? { name, port } : { name: undefined, port: undefined };
}

function bytesOf(ip: string): number[] | undefined {
  return isIP(ip) === 0 ? undefined : ipaddr.parse(ip).toByteArray();
}

function firstOf(list: readonly Network[], bytes: readonly number[]): AddressClass {
  return list.find((entry) => holds(entry, bytes))?.[2] ?? 'public';
}

function holds([start, bits]: Network, bytes: readonly number[]): boolean {
  if (start.length !== bytes.length) return false;
  return bytes.every((byte, index) => {
    const shift = Math.min(8, Math.max(0, 8 * (index + 1) - bits));
    return byte >> shift === (start[index] ?? 0) >> shift;
  });
}

function networks(ranges: readonly Range[]): Network[] {
  return ranges.map(([cidr, is]) => network(cidr, is));
}

function network(cidr: string, is: AddressClass = 'public'): Network {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  return [address.toByteArray(), bits, is];
}
