import { describe, expect, it } from 'vitest';
import {
  type Asked,
  base64,
  type GuardWorld,
  guardOver,
  mark,
  PROTOBUF,
  SUCCESS,
  secretItem,
} from '../../test/support/guard.ts';
import { envelope, type Message } from '../../test/support/protobuf.ts';
import type { Gate } from '../kernel/vocabulary.ts';

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
      const guard = guardOver({ answer: () => SUCCESS, gates });
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
    const guard = guardOver({ answer: () => SUCCESS });
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
    const guard = guardOver({ answer: () => SUCCESS, gates: GATES });
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
    const guard = guardOver({ answer: () => SUCCESS, gates: GATES });
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
    const twice = '{"kind":"Namespace","metadata":{"name":"hidden"},"metadata":{"labels":{}}}';
    await guard.ask({ method: 'POST', path: '/api/v1/namespaces', body: twice });
    expect(Buffer.from(guard.sent[2]?.body ?? '').toString()).toBe('{"kind":"Namespace","metadata":{"labels":{}}}');
    const plain = '{"kind": "Pod","spec":{"a":1.0}}';
    await guard.ask({ method: 'POST', path: `${P}/pods`, body: plain });
    expect(Buffer.from(guard.sent[3]?.body ?? '').toString()).toBe(plain);
  });
});

describe('markers in what is written', () => {
  const live = { kind: 'Secret', apiVersion: 'v1', ...secretItem('db', { password: 'hunter22' }) };
  const world = (over: Partial<GuardWorld> = {}): GuardWorld => ({
    gates: ['create', 'update'],
    answer: ({ method }) => (method === 'GET' ? { json: live } : SUCCESS),
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

  it('are resolved in a JSON patch where its path leads, and refused where another step could shift that', async () => {
    const patch = async (steps: unknown[], object: unknown = live) => {
      const guard = guardOver(world({ answer: ({ method }) => (method === 'GET' ? { json: object } : SUCCESS) }));
      const headers = { 'content-type': 'application/json-patch+json' };
      const { status } = await guard.ask({ method: 'PATCH', path, body: steps, headers });
      return status === 200 ? JSON.parse(Buffer.from(guard.sent.at(-1)?.body ?? '').toString()) : status;
    };
    const marker = base64(mark('hunter22'));
    const put = (at: string, value: unknown = marker) => ({ op: 'replace', path: at, value });
    expect(await patch([put('/data/password')])).toEqual([put('/data/password', base64('hunter22'))]);
    expect(await patch([put('/data', { password: marker })])).toEqual([put('/data', { password: base64('hunter22') })]);
    expect(await patch([put('/metadata/annotations/shown')])).toBe(400);
    expect(await patch([put('/data/password'), { op: 'move', from: '/data', path: '/metadata/annotations' }])).toBe(
      400,
    );
    expect(await patch([{ op: 'test', path: '/data/password', value: marker }])).toBe(400);
    const env = [{ name: 'A' }, { name: 'DB_PASSWORD', value: 'hunter22' }, { name: 'SHOWN', value: '' }];
    const shifted = [{ op: 'remove', path: '/spec/env/0' }, put('/spec/env/1/value', mark('hunter22'))];
    expect(await patch(shifted, { kind: 'Thing', spec: { env } })).toBe(400);
    const one = [{ name: 'DB_PASSWORD', value: mark('hunter22') }];
    const thing = { kind: 'Thing', spec: { env } };
    expect(await patch([put('/spec', { env: one })], thing)).toEqual([
      put('/spec', { env: [{ name: 'DB_PASSWORD', value: 'hunter22' }] }),
    ]);
    expect(await patch([put('/spec', { env: one }), put('/spec/env/0/name', 'NOTE')], thing)).toBe(400);
  });

  it('cannot be moved to where they would show by a JSON patch', async () => {
    const guard = guardOver(world());
    const body = [{ op: 'copy', from: '/data/password', path: '/metadata/annotations/shown' }];
    const asked = { method: 'PATCH', path, body, headers: { 'content-type': 'application/json-patch+json' } };
    expect((await guard.ask(asked)).status).toBe(400);
    expect(guard.lines()).toEqual([`GET ${path}`]);
  });
});
