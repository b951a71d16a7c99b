/** What differs between the objects of one template, as its builder asks for it: the real values, or marks in their places. */
import { hostAddress, longHex, nodeName, podAddress, suffixText, timeText, uidText, zoneOf } from './texts.ts';

/** What an object keeps of its own. */
export interface Place {
  /** Counts everything that was ever made: uid, name and container ids follow from it. */
  readonly serial: number;
  /** Of the addresses, taken by one pod at a time. */
  readonly slot: number;
  /** -1: on none. */
  readonly node: number;
  /** Of a StatefulSet's pod. */
  readonly ordinal: number;
  /** Seconds since the epoch. */
  readonly created: number;
  /** When its containers ran, or what runs instead of them began. */
  readonly started: number;
}

/** All of a width that does not depend on the object. */
export interface Values {
  readonly uid: string;
  readonly revision: string;
  /** Five letters that end the name. */
  readonly suffix: string;
  /** Five letters that end the name of the volume with the token. */
  readonly volume: string;
  readonly ordinal: string;
  readonly node: string;
  readonly nodeUid: string;
  readonly zone: string;
  readonly podIP: string;
  readonly hostIP: string;
  /** 64 hexadecimal digits for container `index`. */
  container(index: number): string;
  /** So many seconds after it was created; less than a year, as of the others. */
  created(after: number): string;
  /** So many seconds after its containers ran. */
  started(after: number): string;
  /** So many seconds after it last changed. */
  changed(after: number): string;
}

/** Nodes have the first serials, so that whoever is of one knows its uid. */
export const nodeSerial = (node: number) => node + 1;
export const nodeUid = (seed: number, node: number) => uidText(seed, nodeSerial(node));

/** Of the digits of a revision: a world begins at the first with so many. */
export const FIRST_REVISION = 1_000_000_000;

export class RealValues implements Values {
  readonly seed: number;
  readonly place: Place;
  readonly changedAt: number;
  readonly revision: string;

  constructor(seed: number, place: Place, changedAt: number, revision: number) {
    this.seed = seed;
    this.place = place;
    this.changedAt = changedAt;
    this.revision = String(revision);
  }

  get uid(): string {
    return uidText(this.seed, this.place.serial);
  }

  get suffix(): string {
    return suffixText(this.place.serial);
  }

  get volume(): string {
    // Another letter for letter, by a number that no serial has.
    return suffixText(this.place.serial + 5_000_011);
  }

  get ordinal(): string {
    return String(this.place.ordinal);
  }

  get node(): string {
    return nodeName(this.place.node);
  }

  get nodeUid(): string {
    return nodeUid(this.seed, this.place.node);
  }

  get zone(): string {
    return zoneOf(this.place.node);
  }

  get podIP(): string {
    return podAddress(this.place.slot);
  }

  get hostIP(): string {
    return hostAddress(this.place.node);
  }

  container(index: number): string {
    return longHex(this.seed, this.place.serial, index);
  }

  created(after: number): string {
    return timeText(this.place.created + after);
  }

  started(after: number): string {
    return timeText(this.place.started + after);
  }

  changed(after: number): string {
    return timeText(this.changedAt + after);
  }
}
