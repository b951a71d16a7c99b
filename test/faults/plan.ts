/** What can go wrong between a client and a Kubernetes API, as plain data: a plan is a list of rules, and JSON all through. */

export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  /** API groups, resource lists, OpenAPI. */
  | 'discovery'
  /** `/version`, health and whatever else. */
  | 'other';

export interface Plan {
  readonly rules: readonly Rule[];
}

/** For the requests that match and the turns that count: once `at` comes, `do` happens. All rules that apply do, in order. */
export interface Rule {
  /** For statistics; `rule-<index>` unless given. */
  readonly name?: string;
  /** Absent: every request. Rules at `start` and `connect` have none. */
  readonly match?: Match;
  /** Absent: every one that matches. */
  readonly counts?: Counts;
  readonly at: Phase;
  readonly do: Action;
}

/** Every field that is there has to hold. */
export interface Match {
  readonly verb?: Verb | readonly Verb[];
  readonly group?: string;
  readonly version?: string;
  /** Plural. */
  readonly resource?: string;
  readonly subresource?: string;
  /** '' asks for requests across namespaces. */
  readonly namespace?: string;
  readonly name?: string;
  /** Start of the path. */
  readonly path?: string;
  /** Of a list in pages: 1 is the first, 2 the first with a continue token. A token asked for again is the same page. */
  readonly page?: number;
  readonly initialEvents?: boolean;
  /** What the Accept header has in it: `protobuf`, `as=Table`. */
  readonly accept?: string;
  /** The bearer token as the client sent it. */
  readonly bearer?: string;
  readonly protocol?: 'h1' | 'h2';
}

/** Which of the matching requests (or connections) it happens to, counted from 1. All that is given has to hold. */
export interface Counts {
  /** Counts each path for itself; otherwise all matching requests count together. */
  readonly per?: 'path';
  readonly nth?: number;
  readonly every?: number;
  readonly from?: number;
  readonly to?: number;
  /** From 0 to 1, drawn from the proxy's seed. */
  readonly probability?: number;
}

export type Phase =
  /** As soon as the plan is set. */
  | { readonly at: 'start' }
  /** A client's TCP connection, before TLS. */
  | { readonly at: 'connect' }
  /** Before the upstream is asked. */
  | { readonly at: 'request' }
  /** The upstream answered; nothing of it was passed on. */
  | { readonly at: 'headers' }
  /** Before this byte of the answer's body; 0 unless given. */
  | { readonly at: 'body'; readonly byte?: number }
  /** A watch event came and was not passed on yet: each, or the nth, of those of this type and name. */
  | {
      readonly at: 'event';
      readonly nth?: number;
      readonly type?: string;
      readonly name?: string;
      /** The bookmark that ends the initial events. */
      readonly initialEventsEnd?: boolean;
    }
  /** So many watch events were passed on; 0: none yet, but the head was. */
  | { readonly at: 'after-events'; readonly after: number }
  /** So long after the head was passed on. */
  | { readonly at: 'time'; readonly ms: number }
  /** So long without a byte of the answer. */
  | { readonly at: 'idle'; readonly ms: number }
  /** The upstream ended its answer; the end was not passed on yet. */
  | { readonly at: 'end' };

/** Milliseconds and bytes throughout. */
export type Action = Control | ConnectionShape | AnswerChange | EventChange;

/** Things that happen to a connection, a stream or the whole proxy at a moment. */
export type Control =
  | { readonly kind: 'delay'; readonly ms: number }
  /**
   * `end`: the answer ends as if it were whole. `fin`, `rst`: what TCP has for it.
   * `afterBytes`: so many more bytes of the connection get through (of TLS: cuts in the middle of a head).
   * `inside` (at `event`): so many bytes of the event get through.
   */
  | {
      readonly kind: 'cut';
      readonly how: 'end' | 'fin' | 'rst';
      readonly afterBytes?: number;
      readonly inside?: number;
    }
  /** Stays open and says nothing any more; the connection does not even read. */
  | { readonly kind: 'silence'; readonly of: 'stream' | 'connection' }
  /** Over HTTP/1.1 the connection is reset. */
  | { readonly kind: 'rst-stream'; readonly code: number }
  /** Code 0 lets streams finish; any other ends the session. Over HTTP/1.1 nothing. */
  | { readonly kind: 'goaway'; readonly code: number }
  /** What becomes of new connections, for so long or until the next plan: `black-hole` leaves SYNs unanswered. */
  | {
      readonly kind: 'listener';
      readonly state: 'refused' | 'black-hole';
      readonly forMs?: number;
      readonly cutOpen?: boolean;
    }
  /** As a suspended machine: no connection is read from or written to, for so long or until the next plan. */
  | { readonly kind: 'freeze'; readonly forMs?: number }
  /** From now on all requests go to another upstream. */
  | { readonly kind: 'swap-upstream'; readonly to: string };

/** What a new connection meets. */
export type ConnectionShape =
  | { readonly kind: 'certificate'; readonly use: CertificateUse }
  /** `http/1.1`: all that is agreed to. `none`: no ALPN at all. */
  | { readonly kind: 'protocols'; readonly alpn: 'http/1.1' | 'none' }
  /** Node counts a stream that the client cancelled for a moment longer; one that is opened at once then gets RST_STREAM 11. */
  | { readonly kind: 'max-streams'; readonly streams: number };

export type CertificateUse = 'expired' | 'wrong-name' | 'other-authority';

export type AnswerChange =
  /** Instead of the upstream's answer; at `request` it is not even asked. A `body` that is no string is sent as JSON. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  /** The first full list of this collection that passed under this plan, as a replica that lags would give it again. */
  | { readonly kind: 'old-list' }
  /** Query parameters on their way to the upstream; null removes. */
  | { readonly kind: 'query'; readonly set: Readonly<Record<string, string | null>> }
  /** This one request goes to another upstream. */
  | { readonly kind: 'upstream'; readonly use: string }
  /** Null removes. */
  | { readonly kind: 'head'; readonly status?: number; readonly set?: Readonly<Record<string, string | null>> }
  /** The `Date` header goes wrong by so much. */
  | { readonly kind: 'date'; readonly skewMs: number }
  /** The head waits for the first bytes of the body. */
  | { readonly kind: 'hold-head' }
  | { readonly kind: 'encoding'; readonly as: Encoding }
  /** Changes a JSON document, at `body`, or a watch event, at `event`. */
  | { readonly kind: 'edit'; readonly edits: readonly Edit[] }
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number }
  /** Chunks of this many bytes, each on its own. */
  | { readonly kind: 'split'; readonly bytes: number }
  /** Turns over every bit of the byte. */
  | { readonly kind: 'corrupt' }
  /** Reads so slowly that the upstream notices. */
  | { readonly kind: 'slow-reader'; readonly bytesPerSecond: number };

export type Encoding =
  | 'gzip'
  /** Half of the bytes, and a clean end. */
  | 'truncated-gzip'
  /** A garbled byte in the middle. */
  | 'corrupt-gzip'
  /** The header says gzip, the body is not. */
  | 'says-gzip'
  /** The body is gzip, no header says so. */
  | 'hides-gzip';

export type EventChange =
  | { readonly kind: 'drop' }
  /** Waits for the next event of the same object and goes after it. */
  | { readonly kind: 'reorder' }
  /** So many events in one chunk; the rest when the stream ends. */
  | { readonly kind: 'join'; readonly events: number }
  /** `where` is for rules at `event`: `before` unless given. */
  | {
      readonly kind: 'inject';
      readonly lines: readonly Line[];
      readonly where?: 'before' | 'after' | 'instead';
    };

/** A line of a watch that the server never sent. */
export type Line =
  /** An ERROR event. */
  | {
      readonly line: 'status';
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  | { readonly line: 'event'; readonly type: string; readonly object: unknown }
  | { readonly line: 'text'; readonly text: string }
  /** The event at hand, or the one before, once more, edited or not; so many times. */
  | { readonly line: 'again'; readonly edits?: readonly Edit[]; readonly times?: number };

/** Fields on the way down; `*` is every element; `{ where, is }` are the elements whose (dotted) field has this value. */
export type Path = readonly (string | number | { readonly where: string; readonly is: unknown })[];

export type Edit =
  | { readonly edit: 'set'; readonly path: Path; readonly to: unknown }
  | { readonly edit: 'remove'; readonly path: Path }
  /** A number, or text of digits, becomes smaller by so much. */
  | { readonly edit: 'lower'; readonly path: Path; readonly by: number }
  /** Text of so many bytes: what makes an object large. */
  | { readonly edit: 'pad'; readonly path: Path; readonly bytes: number }
  /** An empty page whose continue token leads to the page that was asked for. First pages have none and stay. */
  | { readonly edit: 'empty-page' }
  /** The last item of the page before comes first once more. */
  | { readonly edit: 'repeat-item' };

const CONTROLS: ReadonlySet<Action['kind']> = new Set<Control['kind']>([
  'delay',
  'cut',
  'silence',
  'rst-stream',
  'goaway',
  'listener',
  'freeze',
  'swap-upstream',
]);

export function isControl(action: Action): action is Control {
  return CONTROLS.has(action.kind);
}

/** `name` or what stands for it in statistics. */
export function ruleName(rule: Rule, index: number): string {
  return rule.name ?? `rule-${index}`;
}
