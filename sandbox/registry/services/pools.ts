/** Which cluster IPs and node ports are taken: read from the stored services once, then kept up with their changes. */
import type { Store } from '../../store/types.ts';
import type { KubeObject } from '../../types.ts';
import { numberAt, recordsAt, textAt, valueAt } from '../json.ts';

/** 10.96.0.0/16, as `--service-cluster-ip-range` of the real ones has it by custom. */
const BASE = (10 << 24) | (96 << 16);
const SIZE = 1 << 16;
/** Addresses that are made up come from above the first 256, so that chosen ones do not clash with them. */
const STATIC_ADDRESSES = 256;
const PORTS = { first: 30000, last: 32767 };
/** As with addresses: the lowest ports are left to be chosen. */
const STATIC_PORTS = 86;

export type Taken = 'taken' | 'outside' | 'free';

export interface Pools {
  addressState(address: string): Taken;
  /** Undefined when there is none left. */
  freeAddress(): string | undefined;
  portState(port: number): Taken;
  freePort(besides: ReadonlySet<number>): number | undefined;
}

export function createPools(store: Store, random: () => number): Pools {
  // How often each is in use: two services may hold one port for a moment while one takes over from the other.
  const addresses = new Map<number, number>();
  const ports = new Map<number, number>();
  let started = false;

  function change(service: KubeObject, by: 1 | -1): void {
    for (const address of addressesOf(service)) bump(addresses, parseAddress(address), by);
    for (const port of portsOf(service)) bump(ports, port, by);
  }

  function start(): void {
    if (started) return;
    started = true;
    for (const { body } of store.list('services')) change(body.object(), 1);
    store.subscribe({ resource: 'services' }, store.revision, (event) => {
      if (event.type !== 'ADDED') change(event.previous.body.object(), -1);
      if (event.type !== 'DELETED') change(event.version.body.object(), 1);
    });
  }

  const offsetOf = (address: string) => (parseAddress(address) ?? -1) - BASE;
  const isTaken = (offset: number) => addresses.has(BASE + offset);

  return {
    addressState(address) {
      start();
      const offset = offsetOf(address);
      if (offset < 1 || offset >= SIZE - 1) return 'outside';
      return isTaken(offset) ? 'taken' : 'free';
    },
    freeAddress() {
      start();
      const found = pick(STATIC_ADDRESSES + 1, SIZE - 2, isTaken, random) ?? pick(1, STATIC_ADDRESSES, isTaken, random);
      return found === undefined ? undefined : printAddress(BASE + found);
    },
    portState(port) {
      start();
      if (port < PORTS.first || port > PORTS.last) return 'outside';
      return ports.has(port) ? 'taken' : 'free';
    },
    freePort(besides) {
      start();
      const used = (port: number) => ports.has(port) || besides.has(port);
      const dynamic = PORTS.first + STATIC_PORTS;
      return pick(dynamic, PORTS.last, used, random) ?? pick(PORTS.first, dynamic - 1, used, random);
    },
  };
}

/** A free number of a range: a random one, or the next free one after it. */
function pick(from: number, to: number, taken: (value: number) => boolean, random: () => number): number | undefined {
  const size = to - from + 1;
  const start = Math.floor(random() * size);
  for (let step = 0; step < size; step++) {
    const value = from + ((start + step) % size);
    if (!taken(value)) return value;
  }
  return undefined;
}

function bump(counts: Map<number, number>, key: number | undefined, by: 1 | -1): void {
  if (key === undefined) return;
  const next = (counts.get(key) ?? 0) + by;
  if (next <= 0) counts.delete(key);
  else counts.set(key, next);
}

function addressesOf(service: KubeObject): string[] {
  const all = valueAt(service, 'spec', 'clusterIPs');
  const list: readonly unknown[] = Array.isArray(all) ? all : [textAt(service, 'spec', 'clusterIP')];
  return list.filter((address): address is string => typeof address === 'string' && address !== '');
}

export function portsOf(service: KubeObject): number[] {
  const ports = recordsAt(service, 'spec', 'ports').map((port) => numberAt(port, 'nodePort') ?? 0);
  const health = numberAt(service, 'spec', 'healthCheckNodePort') ?? 0;
  return [...new Set([...ports, health])].filter((port) => port !== 0);
}

function parseAddress(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  const valid = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return valid ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}

function printAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
