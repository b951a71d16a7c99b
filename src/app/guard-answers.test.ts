import { describe, expect, it } from 'vitest';
import { answering, base64, guardOver, mark, PROTOBUF, secretItem } from '../../test/support/guard.ts';

describe('answers', () => {
  it('hide Secret data of lists whose items do not say what they are', async () => {
    const list = { kind: 'SecretList', apiVersion: 'v1', items: [secretItem('db', { odd: 'hunter22' })] };
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
          : { json: { kind: 'Secret', ...secretItem('db', { odd: 'hunter22' }) } },
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
