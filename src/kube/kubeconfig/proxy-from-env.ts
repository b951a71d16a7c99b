import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { AppError } from '../../kernel/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORTS: Record<string, string> = { 'http:': '80', 'https:': '443', 'socks5:': '1080' };

/**
 * The proxy for `target`, by the rules of Go's httpproxy, which kubectl follows: HTTPS_PROXY or HTTP_PROXY by the target's scheme
 * (upper case before lower), then ALL_PROXY; NO_PROXY exempts; loopback is never proxied.
 */
export function proxyFromEnv(target: URL, env: Environment): URL | undefined {
  const names = target.protocol === 'https:' ? ['HTTPS_PROXY', 'ALL_PROXY'] : ['HTTP_PROXY', 'ALL_PROXY'];
  const name = names.find((candidate) => variable(env, candidate) !== undefined);
  const value = name === undefined ? undefined : variable(env, name);
  if (name === undefined || value === undefined) return undefined;
  return isExempt(target, variable(env, 'NO_PROXY')) ? undefined : proxyUrl(value, name, { assumeHttp: true });
}

/** A usable proxy URL, or `kubeconfig_invalid` that names its origin and not its value, which may hold a password. */
export function proxyUrl(value: string, origin: string, { assumeHttp = false } = {}): URL {
  const text = assumeHttp && !value.includes('://') ? `http://${value}` : value;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Go resolves names at a socks5 proxy already, which other programs call socks5h.
  if (url?.protocol === 'socks5h:') return proxyUrl(text.replace(/^socks5h/i, 'socks5'), origin);
  if (url === undefined || url.hostname === '' || !(url.protocol in DEFAULT_PORTS)) {
    throw new AppError('kubeconfig_invalid', `${origin} is not a proxy URL.`, {
      remedy: `Set it to http://host:port, https://host:port or socks5://host:port, or remove it.`,
    });
  }
  return url;
}

function variable(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toLowerCase()] || undefined;
}

function isExempt(target: URL, noProxy: string | undefined): boolean {
  const host = normalHost(target.hostname);
  const port = target.port || DEFAULT_PORTS[target.protocol] || '';
  if (host === 'localhost' || isLoopback(host)) return true;
  return (noProxy ?? '').split(',').some((rule) => exempts(rule.trim().toLowerCase(), host, port));
}

/** One element of NO_PROXY: `*`, a CIDR, an address or a host, the last two with an optional port; `.x` and `*.x` mean sub-domains only. */
function exempts(rule: string, host: string, port: string): boolean {
  if (rule === '') return false;
  if (rule === '*') return true;
  const network = cidr(rule);
  if (network !== undefined) return isIP(host) !== 0 && network.check(host, family(host));
  const { name, port: rulePort } = splitPort(rule);
  if (name === '' || (rulePort !== undefined && rulePort !== port)) return false;
  if (isIP(name) !== 0) return isIP(host) !== 0 && addresses(name).check(host, family(host));
  const suffix = name.startsWith('*.') ? name.slice(1) : name;
  if (suffix.startsWith('.')) return host.endsWith(`.${ascii(suffix.slice(1))}`);
  return host === ascii(suffix) || host.endsWith(`.${ascii(suffix)}`);
}

function cidr(rule: string): BlockList | undefined {
  const [address, prefix, more] = rule.split('/');
  if (address === undefined || prefix === undefined || more !== undefined || !/^\d{1,3}$/.test(prefix))
    return undefined;
  const version = isIP(address);
  if (version === 0 || Number(prefix) > (version === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), family(address));
  return list;
}

function addresses(address: string): BlockList {
  const list = new BlockList();
  list.addAddress(address, family(address));
  return list;
}

function splitPort(rule: string): { name: string; port?: string } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(rule);
  if (bracketed) return { name: bracketed[1] ?? '', ...(bracketed[2] === undefined ? {} : { port: bracketed[2] }) };
  const at = rule.indexOf(':');
  // More than one colon is an IPv6 address.
  if (at < 0 || rule.indexOf(':', at + 1) >= 0) return { name: rule };
  return { name: rule.slice(0, at), port: rule.slice(at + 1) };
}

function isLoopback(host: string): boolean {
  return isIP(host) !== 0 && LOOPBACK.check(host, family(host));
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function normalHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function ascii(name: string): string {
  return domainToASCII(name) || name;
}
