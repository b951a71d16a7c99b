/** F01 to F16: what happens to connections, streams and bytes. */
import type { Action, Counts, Match, Plan, Rule } from './plan.ts';
import { type FaultRow, plan, type Target } from './row.ts';

const once: Counts = { nth: 1 };
const always = (action: Action): Plan => plan({ at: { at: 'connect' }, do: action });
const body = (action: Action, match: Match, counts: Counts = {}): Rule => ({
  match,
  counts,
  at: { at: 'body' },
  do: action,
});

const LOGIN_PAGE = '<!DOCTYPE html><html><body><form action="/login">Sign in</form></body></html>';

export function connectionRows(target: Target): readonly FaultRow[] {
  const list: Match = { verb: 'list', ...target };
  const watch: Match = { verb: 'watch', ...target };
  const afterOne = (action: Action, counts: Counts = once): Rule => ({
    match: watch,
    counts,
    at: { at: 'after-events', after: 1 },
    do: action,
  });
  return [
    {
      id: 'F01',
      fault: 'ECONNREFUSED on the first list',
      plans: { refused: plan({ at: { at: 'start' }, do: { kind: 'listener', state: 'refused', forMs: 5000 } }) },
    },
    {
      id: 'F02',
      fault: 'ECONNREFUSED on the next watch',
      plans: { refused: plan(afterOne({ kind: 'listener', state: 'refused', forMs: 5000, cutOpen: true })) },
    },
    {
      id: 'F03',
      fault: 'DNS failure, wrong name or authority, expired certificates',
      plans: {
        'wrong name': always({ kind: 'certificate', use: 'wrong-name' }),
        'other authority': always({ kind: 'certificate', use: 'other-authority' }),
        expired: always({ kind: 'certificate', use: 'expired' }),
        'wrong once': plan({
          counts: once,
          at: { at: 'connect' },
          do: { kind: 'certificate', use: 'other-authority' },
        }),
      },
      outside:
        'DNS failure: a kubeconfig whose host does not resolve. Expired client certificate: one that is issued so, with a proxy that passes on to a server which refuses it. Files: replace the authority in them.',
    },
    {
      id: 'F04',
      fault: 'SYN black hole',
      plans: {
        'no SYN answered': plan({ at: { at: 'start' }, do: { kind: 'listener', state: 'black-hole', forMs: 30_000 } }),
        'no TLS answered': plan({ counts: once, at: { at: 'connect' }, do: { kind: 'silence', of: 'connection' } }),
      },
    },
    {
      id: 'F05',
      fault: 'RST in the middle of a head and of a stream',
      plans: {
        head: plan({
          match: watch,
          counts: once,
          at: { at: 'headers' },
          do: { kind: 'cut', how: 'rst', afterBytes: 20 },
        }),
        stream: plan(afterOne({ kind: 'cut', how: 'rst' })),
      },
    },
    {
      id: 'F06',
      fault: 'established but silent',
      plans: {
        connection: plan(afterOne({ kind: 'silence', of: 'connection' })),
        stream: plan(afterOne({ kind: 'silence', of: 'stream' })),
      },
    },
    {
      id: 'F07',
      fault: 'load balancer cuts idle connections',
      plans: {
        'after 60 s': plan({ match: watch, at: { at: 'idle', ms: 60_000 }, do: { kind: 'cut', how: 'fin' } }),
        'after 350 s': plan({ match: watch, at: { at: 'idle', ms: 350_000 }, do: { kind: 'cut', how: 'rst' } }),
      },
    },
    {
      id: 'F08',
      fault: 'one byte a second; the head with the first event only',
      plans: {
        drip: plan(body({ kind: 'throttle', bytesPerSecond: 1 }, list, once)),
        'held head': plan({ match: watch, at: { at: 'headers' }, do: { kind: 'hold-head' } }),
      },
    },
    {
      id: 'F09',
      fault: 'HTTP/1.1 only, no ALPN',
      plans: {
        'http/1.1': always({ kind: 'protocols', alpn: 'http/1.1' }),
        'no alpn': always({ kind: 'protocols', alpn: 'none' }),
      },
    },
    {
      id: 'F10',
      fault: 'GOAWAY',
      plans: {
        graceful: plan(afterOne({ kind: 'goaway', code: 0 }, { every: 2 })),
        'with an error': plan(afterOne({ kind: 'goaway', code: 2 })),
      },
    },
    {
      id: 'F11',
      fault: 'RST_STREAM',
      plans: {
        REFUSED_STREAM: plan({
          match: watch,
          counts: once,
          at: { at: 'request' },
          do: { kind: 'rst-stream', code: 7 },
        }),
        CANCEL: plan(afterOne({ kind: 'rst-stream', code: 8 })),
        INTERNAL_ERROR: plan(afterOne({ kind: 'rst-stream', code: 2 })),
        ENHANCE_YOUR_CALM: plan(afterOne({ kind: 'rst-stream', code: 11 })),
      },
    },
    {
      id: 'F12',
      fault: 'fewer streams than watches',
      plans: { 'three streams': always({ kind: 'max-streams', streams: 3 }) },
      outside: 'As many watches as it takes: more than 3 here, more than 250 without a plan.',
    },
    {
      id: 'F13',
      fault: 'one stream is not consumed',
      plans: {},
      outside:
        'The client stops reading one answer; the proxy keeps a window for each stream and lets the others go on.',
    },
    {
      id: 'F14',
      fault: 'gzip that is cut or garbled, an encoding that is not as said',
      plans: {
        truncated: plan(encoded('truncated-gzip')),
        corrupt: plan(encoded('corrupt-gzip')),
        'not gzip': plan(encoded('says-gzip')),
        'gzip unsaid': plan(encoded('hides-gzip')),
      },
    },
    {
      id: 'F15',
      fault: 'events in any pieces: byte by byte, a thousand in a chunk, one of 3 MB',
      plans: {
        'byte by byte': plan(body({ kind: 'split', bytes: 1 }, watch)),
        'list byte by byte': plan(body({ kind: 'split', bytes: 1 }, list)),
        joined: plan({ match: watch, at: { at: 'event' }, do: { kind: 'join', events: 1000 } }),
        large: plan({
          match: watch,
          at: { at: 'event', nth: 2 },
          do: {
            kind: 'edit',
            edits: [{ edit: 'pad', path: ['object', 'metadata', 'annotations', 'padding'], bytes: 3_000_000 }],
          },
        }),
      },
    },
    {
      id: 'F16',
      fault: 'a login page, a redirect, 406 for protobuf',
      plans: {
        'login page': plan(answered(list, 200, { 'content-type': 'text/html; charset=utf-8' }, LOGIN_PAGE)),
        redirect: plan(answered(list, 302, { location: 'https://login.example/start' }, '')),
        'no protobuf': plan({
          ...answered({ ...list, accept: 'protobuf' }, 406, {}, 'only JSON here'),
          counts: {},
        }),
      },
    },
  ];

  function encoded(as: Extract<Action, { kind: 'encoding' }>['as']): Rule {
    return { match: list, counts: once, at: { at: 'headers' }, do: { kind: 'encoding', as } };
  }

  function answered(match: Match, status: number, headers: Record<string, string>, text: string): Rule {
    return { match, counts: once, at: { at: 'request' }, do: { kind: 'answer', status, headers, body: text } };
  }
}
