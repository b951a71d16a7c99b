/** What went through the proxy, so that tests can hold clients to budgets. */
import { type Facts, matches } from './classify.ts';
import type { Match } from './plan.ts';

export interface RequestRecord {
  readonly facts: Facts;
  /** As passed on; 0: none yet, or never. */
  status: number;
  /** Of the body, as passed on. */
  bytes: number;
  /** Watch events that came from the upstream. */
  events: number;
  open: boolean;
  /** Names of the rules that did something to it. */
  readonly rules: string[];
}

export interface KindStats {
  requests: number;
  open: number;
  bytes: number;
  events: number;
}

export interface Stats {
  readonly connections: number;
  readonly openConnections: number;
  readonly requests: number;
  readonly openRequests: number;
  readonly bytes: number;
  /** By verb and resource: `list pods`, `watch deployments.apps`, `get pods/log`, `discovery`. */
  readonly kinds: ReadonlyMap<string, Readonly<KindStats>>;
  /** How often each rule did something. */
  readonly fired: ReadonlyMap<string, number>;
  /** Rules that could not be kept: an edit of what is not JSON, GOAWAY over HTTP/1.1. A test wants none. */
  readonly skipped: ReadonlyMap<string, number>;
  /** The latest requests, oldest first. */
  readonly log: readonly Readonly<RequestRecord>[];
  /** How many of the log match. */
  count(match: Match): number;
}

export interface Recorder extends Stats {
  connected(): void;
  disconnected(): void;
  begin(facts: Facts): Recording;
  fire(rule: string): void;
  skip(rule: string): void;
}

/** One request as it goes. */
export interface Recording {
  status(status: number): void;
  bytes(count: number): void;
  event(): void;
  fire(rule: string): void;
  skip(rule: string): void;
  end(): void;
}

/** Enough for any test; a soak keeps the latest. */
const LOG_LENGTH = 20_000;

export function createRecorder(): Recorder {
  const kinds = new Map<string, KindStats>();
  const fired = new Map<string, number>();
  const skipped = new Map<string, number>();
  const log: RequestRecord[] = [];
  const totals = { connections: 0, openConnections: 0, requests: 0, openRequests: 0, bytes: 0 };
  const add = (counts: Map<string, number>, rule: string) => void counts.set(rule, (counts.get(rule) ?? 0) + 1);

  return {
    get connections() {
      return totals.connections;
    },
    get openConnections() {
      return totals.openConnections;
    },
    get requests() {
      return totals.requests;
    },
    get openRequests() {
      return totals.openRequests;
    },
    get bytes() {
      return totals.bytes;
    },
    kinds,
    fired,
    skipped,
    log,
    count: (match) => log.filter(({ facts }) => matches(match, facts)).length,
    connected() {
      totals.connections++;
      totals.openConnections++;
    },
    disconnected() {
      totals.openConnections--;
    },
    fire: (rule) => add(fired, rule),
    skip: (rule) => add(skipped, rule),
    begin(facts) {
      const kind = kindOf(kinds, facts);
      const record: RequestRecord = { facts, status: 0, bytes: 0, events: 0, open: true, rules: [] };
      log.push(record);
      if (log.length > LOG_LENGTH) log.shift();
      totals.requests++;
      totals.openRequests++;
      kind.requests++;
      kind.open++;
      return {
        status(status) {
          record.status = status;
        },
        bytes(count) {
          record.bytes += count;
          kind.bytes += count;
          totals.bytes += count;
        },
        event() {
          record.events++;
          kind.events++;
        },
        fire(rule) {
          record.rules.push(rule);
          add(fired, rule);
        },
        skip: (rule) => add(skipped, rule),
        end() {
          if (!record.open) return;
          record.open = false;
          kind.open--;
          totals.openRequests--;
        },
      };
    },
  };
}

function kindOf(kinds: Map<string, KindStats>, { verb, resource, subresource, group }: Facts): KindStats {
  const id = [resource, ...(group === '' ? [] : [group])].join('.');
  const name = [verb, ...(resource === '' ? [] : [subresource === '' ? id : `${id}/${subresource}`])].join(' ');
  const kind = kinds.get(name) ?? { requests: 0, open: 0, bytes: 0, events: 0 };
  kinds.set(name, kind);
  return kind;
}
