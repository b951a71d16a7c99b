/** The `format`s of strings that custom schemas may ask for; others are not checked, as by the real server. */
import { isIPv4, isIPv6 } from 'node:net';
import { base64Problem, timeProblem } from './text-problems.ts';

const UUID = (version: string, variant: string) =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i');
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const HOST_LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const DURATION = /^[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))*$/;
const UNITS = 'nano|micro|milli|nanosecond|microsecond|millisecond|sec|second|min|minute|hr|hour|day|wk|week';
/** `5 minutes`. */
const SPOKEN_DURATION = new RegExp(`^\\d+\\s*((${UNITS})s?|ns|us|µs|ms|s|m|h|d|w)$`);

function isUri(text: string): boolean {
  if (text.startsWith('/')) return true;
  try {
    return /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) && new URL(text).href !== '';
  } catch {
    return false;
  }
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  if (more.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}

const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && timeProblem(`${text}T00:00:00Z`) === undefined;
/** One label, or several of which the last is at least two letters. */
function isHostname(text: string): boolean {
  const labels = text.split('.');
  const last = labels.at(-1) ?? '';
  if (labels.length > 1 && !/^[a-zA-Z]{2,63}$/.test(last)) return false;
  return text.length <= 255 && labels.every((label) => label.length <= 63 && HOST_LABEL.test(label));
}

/** Dashes in the names do not count: `date-time` is `datetime`. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  uri: isUri,
  email: (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  hostname: isHostname,
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: isCidr,
  mac: (text) => /^([0-9a-fA-F]{2}[:-]){5}([0-9a-fA-F]{2})$/.test(text),
  uuid: (text) => UUID('[0-9a-f]', '[0-9a-f]').test(text),
  uuid3: (text) => UUID('3', '[0-9a-f]').test(text),
  uuid4: (text) => UUID('4', '[89ab]').test(text),
  uuid5: (text) => UUID('5', '[89ab]').test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  byte: (text) => base64Problem(text) === undefined,
  password: () => true,
  date: isDate,
  duration: (text) => DURATION.test(text) || SPOKEN_DURATION.test(text) || text === '0',
  datetime: (text) => timeProblem(text.toUpperCase()) === undefined,
  k8sshortname: (text) => text.length <= 63 && LABEL.test(text),
  k8slongname: (text) => text.length <= 253 && text.split('.').every((label) => LABEL.test(label)),
};

/** True for formats that are not checked. */
export function matchesFormat(format: string, text: string): boolean {
  return checkOf(format)?.(text) ?? true;
}

export const isKnownFormat = (format: string) => checkOf(format) !== undefined;

function checkOf(format: string): ((text: string) => boolean) | undefined {
  const name = format.replaceAll('-', '');
  return Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
}
