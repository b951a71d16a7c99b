import type { Health } from '../types.ts';
import { grown, numbers } from './growing.ts';
import { Uids } from './uids.ts';

const HEALTHS: readonly Health[] = ['unknown', 'ok', 'progressing', 'warning', 'failed', 'done', 'unknown'];
const ABSENT = 0;
const PRESENT: Readonly<Record<Health, number>> = { ok: 1, progressing: 2, warning: 3, failed: 4, done: 5, unknown: 6 };

/** A version is kept in 8 bytes where it is a number. */
const MAX_DIGITS = 15;
const ODD = -1;

/** What nodes have besides names, labels and facts, by id: numbers in columns take a third of what fields of objects take. */
export class Columns {
  readonly uids = new Uids();
  #state = numbers(Uint8Array);
  #version = numbers(Float64Array);
  #created = numbers(Float64Array);
  readonly #deleting = new Map<number, number>();
  readonly #oddVersions = new Map<number, string>();

  reserve(count: number): void {
    this.#state = grown(this.#state, count);
    this.uids.reserve(count);
    this.#version = grown(this.#version, count);
    this.#created = grown(this.#created, count);
  }

  isPresent(id: number): boolean {
    return this.#state[id] !== ABSENT;
  }

  health(id: number): Health {
    return HEALTHS[this.#state[id] ?? ABSENT] ?? 'unknown';
  }

  created(id: number): number {
    return this.#created[id] ?? 0;
  }

  deleting(id: number): number | undefined {
    return this.#deleting.size === 0 ? undefined : this.#deleting.get(id);
  }

  uid(id: number): string {
    return this.isPresent(id) ? this.uids.get(id) : '';
  }

  hasUid(id: number, uid: string): boolean {
    return this.isPresent(id) && this.uids.has(id, uid);
  }

  version(id: number): string {
    if (!this.isPresent(id)) return '';
    const version = this.#version[id] ?? 0;
    return version === ODD ? (this.#oddVersions.get(id) ?? '') : `${version}`;
  }

  hasVersion(id: number, version: string): boolean {
    const number = numberOf(version);
    return number === ODD ? this.#oddVersions.get(id) === version : this.#version[id] === number;
  }

  write(
    id: number,
    object: { uid: string; resourceVersion: string; created: number; deleting: number | undefined; health: Health },
  ): void {
    this.#state[id] = PRESENT[object.health];
    this.uids.set(id, object.uid);
    const version = numberOf(object.resourceVersion);
    this.#version[id] = version;
    if (version === ODD) this.#oddVersions.set(id, object.resourceVersion);
    else if (this.#oddVersions.size > 0) this.#oddVersions.delete(id);
    this.#created[id] = object.created;
    if (object.deleting !== undefined) this.#deleting.set(id, object.deleting);
    else if (this.#deleting.size > 0) this.#deleting.delete(id);
  }

  /** Back to absent. */
  erase(id: number): void {
    this.#state[id] = ABSENT;
    this.#created[id] = 0;
    this.#version[id] = 0;
    this.uids.forget(id);
    this.#oddVersions.delete(id);
    this.#deleting.delete(id);
  }
}

/** ODD for what a number does not give back as it was. */
function numberOf(version: string): number {
  if (version.length === 0 || version.length > MAX_DIGITS) return ODD;
  let number = 0;
  for (let i = 0; i < version.length; i++) {
    const digit = version.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9 || (digit === 0 && i === 0)) return ODD;
    number = number * 10 + digit;
  }
  return number;
}
