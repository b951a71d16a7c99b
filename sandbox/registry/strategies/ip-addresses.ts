/** IP addresses and networks in fields that predate strict checking, in the real words. */
import ipaddr from 'ipaddr.js';
import type { Findings } from './field-errors.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The address, or undefined when `text` is none. */
export function parseAddress(text: string): Address | undefined {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text) || !(ipaddr.IPv6.isValid(text) || isFourParts(text))) return undefined;
  return ipaddr.process(text);
}

const isFourParts = (text: string) =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
const hasLeadingZero = (text: string) =>
  /^\d/.test(text) && !text.includes(':') && text.split('.').some((part) => /^0\d/.test(part));

/** Returns whether it is one. */
export function ipAddress(found: Findings, field: string, text: string): boolean {
  const before = found.list.length;
  if (parseAddress(text) === undefined) {
    found.invalid(field, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)');
  } else if (hasLeadingZero(text)) found.invalid(field, text, 'must not have leading 0s');
  else if (/^::ffff:\d/i.test(text)) found.invalid(field, text, 'must not be an IPv4-mapped IPv6 address');
  return found.list.length === before;
}

/** Not an address that only has a meaning on one machine. */
export function endpointAddress(found: Findings, field: string, text: string): void {
  const address = parseAddress(text);
  if (address === undefined) {
    found.invalid(field, text, 'must be a valid IP address');
    return;
  }
  const range = address.range();
  if (range === 'unspecified' && /^[0.:]+$/.test(text)) found.invalid(field, text, `may not be unspecified (${text})`);
  if (range === 'loopback') found.invalid(field, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if (range === 'linkLocal') {
    found.invalid(field, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  }
  if (/^224\.0\.0\./.test(text) || /^ff02:/i.test(text)) {
    found.invalid(field, text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  }
}

interface Network {
  address: Address;
  bits: number;
}

export function parseNetwork(text: string): Network | undefined {
  const slash = text.lastIndexOf('/');
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  const length = text.slice(slash + 1);
  const bits = Number(length);
  if (address === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  return bits <= (address.kind() === 'ipv4' ? 32 : 128) ? { address, bits } : undefined;
}

export function network(found: Findings, field: string, text: string): void {
  const parsed = parseNetwork(text);
  if (parsed === undefined) {
    found.invalid(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
    return;
  }
  const [base = ''] = text.split('/');
  if (hasLeadingZero(base)) found.invalid(field, text, 'must not have leading 0s in IP or prefix length');
  else if (firstAddress(parsed) !== parsed.address.toString()) {
    found.invalid(field, text, 'must not have bits set beyond the prefix length');
  }
}

function firstAddress({ address, bits }: Network): string {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.max(0, Math.min(8, bits - index * 8));
    return byte & (0xff << (8 - kept));
  });
  return ipaddr.fromByteArray(bytes).toString();
}

/** Whether `inner` is a network inside `outer`, and smaller. */
export function isStrictSubset(inner: string, outer: string): boolean {
  const small = parseNetwork(inner);
  const large = parseNetwork(outer);
  if (small === undefined || large === undefined || small.address.kind() !== large.address.kind()) return false;
  const base = firstAddress({ address: small.address, bits: large.bits });
  return base === firstAddress(large) && large.bits < small.bits;
}
