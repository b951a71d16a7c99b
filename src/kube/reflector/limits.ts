/** Times and bounds of a Reflector. Milliseconds. */

/** client-go's: 0.8 s, doubled up to 30 s. */
export const FIRST_PAUSE = 800;
export const LONGEST_PAUSE = 30_000;
/** When another Reflector of the same server got through, those that wait for the connection follow, spread over so long. */
export const WAKE = { from: 50, to: 1000 };
/** Each of them is woken at most so often: as often as its longest pause. */
export const WAKE_AGAIN = 30_000;
/** A watch that lived so long was healthy: the next pause is short again (client-go's 2 minutes). */
export const HEALTHY = 120_000;
/** A watch that lived so long was no failed attempt: pauses grow no further (load balancers cut after 60 s). */
export const LASTING = 30_000;
/** A watch that ends sooner and brought nothing counts as a failure (client-go's VeryShortWatchError). */
export const SHORT_WATCH = 1000;
/** A watch of such a length brings a bookmark where the versions of the server move on (it sends them each minute). */
export const BOOKMARK_EXPECTED = 60_000;
/** So many failures of one sort at one place, then everything is listed anew. */
export const SAME_PLACE = 3;
/** So long an ERROR 500 in the stream is retried from the same version. */
export const INTERNAL_ERRORS = 60_000;
/** Lists after an expired watch are spread over so long: all kinds of a server may expire together. */
export const RELIST_SPREAD = 2000;
/** Forbidden kinds are asked for again after 5 to 10 minutes. */
export const RECHECK = { from: 300_000, to: 600_000 };
/**
 * Before that where it was watched a moment ago: a server that is just starting refuses everybody until it has read its
 * roles, for a second or so.
 */
export const RECHECK_SOON = [
  { from: 2_000, to: 4_000 },
  { from: 8_000, to: 16_000 },
  { from: 30_000, to: 60_000 },
];
/** A sign-in that does not work is tried this often by each kind. */
export const SIGN_IN = { from: 30_000, to: 60_000 };
/** A kind that is not served; discovery usually says sooner that it came back. */
export const NOT_SERVED = { from: 60_000, to: 120_000 };
/** Kinds that cannot be watched are read this often, unless the caller says otherwise. */
export const POLL_INTERVAL = 60_000;
/** Longest Retry-After that is believed. */
export const LONGEST_RETRY_AFTER = 300_000;
/** Relists because of lines that nobody understands: at most every 30 s, later every 10 minutes. */
export const NOT_UNDERSTOOD = { from: 30_000, to: 600_000 };
/** Without another initial event for so long, the initial events are given up for a list. */
export const INITIAL_EVENTS_STALL = 30_000;
/** Restarts of a list whose pages expire, before it is asked for in one piece. */
export const PAGED_RESTARTS = 2;
/** client-go's and kubectl's page. */
export const PAGE_SIZE = 500;
