/** F17 to F34: sign-in, rights, throttling, server errors, and what lists may hold. */
import { statusOf } from './lines.ts';
import type { Action, Counts, Edit, Match, Path, Plan, Rule } from './plan.ts';
import { type FaultRow, plan, type Target } from './row.ts';

type Failure = Parameters<typeof statusOf>[0];

const once: Counts = { nth: 1 };

export const UNAUTHORIZED: Failure = { code: 401, reason: 'Unauthorized', message: 'Unauthorized' };
export const TOO_MANY: Failure = {
  code: 429,
  reason: 'TooManyRequests',
  message: 'Too many requests, please try again later.',
  retryAfterSeconds: 1,
};
const FORBIDDEN: Failure = { code: 403, reason: 'Forbidden', message: 'forbidden by the fault proxy' };
export const EXPIRED: Failure = { code: 410, reason: 'Expired', message: 'too old resource version: 1 (2)' };

/** Instead of an answer, a Status. */
export function failing(
  match: Match,
  failure: Failure,
  counts: Counts = {},
  headers: Record<string, string> = {},
): Rule {
  const body = statusOf(failure);
  return { match, counts, at: { at: 'request' }, do: { kind: 'answer', status: failure.code, headers, body } };
}

export function answerRows(target: Target): readonly FaultRow[] {
  const list: Match = { verb: 'list', ...target };
  const watch: Match = { verb: 'watch', ...target };
  const reads: Match = { verb: ['list', 'watch'], ...target };
  const edits = (...all: readonly Edit[]): Plan => onList({ kind: 'edit', edits: all }, once);
  const onList = (action: Action, counts: Counts): Plan =>
    plan({ match: list, counts, at: { at: 'body' }, do: action });
  const set = (path: Path, to: unknown): Edit => ({ edit: 'set', path, to });
  const retryAfter = { 'retry-after': '1' };
  const afterFirst = (action: Action): Rule => ({
    match: watch,
    counts: once,
    at: { at: 'after-events', after: 1 },
    do: action,
  });

  return [
    {
      id: 'F17',
      fault: '401 once',
      plans: { watch: plan(failing(watch, UNAUTHORIZED, once)), list: plan(failing(list, UNAUTHORIZED, once)) },
    },
    { id: 'F18', fault: '401 for ever', plans: { 'for ever': plan(failing({}, UNAUTHORIZED)) } },
    {
      id: 'F19',
      fault: 'credential plugin: slow, failing, garbage, expired on arrival, asked by many',
      plans: {},
      outside: "The plugin of the kubeconfig is a program of the test; 401 for its old token is F23's plan.",
    },
    { id: 'F20', fault: '403 on one kind from the start', plans: { forbidden: plan(failing(reads, FORBIDDEN)) } },
    {
      id: 'F21',
      fault: '403 after being allowed',
      plans: {
        'from the third read': plan(afterFirst({ kind: 'cut', how: 'end' }), failing(reads, FORBIDDEN, { from: 3 })),
      },
      outside: 'Instead: remove the RoleBinding in the sandbox, which decides by RBAC.',
    },
    {
      id: 'F22',
      fault: '403 across namespaces, allowed in each',
      plans: { 'in namespaces only': plan(failing({ ...reads, namespace: '' }, FORBIDDEN)) },
    },
    {
      id: 'F23',
      fault: 'token file or certificate rotates',
      plans: { 'old token refused': plan(failing({ bearer: 'old-token' }, UNAUTHORIZED)) },
      outside: "The token file holds `old-token`, then another one; a client certificate's files are replaced.",
    },
    {
      id: 'F24',
      fault: '429 with Retry-After',
      plans: {
        list: plan(failing(list, TOO_MANY, once, retryAfter)),
        watch: plan(failing(watch, TOO_MANY, once, retryAfter)),
        'in the stream': plan(
          afterFirst({ kind: 'inject', lines: [{ line: 'status', ...TOO_MANY }] }),
          afterFirst({ kind: 'cut', how: 'end' }),
        ),
      },
    },
    {
      id: 'F25',
      fault: 'bursts of 500, 502, 503',
      plans: {
        '500': plan(failing(reads, { code: 500, reason: 'InternalError' }, { to: 3 })),
        '502': plan({
          match: reads,
          counts: { to: 3 },
          at: { at: 'request' },
          do: {
            kind: 'answer',
            status: 502,
            headers: { 'content-type': 'text/html' },
            body: '<h1>502 Bad Gateway</h1>',
          },
        }),
        '503': plan(failing(reads, { code: 503, reason: 'ServiceUnavailable' }, { to: 3 })),
      },
    },
    {
      id: 'F26',
      fault: 'queueing: 40 s to the head',
      plans: { '40 s': plan({ match: list, counts: once, at: { at: 'request' }, do: { kind: 'delay', ms: 40_000 } }) },
    },
    {
      id: 'F27',
      fault: '410 on page n',
      plans: { 'page 2': plan(expiredPage(once)), 'page 2 every time': plan(expiredPage({})) },
    },
    {
      id: 'F28',
      fault: 'connection lost on page n',
      plans: {
        'page 2': plan({
          match: { ...list, page: 2 },
          counts: once,
          at: { at: 'body', byte: 100 },
          do: { kind: 'cut', how: 'rst' },
        }),
      },
    },
    {
      id: 'F29',
      fault: 'odd pages',
      plans: {
        'empty page with continue': plan({
          match: { ...list, page: 2 },
          counts: once,
          at: { at: 'body' },
          do: { kind: 'edit', edits: [{ edit: 'empty-page' }] },
        }),
        'item on two pages': onList({ kind: 'edit', edits: [{ edit: 'repeat-item' }] }, {}),
        'wrong remainingItemCount': onList(
          { kind: 'edit', edits: [set(['metadata', 'remainingItemCount'], 123_456)] },
          {},
        ),
        'null items': edits(set(['items'], null)),
        'items without kind': onList(
          {
            kind: 'edit',
            edits: [
              { edit: 'remove', path: ['items', '*', 'kind'] },
              { edit: 'remove', path: ['items', '*', 'apiVersion'] },
            ],
          },
          {},
        ),
      },
    },
    {
      id: 'F30',
      fault: 'a list without resourceVersion',
      plans: { empty: onList({ kind: 'edit', edits: [set(['metadata', 'resourceVersion'], '')] }, {}) },
    },
    {
      id: 'F31',
      fault: 'a list older than what is known',
      plans: {
        replica: plan({ match: list, counts: { nth: 2 }, at: { at: 'request' }, do: { kind: 'old-list' } }),
        'older version': onList(
          { kind: 'edit', edits: [{ edit: 'lower', path: ['metadata', 'resourceVersion'], by: 5 }] },
          { nth: 2 },
        ),
      },
    },
    {
      id: 'F32',
      fault: '504 ResourceVersionTooLarge',
      plans: { once: plan(tooLarge(once)), persists: plan(tooLarge({})) },
    },
    {
      id: 'F33',
      fault: 'a Table, or another kind',
      plans: {
        table: edits(
          set(['kind'], 'Table'),
          set(['apiVersion'], 'meta.k8s.io/v1'),
          set(['columnDefinitions'], []),
          set(['rows'], []),
          { edit: 'remove', path: ['items'] },
        ),
        'other kind': edits(set(['kind'], 'GadgetList')),
      },
    },
    {
      id: 'F34',
      fault: 'a list that takes longer than the history: 410 on the first watch, again and again',
      plans: {
        'three times': plan(
          { match: list, counts: { to: 3 }, at: { at: 'body' }, do: { kind: 'delay', ms: 360_000 } },
          failing(watch, EXPIRED, { to: 3 }),
        ),
      },
    },
  ];

  function expiredPage(counts: Counts): Rule {
    const message = 'The provided continue parameter is too old to display a consistent list result.';
    const status = { ...statusOf({ code: 410, reason: 'Expired', message }), metadata: { continue: 'inconsistent' } };
    return {
      match: { ...list, page: 2 },
      counts,
      at: { at: 'request' },
      do: { kind: 'answer', status: 410, body: status },
    };
  }

  function tooLarge(counts: Counts): Rule {
    const message = 'Too large resource version';
    const status = {
      ...statusOf({ code: 504, reason: 'Timeout', message: `Timeout: ${message}: 99, current: 5` }),
      details: { causes: [{ reason: 'ResourceVersionTooLarge', message }], retryAfterSeconds: 1 },
    };
    return {
      match: list,
      counts,
      at: { at: 'request' },
      do: { kind: 'answer', status: 504, headers: { 'retry-after': '1' }, body: status },
    };
  }
}
