import { randomBytes } from 'node:crypto';
import type { Principal } from '../kernel/vocabulary.ts';
import { newCallId } from './call-id.ts';
import { createRotatingFile, type LineSink } from './rotating-file.ts';
import { summariseArguments } from './summarise-arguments.ts';

/** One call, refused ones included. `arguments` come redacted; they are summarised here. */
export interface CallAudit {
  /** What requests made for it are kept under. */
  id: string;
  principal: Principal;
  tool: string;
  arguments: unknown;
  cluster?: string;
  decision: 'allowed' | 'refused' | 'not reached';
  outcome: 'ok' | 'failed' | 'pending confirmation';
  code?: string;
  durationMs: number;
}

/** One request that a CLI command made of an API server, allowed or refused. Holds no values. */
export interface RequestAudit {
  /** The `id` of the call it was made for. */
  call: string;
  cluster: string;
  verb: string;
  /** `resource.group[/subresource]`, or a path. */
  target: string;
  namespace?: string;
  name?: string;
  dryRun?: true;
  decision: 'allowed' | 'refused';
  /** Of the answer, HTTP. */
  status: number;
  code?: string;
}

/** A request that a surface turned away before it became a call: wrong Host, wrong Origin, no token. */
export interface RefusalAudit {
  kind: string;
  reason: string;
  method: string;
  path: string;
  remote: string;
  /** Refusals that the surface itself left out since its last report. */
  suppressed?: number;
}

export interface Audit {
  call(record: CallAudit): void;
  request(record: RequestAudit): void;
  /** At most 20 a second and 200 a minute are written; the next one written says how many were left out. */
  refusal(refusal: RefusalAudit): void;
  /** Waits until all is written. */
  close(): Promise<void>;
}

export interface AuditOptions {
  enabled: boolean;
  /** The file, owner-only and append-only; set aside at 50 MiB. */
  path?: string;
  /** In place of a file. */
  sink?: LineSink;
  maxBytes?: number;
  /** For fingerprints of long arguments; without it they can be compared within one run only. */
  key?: Uint8Array;
  now?: () => number;
  /** Told once of a disk that fails; the call goes on. */
  onError?: (error: unknown) => void;
}

const MAX_BYTES = 50 * 1024 * 1024;
const PER_SECOND = 20;
const PER_MINUTE = 200;

/** JSON lines of who asked what, what was decided and how it ended. */
export function createAudit(options: AuditOptions): Audit {
  const { enabled, key = randomBytes(32), now = Date.now } = options;
  const sink = enabled ? (options.sink ?? fileOf(options)) : undefined;
  if (sink === undefined) return { call() {}, request() {}, refusal() {}, async close() {} };
  const admit = createRefusalLimit(now);
  const write = (record: object): void => {
    try {
      sink.write(`${JSON.stringify({ time: new Date(now()).toISOString(), id: newCallId(), ...record })}\n`);
    } catch (error) {
      // A record that cannot be written must not fail the call it is about.
      options.onError?.(error);
    }
  };
  return {
    call({ principal, arguments: args, ...rest }) {
      const { id, transport, authenticated } = principal;
      const { tool, ...outcome } = rest;
      write({
        type: 'call',
        principal: id,
        authenticated,
        transport,
        tool,
        arguments: summarised(args, key),
        ...outcome,
      });
    },
    request: (record) => write({ type: 'request', ...record }),
    refusal({ suppressed = 0, ...refusal }) {
      const left = admit(suppressed);
      if (left === undefined) return;
      write({ type: 'refusal', ...refusal, ...(left > 0 ? { suppressed: left } : {}) });
    },
    close: () => sink.close(),
  };
}

function fileOf({ path, maxBytes = MAX_BYTES, onError, now }: AuditOptions): LineSink | undefined {
  if (path === undefined) return undefined;
  return createRotatingFile({ path, maxBytes, ...(onError ? { onError } : {}), ...(now ? { now } : {}) });
}

function summarised(args: unknown, key: Uint8Array): unknown {
  try {
    return summariseArguments(args, key);
  } catch {
    return '<could not be summarised>';
  }
}

/** Gives how many refusals were left out before this one, or undefined when this one is left out too. */
function createRefusalLimit(now: () => number): (alreadyLeftOut: number) => number | undefined {
  let second = { start: 0, count: 0 };
  let minute = { start: 0, count: 0 };
  let leftOut = 0;
  return (alreadyLeftOut) => {
    const at = now();
    if (at - second.start >= 1000) second = { start: at, count: 0 };
    if (at - minute.start >= 60_000) minute = { start: at, count: 0 };
    leftOut += alreadyLeftOut;
    if (second.count >= PER_SECOND || minute.count >= PER_MINUTE) {
      leftOut++;
      return undefined;
    }
    second.count++;
    minute.count++;
    const said = leftOut;
    leftOut = 0;
    return said;
  };
}
