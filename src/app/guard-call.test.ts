import { describe, expect, it } from 'vitest';
import { type Asked, GUARD_KEY, type GuardWorld, guardOver, type Scripted } from '../../test/support/guard.ts';
import { encode, envelope, type Message } from '../../test/support/protobuf.ts';
import type { Gate } from '../kernel/vocabulary.ts';
import { markerOf } from '../policy/redaction/fingerprint.ts';

const base64 = (value: string) => Buffer.from(value).toString('base64');
const mark = (value: string) => markerOf(GUARD_KEY, value);
const EMPTY: Scripted = { json: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const secret = (name: string, data: Record<string, string>, namespace = 'team-a') => ({
  metadata: { name, namespace },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
});
const answering = (json: unknown, world: Partial<GuardWorld> = {}) => guardOver({ answer: () => ({ json }), ...world });
const pod = (namespace: string, name: string) => ({ metadata: { namespace, name }, spec: { nodeName: 'n1' } });

describe('answers', () => {
  it('hide Secret data of lists whose items do not say what they are', async () => {
    const list = { kind: 'SecretList', apiVersion: 'v1', items: [secret('db', { odd: 'hunter22' })] };
    const { json, text } = await answering(list).ask({ path: '/api/v1/namespaces/team-a/secrets' });
    expect(json().items[0].data.odd).toBe(base64(mark('hunter22')));
    expect(text).not.toContain(base64('hunter22'));
    const unnamed = await answering({ ...list, kind: 'Whatever' }).ask({ path: '/api/v1/secrets' });
    expect(unnamed.text).not.toContain(base64('hunter22'));
  });

  it('are the same bytes where there is nothing to hide, however they are written', async () => {
    const odd =
      '{"kind":"PodList", "apiVersion":"v1",\n "items":[ {"metadata":{"name":"a","generation":12345678901234567890}} ],"n":1.0}';
    const { text } = await guardOver({ answer: () => ({ chunks: [odd.slice(0, 30), odd.slice(30)] }) }).ask({
      path: '/api/v1/pods',
    });
    expect(text).toBe(odd);
  });

  it('keep long integers exact where something else in them was hidden', async () => {
    const text = '{"kind":"Pod","metadata":{"generation":12345678901234567890},"spec":{"password":"hunter22"}}\n';
    const { text: shown } = await guardOver({ answer: () => ({ chunks: [text] }) }).ask({
      path: '/api/v1/namespaces/a/pods/x',
    });
    expect(shown).toBe(text.replace('hunter22', mark('hunter22')));
  });

  it('that cannot be read never pass', async () => {
    for (const answer of [
      { headers: { 'content-type': PROTOBUF }, chunks: ['k8s\0hunter22'] },
      { headers: { 'content-type': 'text/html' }, chunks: ['<p>hunter22'] },
      { chunks: ['{"kind":"Secret","data":{"a":"aHVudGVyMjI='] },
      { chunks: [Uint8Array.of(0x22, 0xff, 0x22)] },
      { chunks: ['"hunter22"'] },
    ]) {
      const { status, text, json } = await guardOver({ answer: () => answer }).ask({ path: '/api/v1/secrets' });
      expect(status).toBe(502);
      expect(json().kind).toBe('Status');
      expect(text).not.toMatch(/hunter22|aHVudGVy/);
    }
  });

  it('of errors lose what they repeat', async () => {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message:
        'admission: password=hunter22 is weak; Invalid value: "{\\"data\\":{\\"odd\\":\\"c2VjcmV0LXZhbHVl\\"}}": no',
      code: 422,
    };
    const guard = guardOver({ answer: () => ({ status: 422, json: status }), gates: ['update'] });
    const { status: code, json } = await guard.ask({
      method: 'PATCH',
      path: '/api/v1/namespaces/a/secrets/x',
      body: {},
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(code).toBe(422);
    expect(json().message).toMatch(
      /^admission: password=<redacted sha256:[0-9a-f]{8}> is weak; Invalid value: \(the object\): no$/,
    );
    // What a caller may have written compares with no Secret.
    expect(json().message).not.toContain(mark('hunter22'));
    const plain = await guardOver({
      answer: () => ({ status: 404, headers: { 'content-type': 'text/plain' }, chunks: ['no token=abcdef123'] }),
    }).ask({ path: '/api/v1/namespaces/a/pods/x' });
    expect(plain.text).not.toContain('abcdef123');
  });

  it('to a write do not say whether what was written equals a Secret', async () => {
    const guard = guardOver({
      answer: ({ body }) => ({ json: JSON.parse(Buffer.from(body ?? '').toString()) }),
      gates: ['create'],
    });
    const { text } = await guard.ask({
      method: 'POST',
      path: '/api/v1/namespaces/a/secrets?dryRun=All',
      body: { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'x' }, stringData: { a: 'my-guess' } },
    });
    expect(text).not.toContain('my-guess');
    expect(text).not.toContain(mark('my-guess'));
    expect(guard.parts.redactor.text('prints my-guess')).not.toMatch(`my-guess|${mark('my-guess')}`);
  });

  it('of logs are text, and lose what this command met', async () => {
    const guard = guardOver({
      answer: ({ path }) =>
        path.includes('/log')
          ? {
              headers: { 'content-type': 'text/plain' },
              chunks: ['plain é line\nlogin hunt', 'er22 ok\n', Uint8Array.of(0xc3), Uint8Array.of(0xa9, 0x0a)],
            }
          : { json: { kind: 'Secret', ...secret('db', { odd: 'hunter22' }) } },
    });
    await guard.ask({ path: '/api/v1/namespaces/team-a/secrets/db' });
    const { text } = await guard.ask({ path: '/api/v1/namespaces/team-a/pods/web/log?follow=true' });
    expect(text).toBe(`plain é line\nlogin ${mark('hunter22')} ok\né\n`);
    expect(guard.sent.at(-1)?.headers?.['accept']).toBe('text/plain,application/json');
  });

  it('show no value before the place that gives it away', async () => {
    const items = [
      { kind: 'ConfigMap', metadata: { name: 'a' }, data: { note: 'it is hunter22' } },
      { kind: 'Secret', metadata: { name: 'b' }, data: { odd: base64('hunter22') } },
      { kind: 'ConfigMap', metadata: { name: 'c' }, data: { note: 'nothing' } },
    ];
    const { json } = await answering({ kind: 'List', apiVersion: 'v1', items }).ask({ path: '/apis/x.io/v1/things' });
    expect(json().items[0].data.note).toBe(`it is ${mark('hunter22')}`);
    expect(json().items[2]).toEqual(items[2]);
  });

  it('to a request for protobuf are asked for as JSON, in the shapes that are known', async () => {
    const accept = async (given: string, path = '/api/v1/namespaces/a/pods') => {
      const guard = answering({ kind: 'PodList', items: [] });
      await guard.ask({ path, headers: { accept: given } });
      return guard.sent[0]?.headers?.['accept'];
    };
    expect(await accept(`${PROTOBUF},application/json`)).toBe('application/json');
    expect(await accept('application/cbor')).toBe('application/json');
    expect(await accept('*/*')).toBe('application/json');
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    expect(await accept(table)).toBe(table);
    expect(await accept('application/json;as=Nothing;v=v1,application/json;stream=watch')).toBe('application/json');
  });

  it('carry no headers but those that a client needs', async () => {
    const headers = {
      'content-type': 'application/json',
      'set-cookie': 'a=b',
      warning: '299 - "use token=abcdef123"',
      'audit-id': 'x',
    };
    const guard = guardOver({ answer: () => ({ headers, chunks: ['{"kind":"Pod"}'] }) });
    const answer = await guard.ask({ path: '/api/v1/namespaces/a/pods/x' });
    expect(Object.keys(answer.headers).sort()).toEqual(['audit-id', 'content-type', 'warning']);
    expect(answer.headers['warning']).not.toContain('abcdef123');
  });
});

describe('tables', () => {
  const columnDefinitions = [
    { name: 'Name', type: 'string' },
    { name: 'Pass', type: 'string', description: 'The field (in JSONPath format): .spec.adminPassword' },
  ];
  const row = (namespace: string, name: string, object: object = {}) => ({
    cells: [name, 'hunter22'],
    object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { namespace, name }, ...object },
  });

  it('are redacted by what a column shows, and in the objects of their rows', async () => {
    const rows = [row('a', 'x', { kind: 'Secret', data: { odd: base64('s3cr3t-value') } })];
    const { json } = await answering({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', columnDefinitions, rows }).ask({
      path: '/apis/x.io/v1/things?includeObject=Object',
    });
    expect(json().rows[0].cells).toEqual(['x', mark('hunter22')]);
    expect(json().rows[0].object.data.odd).toBe(base64(mark('s3cr3t-value')));
    expect(json().columnDefinitions).toEqual(columnDefinitions);
  });

  it('lose the rows of namespaces that may not be shown, and rows that do not say theirs', async () => {
    const rules = { forbiddenNamespaces: new Set(['prod']) };
    const rows = [row('a', 'x'), row('prod', 'y'), { cells: ['z', ''] }, { cells: ['z', ''], object: null }];
    const table = { kind: 'Table', metadata: { remainingItemCount: 4 }, columnDefinitions, rows };
    const { json } = await answering(table, { rules }).ask({ path: '/api/v1/pods' });
    expect(json().rows.map((shown: { cells: string[] }) => shown.cells[0])).toEqual(['x']);
    expect(json().metadata).toEqual({});
    const empty = await answering({ kind: 'Table', columnDefinitions, rows: null }, { rules }).ask({
      path: '/api/v1/pods',
    });
    expect(empty.json().rows).toBe(null);
  });
});

describe('namespaces', () => {
  const list = (...items: unknown[]) => ({
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { remainingItemCount: 9, resourceVersion: '7' },
    items,
  });

  it('that are forbidden leave lists over all of them', async () => {
    const guard = answering(list(pod('a', 'x'), pod('prod', 'y'), { metadata: {} }), {
      rules: { forbiddenNamespaces: new Set(['prod']) },
    });
    const { json } = await guard.ask({ path: '/api/v1/pods?limit=500' });
    expect(json()).toEqual({
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '7' },
      items: [pod('a', 'x')],
    });
  });

  it('that are allowed are all that a list over all of them shows', async () => {
    const rules = { allowedNamespaces: new Set(['a', 'b']), forbiddenNamespaces: new Set(['b']) };
    const guard = answering(list(pod('a', 'x'), pod('b', 'y'), pod('c', 'z')), { rules });
    expect((await guard.ask({ path: '/api/v1/pods' })).json().items).toEqual([pod('a', 'x')]);
    expect((await guard.ask({ path: '/api/v1/namespaces/c/pods' })).status).toBe(403);
    const namespaces = answering(
      { kind: 'NamespaceList', items: [{ metadata: { name: 'a' } }, { metadata: { name: 'c' } }] },
      { rules },
    );
    expect((await namespaces.ask({ path: '/api/v1/namespaces' })).json().items).toEqual([{ metadata: { name: 'a' } }]);
  });

  it('that are hidden do not show in the token of the next page, which works all the same', async () => {
    const token = base64('{"start":"prod/secret-name"}');
    const guard = answering(
      { kind: 'PodList', metadata: { continue: token }, items: [] },
      {
        rules: { forbiddenNamespaces: new Set(['prod']) },
      },
    );
    const word = (await guard.ask({ path: '/api/v1/pods?limit=1' })).json().metadata.continue;
    expect(word).toMatch(/^[0-9a-f]{24}$/);
    await guard.ask({ path: `/api/v1/pods?limit=1&continue=${word}` });
    expect(guard.sent[1]?.path).toBe(`/api/v1/pods?limit=1&continue=${encodeURIComponent(token)}`);
  });

  it('are looked for where an answer is no list at all', async () => {
    const guard = answering(
      { kind: 'Pod', ...pod('prod', 'y') },
      { rules: { forbiddenNamespaces: new Set(['prod']) } },
    );
    expect((await guard.ask({ path: '/api/v1/pods' })).status).toBe(502);
  });

  it('named in the body of a new Namespace count as any other, in JSON and in protobuf', async () => {
    const guard = answering(EMPTY, { gates: ['create'], rules: { forbiddenNamespaces: new Set(['prod']) } });
    const create = (body: unknown, type = 'application/json') =>
      guard.ask({ method: 'POST', path: '/api/v1/namespaces', body, headers: { 'content-type': type } });
    const namespace = (name: string): Message => [[1, [[1, name]]]];
    expect((await create({ kind: 'Namespace', metadata: { name: 'prod' } })).status).toBe(403);
    expect((await create(envelope('v1', 'Namespace', namespace('prod')), PROTOBUF)).status).toBe(403);
    expect((await create('{"metadata":{"name":"fine"},"metadata":{"name":"prod"}}')).status).toBe(403);
    expect(guard.sent).toEqual([]);
    expect((await create(envelope('v1', 'Namespace', namespace('fine')), PROTOBUF)).status).toBe(200);
  });
});

describe('watches', () => {
  const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
  const watch = (chunks: readonly (string | Uint8Array)[], world: Partial<GuardWorld> = {}) =>
    guardOver({ answer: () => ({ chunks }), ...world }).ask({ path: '/api/v1/secrets?watch=true' });

  it('pass event by event, redacted, however the bytes arrive', async () => {
    const plain = event('ADDED', { kind: 'ConfigMap', metadata: { name: 'é' } });
    const shown = event('MODIFIED', { kind: 'Secret', ...secret('db', { odd: 'hunter22' }) });
    const mark64 = base64(mark('hunter22'));
    const all = Buffer.from(plain + shown + plain);
    for (const size of [1, 10, 77, 10_000]) {
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
        all.subarray(at * size, (at + 1) * size),
      );
      expect((await watch(chunks)).text).toBe(plain + shown.replace(base64('hunter22'), mark64) + plain);
    }
  });

  it('hide the data of Secrets that do not say what they are', async () => {
    const { text } = await watch([event('ADDED', secret('db', { odd: 'hunter22' }))]);
    expect(text).toContain(base64(mark('hunter22')));
  });

  it('leave out the events of hidden namespaces, whole or in tables, and keep bookmarks and columns', async () => {
    const rules = { forbiddenNamespaces: new Set(['prod']) };
    const bookmark = event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '9', creationTimestamp: null } });
    const { text } = await watch([event('ADDED', pod('prod', 'x')), bookmark, event('DELETED', pod('a', 'y'))], {
      rules,
    });
    expect(text).toBe(bookmark + event('DELETED', pod('a', 'y')));

    const columnDefinitions = [{ name: 'Name' }];
    const table = (namespace: string, columns: unknown) => ({
      kind: 'Table',
      columnDefinitions: columns,
      rows: [{ cells: ['x'], object: { metadata: { namespace } } }],
    });
    const tables = await watch(
      [
        event('ADDED', table('prod', columnDefinitions)),
        event('ADDED', table('a', null)),
        event('ADDED', table('a', null)),
      ],
      { rules },
    );
    expect(tables.text).toBe(event('ADDED', table('a', columnDefinitions)) + event('ADDED', table('a', null)));
  });

  it.each([
    ['is no JSON', '{"type":"ADDED","object":{"kind":"Secret","data":{"a":"aHVudGVyMjI="}}\n'],
    ['is of a type that is not known', event('OTHER', { data: { a: 'aHVudGVyMjI=' } })],
    ['has no object', '{"type":"ADDED","aHVudGVyMjI=":1}\n'],
    ['is a bookmark with an object in it', event('BOOKMARK', { metadata: { name: 'x' }, data: { a: 'aHVudGVyMjI=' } })],
  ])('end with an error where an event %s', async (_, bad) => {
    const good = event('ADDED', { kind: 'Pod', ...pod('a', 'x') });
    const { text } = await watch([good + bad + good], { rules: { forbiddenNamespaces: new Set(['prod']) } });
    const [first, last, ...rest] = text.split('\n');
    expect(`${first}\n`).toBe(good);
    expect(JSON.parse(last ?? '')).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 502 } });
    expect(rest).toEqual(['']);
    expect(text).not.toContain('aHVudGVyMjI=');
  });

  it('end with an error at an event without end', async () => {
    const { text } = await watch(Array.from({ length: 17 }, () => 'x'.repeat(1024 * 1024)));
    expect(JSON.parse(text)).toMatchObject({ type: 'ERROR' });
  });
});

describe('writes in every disguise need their gate', () => {
  const GATES: readonly Gate[] = ['create', 'update', 'delete', 'exec', 'escalation'];
  const P = '/api/v1/namespaces/a';
  const cases: [string, Asked, string][] = [
    ['a create', { method: 'POST', path: `${P}/pods`, body: {} }, 'create'],
    [
      'a create without a type',
      { method: 'POST', path: `${P}/pods`, body: {}, headers: { 'content-type': '' } },
      'create',
    ],
    ['a delete', { method: 'DELETE', path: `${P}/pods/x` }, 'delete'],
    [
      'a delete whose query only is a dry run',
      { method: 'DELETE', path: `${P}/pods/x?dryRun=All`, body: { kind: 'DeleteOptions' } },
      'never',
    ],
    [
      'a delete whose protobuf body is none',
      {
        method: 'DELETE',
        path: `${P}/pods/x?dryRun=All`,
        body: envelope('v1', 'DeleteOptions', [[4, 'Background']]),
        headers: { 'content-type': PROTOBUF },
      },
      'never',
    ],
    [
      'a delete whose protobuf body is one twice over',
      {
        method: 'DELETE',
        path: `${P}/pods/x`,
        body: envelope('v1', 'DeleteOptions', [
          [5, 'All'],
          [5, 'No'],
        ]),
        headers: { 'content-type': PROTOBUF },
      },
      'delete',
    ],
    [
      'a delete with a repeated dryRun',
      { method: 'DELETE', path: `${P}/pods/x`, body: '{"dryRun":["All"],"dryRun":[]}' },
      'delete',
    ],
    ['a delete of all', { method: 'DELETE', path: `${P}/pods` }, 'delete'],
    ['an eviction', { method: 'POST', path: `${P}/pods/x/eviction`, body: {} }, 'delete'],
    ['an update', { method: 'PUT', path: `${P}/pods/x`, body: {} }, 'update'],
    [
      'an apply',
      { method: 'PATCH', path: `${P}/pods/x`, body: {}, headers: { 'content-type': 'application/apply-patch+yaml' } },
      'create+update',
    ],
    [
      'an apply in other letters',
      {
        method: 'PATCH',
        path: `${P}/pods/x`,
        body: {},
        headers: { 'content-type': 'Application/Apply-Patch+YAML; a=b' },
      },
      'create+update',
    ],
    [
      'a patch',
      { method: 'PATCH', path: `${P}/pods/x`, body: [], headers: { 'content-type': 'application/json-patch+json' } },
      'update',
    ],
    [
      'a scale',
      {
        method: 'PATCH',
        path: '/apis/apps/v1/namespaces/a/deployments/x/scale',
        body: {},
        headers: { 'content-type': 'application/merge-patch+json' },
      },
      'update',
    ],
    ['exec by GET', { path: `${P}/pods/x/exec?command=id` }, 'exec'],
    ['a proxy by GET', { path: `${P}/services/x/proxy/a/b` }, 'exec'],
    ['a token', { method: 'POST', path: `${P}/serviceaccounts/x/token`, body: {} }, 'create+escalation'],
    [
      'a role',
      { method: 'POST', path: '/apis/rbac.authorization.k8s.io/v1/namespaces/a/roles', body: {} },
      'create+escalation',
    ],
    [
      'a Secret that the cluster fills with a token',
      { method: 'POST', path: `${P}/secrets`, body: { type: 'kubernetes.io/service-account-token' } },
      'create+escalation',
    ],
    [
      'such a Secret as protobuf',
      {
        method: 'POST',
        path: `${P}/secrets`,
        body: envelope('v1', 'Secret', [
          [
            1,
            [
              [
                12,
                [
                  [1, 'kubernetes.io/service-account.name'],
                  [2, 'x'],
                ],
              ],
            ],
          ],
        ]),
        headers: { 'content-type': PROTOBUF },
      },
      'create+escalation',
    ],
    [
      'such a Secret in YAML',
      {
        method: 'POST',
        path: `${P}/secrets`,
        body: 'type: "kubernetes.io/service\\x2daccount-token"',
        headers: { 'content-type': 'application/yaml' },
      },
      'create+escalation',
    ],
    [
      'such a Secret by patch',
      {
        method: 'PATCH',
        path: `${P}/secrets/x`,
        body: '{"metadata":{"annotations":{"kubernetes.io/service\\u002daccount.name":"x"}}}',
        headers: { 'content-type': 'application/merge-patch+json' },
      },
      'create+update+escalation',
    ],
    [
      'a bootstrap token',
      {
        method: 'POST',
        path: '/api/v1/namespaces/kube-system/secrets',
        body: { metadata: { generateName: 'bootstrap-token-' } },
      },
      'create+escalation',
    ],
    ['percent-encoded words', { method: 'DELETE', path: '/api/v1/namespaces/a/%70ods/x' }, 'delete'],
    ['an encoded slash', { method: 'DELETE', path: '/api/v1/namespaces/a/pods%2fx' }, 'never'],
    ['a double slash', { method: 'DELETE', path: '/api/v1//namespaces/a/pods/x' }, 'never'],
    ['a dot segment', { method: 'DELETE', path: '/api/v1/namespaces/a/../b/pods/x' }, 'never'],
    ['a write to a path that is no resource', { method: 'POST', path: '/version', body: {} }, 'never'],
    ['an unknown method', { method: 'OPTIONS', path: `${P}/pods` }, 'never'],
    ['a lower-case method', { method: 'post', path: `${P}/pods`, body: {} }, 'never'],
    ['a read with a body', { path: `${P}/pods`, body: {} }, 'never'],
    ['an unknown subresource', { method: 'POST', path: `${P}/pods/x/other`, body: {} }, 'never'],
    ['debug paths', { path: '/debug/pprof/heap' }, 'never'],
  ];

  it.each(cases)('%s', async (_, asked, needs) => {
    const passes = async (gates: readonly Gate[]) => {
      const guard = guardOver({ answer: () => EMPTY, gates });
      const { status } = await guard.ask(asked);
      expect(guard.sent.length > 0).toBe(status === 200);
      return status === 200;
    };
    const all = await passes(GATES);
    const missing: Gate[] = [];
    for (const gate of GATES) if (all && !(await passes(GATES.filter((open) => open !== gate)))) missing.push(gate);
    expect(all ? missing.join('+') : 'never').toBe(needs);
  });

  it('but a dry run, and a question about oneself, need none', async () => {
    const guard = guardOver({ answer: () => EMPTY });
    const ask = (asked: Asked) => guard.ask(asked).then(({ status }) => status);
    expect(await ask({ method: 'POST', path: `${P}/pods?dryRun=All`, body: {} })).toBe(200);
    expect(await ask({ method: 'DELETE', path: `${P}/pods/x`, body: { dryRun: ['All'] } })).toBe(200);
    const options = envelope('v1', 'DeleteOptions', [[5, 'All']]);
    expect(
      await ask({
        method: 'DELETE',
        path: `${P}/pods/x?dryRun=All`,
        body: options,
        headers: { 'content-type': PROTOBUF },
      }),
    ).toBe(200);
    const review = envelope('authorization.k8s.io/v1', 'SelfSubjectAccessReview', [[2, [[1, [[1, 'a']]]]]]);
    expect(
      await ask({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: review,
        headers: { 'content-type': PROTOBUF },
      }),
    ).toBe(200);
    expect(guard.sent.at(-1)?.body).toEqual(Buffer.from(review));
    expect(guard.sent.at(-1)?.headers?.['content-type']).toBe(PROTOBUF);
  });

  it.each([
    'application/cbor',
    'application/apply-patch+cbor',
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/json-patch+json',
  ])('a body of the type %s is refused with 415', async (type) => {
    const guard = guardOver({ answer: () => EMPTY, gates: GATES });
    const { status, json } = await guard.ask({
      method: 'POST',
      path: `${P}/pods`,
      body: {},
      headers: { 'content-type': type },
    });
    expect(status).toBe(415);
    expect(json().reason).toBe('UnsupportedMediaType');
    expect(guard.sent).toEqual([]);
  });

  it('what is sent of a Secret or of YAML is what was looked at', async () => {
    const guard = guardOver({ answer: () => EMPTY, gates: GATES });
    await guard.ask({ method: 'POST', path: `${P}/secrets`, body: '{"type":"kubernetes.io/x","type":"Opaque"}' });
    expect(Buffer.from(guard.sent[0]?.body ?? '').toString()).toBe('{"type":"Opaque"}');
    await guard.ask({
      method: 'POST',
      path: `${P}/pods`,
      body: 'kind: Pod\n',
      headers: { 'content-type': 'application/yaml' },
    });
    expect(guard.sent[1]?.headers?.['content-type']).toBe('application/json');
    expect(Buffer.from(guard.sent[1]?.body ?? '').toString()).toBe('{"kind":"Pod"}');
    const plain = '{"kind": "Pod","spec":{"a":1.0}}';
    await guard.ask({ method: 'POST', path: `${P}/pods`, body: plain });
    expect(Buffer.from(guard.sent[2]?.body ?? '').toString()).toBe(plain);
  });
});

describe('markers in what is written', () => {
  const live = { kind: 'Secret', apiVersion: 'v1', ...secret('db', { password: 'hunter22' }) };
  const world = (over: Partial<GuardWorld> = {}): GuardWorld => ({
    gates: ['create', 'update'],
    answer: ({ method }) => (method === 'GET' ? { json: live } : EMPTY),
    ...over,
  });
  const path = '/api/v1/namespaces/team-a/secrets/db';

  it('are the live values again', async () => {
    const guard = guardOver(world());
    const read = (await guard.ask({ path })).json();
    expect(read.data.password).toBe(base64(mark('hunter22')));
    expect((await guard.ask({ method: 'PUT', path, body: read })).status).toBe(200);
    expect(JSON.parse(Buffer.from(guard.sent.at(-1)?.body ?? '').toString())).toEqual(live);
    expect(guard.report.written()).toEqual(['updated secrets team-a/db']);
  });

  it('are refused where they stand for nothing, and nothing is written', async () => {
    const guard = guardOver(world());
    const body = { kind: 'ConfigMap', metadata: { name: 'x' }, data: { copy: mark('hunter22') } };
    const { status, json } = await guard.ask({ method: 'POST', path: '/api/v1/namespaces/team-a/configmaps', body });
    expect(status).toBe(400);
    expect(json().message).toContain('data.copy: a redaction marker');
    expect(guard.sent).toEqual([]);
    const pod: Message = [
      [1, [[1, 'x']]],
      [2, [[2, mark('hunter22')]]],
    ];
    const protobuf = await guard.ask({
      method: 'POST',
      path: '/api/v1/namespaces/team-a/pods',
      body: envelope('v1', 'Pod', pod),
      headers: { 'content-type': PROTOBUF },
    });
    expect(protobuf.status).toBe(400);
    expect(guard.sent).toEqual([]);
    expect(guard.report.reason()).toContain('redaction markers that stand for no live value');
  });

  it('cannot be moved to where they would show by a JSON patch', async () => {
    const guard = guardOver(world());
    const body = [{ op: 'copy', from: '/data/password', path: '/metadata/annotations/shown' }];
    const asked = { method: 'PATCH', path, body, headers: { 'content-type': 'application/json-patch+json' } };
    expect((await guard.ask(asked)).status).toBe(400);
    expect(guard.lines()).toEqual([`GET ${path}`]);
  });
});

describe('discovery', () => {
  const document = (etag = '"1"'): Scripted => ({
    headers: { etag, 'content-type': 'application/json' },
    chunks: ['{"kind":"APIVersions"}'],
  });

  it('is answered as the server wrote it', async () => {
    const guard = guardOver({ answer: () => document() });
    const first = await guard.ask({
      path: '/api?timeout=32s',
      headers: { accept: 'application/json;as=APIGroupDiscoveryList' },
    });
    expect(first.text).toBe('{"kind":"APIVersions"}');
    expect(guard.lines()).toEqual(['GET /api']);
  });

  it('asked for twice by one command is asked for anew, and is the same where the server says so', async () => {
    let asked = 0;
    const guard = guardOver({ answer: () => (asked++ === 0 ? document() : { status: 304, chunks: [] }) });
    await guard.ask({ path: '/apis' });
    const again = await guard.ask({ path: '/apis' });
    expect(again.text).toBe('{"kind":"APIVersions"}');
    expect(guard.sent[1]?.headers?.['if-none-match']).toBe('"1"');
    const known = await guard.ask({ path: '/apis', headers: { 'if-none-match': 'W/"1"' } });
    expect([known.status, known.text]).toEqual([304, '']);
  });

  it('is doubted after kinds came or went', async () => {
    const guard = guardOver({
      answer: ({ method }) => (method === 'GET' ? document() : EMPTY),
      gates: ['create', 'update', 'delete'],
    });
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await guard.ask({ method: 'POST', path: `${crds}?dryRun=All`, body: {} });
    expect(guard.served()).toBe(0);
    await guard.ask({ method: 'POST', path: crds, body: { metadata: { name: 'x' } } });
    await guard.ask({ method: 'DELETE', path: `${crds}/x` });
    expect(guard.served()).toBe(2);
  });

  it('passes policy like anything else', async () => {
    const guard = guardOver({ answer: () => document(), rules: { contexts: ['other'] } });
    expect((await guard.ask({ path: '/api' })).status).toBe(403);
    expect(guard.sent).toEqual([]);
  });
});

describe('acting as someone else', () => {
  const impersonate = { user: 'admin', groups: ['system:masters'], extra: {} };
  it('needs the escalation gate, for discovery too', async () => {
    for (const path of ['/api/v1/namespaces/a/pods', '/api']) {
      const closed = guardOver({ answer: () => EMPTY });
      expect((await closed.ask({ path, impersonate })).status).toBe(403);
      expect(closed.sent).toEqual([]);
      const open = guardOver({ answer: () => EMPTY, gates: ['escalation'] });
      expect((await open.ask({ path, impersonate })).status).toBe(200);
      expect(open.sent[0]?.impersonate).toEqual(impersonate);
    }
  });
});

describe('upgrades', () => {
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'x', cookie: 'a', origin: 'b' };
  const ask = (path: string, gates: readonly Gate[]) => {
    const guard = guardOver({
      answer: () => ({ status: 404, json: { kind: 'Status', apiVersion: 'v1', message: 'token=abcdef123' } }),
      gates,
    });
    return guard.upgrade({ path, headers }).then((outcome) => ({ guard, outcome }));
  };

  it('need the exec gate, and are for workloads only', async () => {
    for (const path of ['/api/v1/namespaces/a/pods/x/exec?command=id', '/api/v1/namespaces/a/pods/x/portforward']) {
      const closed = await ask(path, ['create', 'update', 'delete', 'escalation']);
      expect(closed.outcome).toMatchObject({ kind: 'refused', response: { status: 403 } });
      expect(closed.guard.sent).toEqual([]);
      const open = await ask(path, ['exec']);
      expect(open.outcome).toMatchObject({ kind: 'refused', response: { status: 404 } });
      expect(open.guard.sent[0]?.headers).toEqual({
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': 'x',
      });
    }
    const odd = await ask('/api/v1/namespaces/a/pods?watch=true', ['exec', 'create']);
    expect(odd.outcome).toMatchObject({ kind: 'refused', response: { status: 403 } });
  });
});

describe('what is told of a command', () => {
  it('is each request without its values, why it was refused, and what was done already', async () => {
    const guard = guardOver({
      answer: () => EMPTY,
      gates: ['create'],
      rules: { forbiddenNamespaces: new Set(['prod']) },
    });
    await guard.ask({ method: 'POST', path: '/api/v1/namespaces/a/configmaps', body: { metadata: { name: 'one' } } });
    await guard.ask({
      method: 'POST',
      path: '/api/v1/namespaces/prod/configmaps',
      body: { metadata: { name: 'two' } },
    });
    expect(guard.records).toEqual([
      { verb: 'create', target: 'configmaps', namespace: 'a', name: 'one', decision: 'allowed', status: 200 },
      {
        verb: 'create',
        target: 'configmaps',
        namespace: 'prod',
        name: 'two',
        decision: 'refused',
        status: 403,
        code: 'namespace_denied',
      },
    ]);
    expect(guard.report.reason()).toBe(
      'The namespace "prod" is forbidden (K8S_FORBIDDEN_NAMESPACES). Use another namespace. Already done: created configmaps a/one.',
    );
  });

  it('is not the cause of a fault of ours, which is logged', async () => {
    const guard = guardOver({
      answer: () => {
        throw new Error('at /srv/secret-path');
      },
    });
    const { status, text } = await guard.ask({ path: '/api/v1/pods' });
    expect(status).toBe(500);
    expect(text).not.toContain('secret-path');
    expect(guard.faults).toHaveLength(1);
  });

  it('lets argocd read its settings, and never write them', async () => {
    const guard = guardOver({ answer: () => EMPTY, gates: ['create', 'update', 'delete'], tool: 'argocd' });
    const path = '/api/v1/namespaces/argocd/secrets';
    expect((await guard.ask({ path: `${path}/argocd-secret` })).status).toBe(200);
    expect((await guard.ask({ method: 'POST', path, body: { metadata: { name: 'argocd-secret' } } })).status).toBe(403);
    expect((await guard.ask({ method: 'DELETE', path: `${path}/argocd-secret` })).status).toBe(403);
    const written = encode([[1, [[1, 'argocd-secret']]]]);
    const protobuf = {
      method: 'POST',
      path,
      body: envelope('v1', 'Secret', written),
      headers: { 'content-type': PROTOBUF },
    };
    expect((await guard.ask(protobuf)).status).toBe(403);
  });
});
