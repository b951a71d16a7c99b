/** F35 to F66: what watches may bring, initial events, discovery, volume and time. */
import type { Action, Counts, Edit, Line, Match, Phase, Plan, Rule } from './plan.ts';
import { type FaultRow, plan, type Target } from './row.ts';
import { EXPIRED, failing } from './rows-answers.ts';

const once: Counts = { nth: 1 };
const END_MARK = ['object', 'metadata', 'annotations', 'k8s.io/initial-events-end'];
const RESOURCE_VERSION = ['object', 'metadata', 'resourceVersion'];

export function watchRows(target: Target): readonly FaultRow[] {
  const list: Match = { verb: 'list', ...target };
  const watch: Match = { verb: 'watch', ...target };
  const initial: Match = { ...watch, initialEvents: true };
  const rule = (at: Phase, action: Action, counts: Counts = {}, match = watch): Rule => ({
    match,
    counts,
    at,
    do: action,
  });
  const afterOne = (action: Action, counts = once) => rule({ at: 'after-events', after: 1 }, action, counts);
  /** A line after the first event, and the end. */
  const ending = (line: Line, counts = once): Plan =>
    plan(afterOne({ kind: 'inject', lines: [line] }, counts), afterOne({ kind: 'cut', how: 'end' }, counts));
  const onEvent = (
    event: Omit<Extract<Phase, { at: 'event' }>, 'at'>,
    action: Action,
    counts: Counts = {},
    match = watch,
  ) => rule({ at: 'event', ...event }, action, counts, match);
  const edit = (...edits: readonly Edit[]): Action => ({ kind: 'edit', edits });
  const type = (to: string): Edit => ({ edit: 'set', path: ['type'], to });
  const again = (...edits: readonly Edit[]): Action => ({
    kind: 'inject',
    where: 'after',
    lines: [{ line: 'again', edits }],
  });
  const named = (to: string): Edit => ({ edit: 'set', path: ['object', 'metadata', 'name'], to });

  return [
    {
      id: 'F35',
      fault: '410 on a watch',
      plans: { 'in the stream': ending({ line: 'status', ...EXPIRED }), http: plan(failing(watch, EXPIRED, once)) },
    },
    {
      id: 'F36',
      fault: 'ERROR 500, of an unknown code, without a Status',
      plans: {
        '500': ending({ line: 'status', code: 500, reason: 'InternalError' }),
        'unknown code': ending({ line: 'status', code: 599 }),
        malformed: ending({ line: 'event', type: 'ERROR', object: 'no Status' }),
      },
    },
    {
      id: 'F37',
      fault: 'clean end at timeoutSeconds',
      plans: {
        'by the server': plan(rule({ at: 'request' }, { kind: 'query', set: { timeoutSeconds: '1' } })),
        'by the proxy': plan(rule({ at: 'time', ms: 300_000 }, { kind: 'cut', how: 'end' })),
      },
    },
    {
      id: 'F38',
      fault: '200 and an immediate end, repeatedly',
      plans: { 'four times': plan(rule({ at: 'after-events', after: 0 }, { kind: 'cut', how: 'end' }, { to: 4 })) },
    },
    {
      id: 'F39',
      fault: 'quiet for hours, bookmarks only, then a restart of the server',
      plans: {
        'restart after 3 h': plan(
          rule({ at: 'time', ms: 10_800_000 }, { kind: 'goaway', code: 0 }),
          rule({ at: 'time', ms: 10_805_000 }, { kind: 'cut', how: 'fin' }),
        ),
      },
      outside: 'Move the clocks of sandbox and proxy on together; write to other kinds so that versions advance.',
    },
    { id: 'F40', fault: 'no bookmarks', plans: { none: plan(onEvent({ type: 'BOOKMARK' }, { kind: 'drop' })) } },
    {
      id: 'F41',
      fault: 'bookmarks that are older, or without resourceVersion',
      plans: {
        older: plan(onEvent({ type: 'BOOKMARK' }, edit({ edit: 'lower', path: RESOURCE_VERSION, by: 10 }))),
        'without version': plan(onEvent({ type: 'BOOKMARK' }, edit({ edit: 'remove', path: RESOURCE_VERSION }))),
      },
    },
    {
      id: 'F42',
      fault: 'events that do not fit what is known',
      plans: {
        repeated: plan(onEvent({}, again())),
        'ADDED of known': plan(onEvent({ type: 'MODIFIED' }, edit(type('ADDED')))),
        'MODIFIED of unknown': plan(onEvent({ type: 'ADDED' }, edit(type('MODIFIED')))),
        'DELETED of unknown': plan(onEvent({ nth: 1 }, again(type('DELETED'), named('never-seen')))),
        'turned round': plan(onEvent({}, { kind: 'reorder' })),
      },
    },
    {
      id: 'F43',
      fault: 'deleted and created again while away',
      plans: { away: plan(afterOne({ kind: 'listener', state: 'refused', forMs: 10_000, cutOpen: true })) },
      outside: 'Delete and create the object while the client is away.',
    },
    {
      id: 'F44',
      fault: 'a malformed line in the middle',
      plans: {
        once: plan(
          onEvent(
            { nth: 2 },
            { kind: 'inject', where: 'instead', lines: [{ line: 'text', text: '{"type":"ADDED","object":{"meta' }] },
            once,
          ),
        ),
        'three times': plan(
          onEvent(
            { nth: 2 },
            { kind: 'inject', where: 'instead', lines: [{ line: 'text', text: 'not JSON at all' }] },
            { to: 3 },
          ),
        ),
        'corrupt byte': plan(rule({ at: 'body', byte: 0 }, { kind: 'corrupt' }, once)),
      },
    },
    {
      id: 'F45',
      fault: 'the last line is cut',
      plans: {
        'clean end': plan(onEvent({ nth: 2 }, { kind: 'cut', how: 'end', inside: 30 }, once)),
        reset: plan(onEvent({ nth: 2 }, { kind: 'cut', how: 'rst', inside: 30 }, once)),
      },
    },
    {
      id: 'F46',
      fault: 'unknown event type, unknown kind',
      plans: {
        type: plan(onEvent({ nth: 2 }, edit(type('MUTATED')))),
        kind: plan(onEvent({ nth: 2 }, edit({ edit: 'set', path: ['object', 'kind'], to: 'Gadget' }))),
      },
    },
    {
      id: 'F47',
      fault: 'slow consumer: the server ends the watch',
      plans: { slow: plan(rule({ at: 'body' }, { kind: 'slow-reader', bytesPerSecond: 1000 }, once)) },
      outside: 'Enough churn to fill what the server holds for a watcher; or F38, which looks the same to the client.',
    },
    {
      id: 'F48',
      fault: 'sendInitialEvents is refused, or ignored',
      plans: {
        '400': plan(
          failing(initial, { code: 400, reason: 'BadRequest', message: 'unknown parameter: sendInitialEvents' }),
        ),
        '422': plan(
          failing(initial, {
            code: 422,
            reason: 'Invalid',
            message:
              'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
          }),
        ),
        ignored: plan(
          rule(
            { at: 'request' },
            { kind: 'query', set: { sendInitialEvents: null, resourceVersionMatch: null } },
            {},
            initial,
          ),
        ),
      },
    },
    {
      id: 'F49',
      fault: 'initial events whose end never comes',
      plans: {
        'no end mark': plan(onEvent({ initialEventsEnd: true }, { kind: 'drop' }, {}, initial)),
        'events without end': plan(
          onEvent({ initialEventsEnd: true }, { kind: 'drop' }, {}, initial),
          onEvent({ nth: 1 }, { kind: 'inject', where: 'after', lines: [{ line: 'again', times: 1000 }] }, {}, initial),
        ),
      },
    },
    {
      id: 'F50',
      fault: 'a proxy strips the annotation, or all bookmarks',
      plans: {
        annotation: plan(onEvent({ initialEventsEnd: true }, edit({ edit: 'remove', path: END_MARK }))),
        bookmarks: plan(onEvent({ type: 'BOOKMARK' }, { kind: 'drop' })),
      },
    },
    {
      id: 'F51',
      fault: 'initial events: cut halfway, changes before the end, versions without order',
      plans: {
        'cut halfway': plan(rule({ at: 'after-events', after: 2 }, { kind: 'cut', how: 'rst' }, once, initial)),
        'MODIFIED before the end': plan(onEvent({ nth: 1 }, again(type('MODIFIED')), {}, initial)),
        'DELETED before the end': plan(onEvent({ nth: 1 }, again(type('DELETED')), {}, initial)),
        'no order': plan(onEvent({ nth: 2 }, edit({ edit: 'lower', path: RESOURCE_VERSION, by: 3 }), {}, initial)),
      },
    },
    { id: 'F52', fault: 'CRD added', plans: {}, outside: 'Create the CRD in the sandbox.' },
    {
      id: 'F53',
      fault: 'CRD deleted while it is watched',
      plans: {
        '404': plan(
          afterOne({ kind: 'cut', how: 'end' }),
          rule(
            { at: 'request' },
            { kind: 'answer', status: 404, body: '404 page not found\n' },
            { from: 3 },
            { verb: ['list', 'watch'], ...target },
          ),
        ),
      },
      outside:
        'Instead: delete the CRD in the sandbox, whose discovery confirms it. With the plan discovery contradicts.',
    },
    {
      id: 'F54',
      fault: 'CRD created again with other scope or versions',
      plans: {},
      outside: 'Delete the CRD in the sandbox and create another one of its name; or remove its preferred version.',
    },
    {
      id: 'F55',
      fault: 'aggregated API unavailable, discovery stale',
      plans: {
        '503': plan(
          failing(
            { ...target, verb: ['list', 'watch'] },
            { code: 503, reason: 'ServiceUnavailable', message: 'service unavailable' },
          ),
        ),
        stale: plan({
          match: { verb: 'discovery', path: '/apis' },
          at: { at: 'body' },
          do: edit({
            edit: 'set',
            path: ['items', { where: 'metadata.name', is: 'metrics.k8s.io' }, 'versions', '*', 'freshness'],
            to: 'Stale',
          }),
        }),
      },
    },
    {
      id: 'F56',
      fault: 'discovery fails in part',
      plans: {
        'one group version': plan(
          failing({ verb: 'discovery', path: '/apis/apps/v1' }, { code: 503, reason: 'ServiceUnavailable' }),
        ),
        'all groups': plan(failing({ verb: 'discovery', path: '/apis' }, { code: 503, reason: 'ServiceUnavailable' })),
      },
    },
    {
      id: 'F57',
      fault: '10,000 events a second; rollout of 5,000 pods',
      plans: {},
      outside: 'Churn of a generated world (`sandbox/scale`).',
    },
    {
      id: 'F58',
      fault: 'one object updated 1,000 times a second',
      plans: {
        repeated: plan(
          onEvent({ nth: 1 }, { kind: 'inject', where: 'after', lines: [{ line: 'again', times: 1000 }] }),
        ),
      },
      outside: 'For versions that advance: update one object in the sandbox; the plan repeats one event 1,000 times.',
    },
    {
      id: 'F59',
      fault: '30,000 ConfigMaps of 500 KB',
      plans: {
        large: plan({
          match: list,
          at: { at: 'body' },
          do: edit({ edit: 'pad', path: ['items', '*', 'data', 'padding'], bytes: 500_000 }),
        }),
      },
      outside: 'For the number of them: a generated world. The plan makes each item of a list large.',
    },
    {
      id: 'F60',
      fault: 'three apiservers restart in turn, and one lags',
      plans: {
        'in turn': plan(
          afterOne({ kind: 'goaway', code: 0 }, { nth: 1 }),
          afterOne({ kind: 'cut', how: 'fin' }, { from: 1, to: 2 }),
          afterOne({ kind: 'listener', state: 'refused', forMs: 2000, cutOpen: true }, { nth: 3 }),
          { match: list, counts: { from: 2, to: 3 }, at: { at: 'request' }, do: { kind: 'old-list' } },
        ),
      },
    },
    {
      id: 'F61',
      fault: 'restored from a backup: versions go backwards',
      plans: {
        restored: plan(afterOne({ kind: 'swap-upstream', to: 'backup' }), afterOne({ kind: 'cut', how: 'rst' })),
      },
      outside: 'The proxy is given an upstream `backup`: a sandbox of the same seed and fewer writes.',
    },
    {
      id: 'F62',
      fault: 'another cluster under the same address',
      plans: {
        replaced: plan(afterOne({ kind: 'swap-upstream', to: 'other' }), afterOne({ kind: 'cut', how: 'rst' })),
      },
      outside: 'The proxy is given an upstream `other`: a sandbox of another seed.',
    },
    {
      id: 'F63',
      fault: 'suspended for 8 hours',
      plans: { suspended: plan(afterOne({ kind: 'freeze', forMs: 28_800_000 })) },
      outside: "Move all clocks on by 8 hours: the client's own as well.",
    },
    {
      id: 'F64',
      fault: 'clocks 10 minutes apart',
      plans: { ahead: plan(skew(600_000)), behind: plan(skew(-600_000)) },
    },
    {
      id: 'F65',
      fault: '10,000 reconnects; stop in any state',
      plans: { 'every watch': plan(rule({ at: 'after-events', after: 1 }, { kind: 'cut', how: 'fin' })) },
      outside: 'Count descriptors and memory of the client; stop it at any moment.',
    },
    {
      id: 'F66',
      fault: 'relist while a query iterates',
      plans: { relist: ending({ line: 'status', ...EXPIRED }, {}) },
      outside: 'The query runs in the test, and goes on between the pages of the new list.',
    },
  ];
}

function skew(skewMs: number): Rule {
  return { at: { at: 'headers' }, do: { kind: 'date', skewMs } };
}
