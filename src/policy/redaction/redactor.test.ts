import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChunkRedactor } from './chunks.ts';
import { deriveRedactionKey, markerOf } from './fingerprint.ts';
import { createRedactor } from './redactor.ts';

const KEY = new Uint8Array(32).fill(7);
const mark = (value: string) => markerOf(KEY, value);
const base64 = (value: string) => Buffer.from(value).toString('base64');

describe('object', () => {
  it('shows equal secrets as equal, in data, stringData and env, and never their values', () => {
    const redactor = createRedactor(KEY);
    const clean = redactor.object({
      kind: 'List',
      items: [
        { kind: 'Secret', apiVersion: 'v1', data: { p: base64('hunter22') }, stringData: { q: 'hunter22' } },
        {
          kind: 'Pod',
          spec: {
            containers: [
              {
                env: [
                  { name: 'DB_PASSWORD', value: 'hunter22' },
                  { name: 'X', value: 'y' },
                ],
              },
            ],
          },
        },
      ],
    });
    expect(clean).toEqual({
      kind: 'List',
      items: [
        { kind: 'Secret', apiVersion: 'v1', data: { p: mark('hunter22') }, stringData: { q: mark('hunter22') } },
        {
          kind: 'Pod',
          spec: {
            containers: [
              {
                env: [
                  { name: 'DB_PASSWORD', value: mark('hunter22') },
                  { name: 'X', value: 'y' },
                ],
              },
            ],
          },
        },
      ],
    });
    expect(mark('hunter22')).toMatch(/^<redacted sha256:[0-9a-f]{8}>$/);
  });

  it('knows the items of a SecretList, rows of a Table, watch events and patches as Secrets', () => {
    const data = { a: base64('s3cr3t-value') };
    const clean = { a: mark('s3cr3t-value') };
    const object = (value: unknown) => createRedactor(KEY).object(value);
    expect(object({ kind: 'SecretList', items: [{ data }] })).toEqual({ kind: 'SecretList', items: [{ data: clean }] });
    expect(object({ kind: 'Table', rows: [{ cells: [1], object: { kind: 'Secret', data } }] })).toEqual({
      kind: 'Table',
      rows: [{ cells: [1], object: { kind: 'Secret', data: clean } }],
    });
    expect(object({ type: 'ADDED', object: { kind: 'Secret', data } })).toEqual({
      type: 'ADDED',
      object: { kind: 'Secret', data: clean },
    });
    expect(object({ data })).toEqual({ data: clean });
    expect(object([{ op: 'replace', path: '/data/a', value: data.a }])).toEqual([
      { op: 'replace', path: '/data/a', value: clean.a },
    ]);
  });

  it('takes a patch for one of a Secret only where it is not known to be of another kind', () => {
    const patch = { data: { color: 'turquoise' } };
    const steps = [{ op: 'add', path: '/data/color', value: 'turquoise' }];
    for (const written of [patch, steps]) {
      const redactor = createRedactor(KEY);
      expect(redactor.echoed(written, 'ConfigMap')).toEqual(written);
      expect(redactor.text('color: turquoise')).toBe('color: turquoise');
      expect(JSON.stringify(redactor.echoed(written, 'Secret'))).not.toContain('turquoise');
      expect(JSON.stringify(redactor.echoed(written))).not.toContain('turquoise');
    }
    const named = [{ op: 'add', path: '/data/password', value: 'turquoise' }];
    expect(JSON.stringify(createRedactor(KEY).echoed(named, 'ConfigMap'))).not.toContain('turquoise');
  });

  it('redacts inside last-applied, and all of one that does not parse', () => {
    const name = 'kubectl.kubernetes.io/last-applied-configuration';
    const applied = JSON.stringify({ kind: 'Secret', data: { a: base64('s3cr3t-value') } });
    const object = (text: string) =>
      createRedactor(KEY).object({ kind: 'Secret', metadata: { annotations: { [name]: text } } }).metadata.annotations[
        name
      ];
    expect(object(applied)).toBe(JSON.stringify({ kind: 'Secret', data: { a: mark('s3cr3t-value') } }));
    expect(object('{"kind":"Secret", broken')).toBe(mark('{"kind":"Secret", broken'));
  });

  it('leaves what holds no credential as it is, by identity', () => {
    const pod = {
      kind: 'Pod',
      metadata: { name: 'a', labels: { app: 'web' }, continue: 'abc' },
      spec: {
        automountServiceAccountToken: true,
        containers: [
          {
            image: 'registry:5000/web@sha256:0123456789abcdef',
            env: [
              { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
              { name: 'TOKEN', value: '$(OTHER_TOKEN)' },
              { name: 'DB_SECRET_NAME', value: 'db-credentials' },
            ],
            args: ['--token-file=/var/run/token', '--v=2', '--password-file', '/etc/x'],
          },
        ],
        volumes: [{ name: 'v', secret: { secretName: 'db' } }],
      },
      status: { containerStatuses: [{ imageID: 'docker-pullable://registry:5000/web@sha256:0123456789abcdef' }] },
    };
    const redactor = createRedactor(KEY);
    expect(redactor.object(pod)).toBe(pod);
    const list = { items: [pod, { kind: 'Secret', data: { a: 'YWJjZGVmZw==' } }] };
    expect(redactor.object(list).items[0]).toBe(pod);
  });

  it('redacts ConfigMap keys, arguments, token answers and docker configs', () => {
    const object = (value: unknown) => createRedactor(KEY).object(value);
    expect(object({ kind: 'ConfigMap', data: { DB_PASSWORD: 'hunter22', HOST: 'db' } })).toEqual({
      kind: 'ConfigMap',
      data: { DB_PASSWORD: mark('hunter22'), HOST: 'db' },
    });
    expect(object({ args: ['--password=hunter22', '--token', 'abcdefgh', '-v'] })).toEqual({
      args: [`--password=${mark('hunter22')}`, '--token', mark('abcdefgh'), '-v'],
    });
    expect(object({ kind: 'TokenRequest', status: { token: 'aaa.bbb.ccc' } })).toEqual({
      kind: 'TokenRequest',
      status: { token: mark('aaa.bbb.ccc') },
    });
    expect(
      object({ kind: 'ConfigMap', data: { 'config.json': '{"auths":{"x":{"auth":"dTpodW50ZXIyMg=="}}}' } }),
    ).toEqual({
      kind: 'ConfigMap',
      data: { 'config.json': `{"auths":{"x":{"auth":"${mark('dTpodW50ZXIyMg==')}"}}}` },
    });
  });

  it('remembers the credentials inside a Helm release and inside secret files', () => {
    const release = base64(
      gzipSync(JSON.stringify({ config: { db: { password: 'from-helm-values' } } })).toString('base64'),
    );
    const redactor = createRedactor(KEY);
    redactor.object({ kind: 'Secret', type: 'helm.sh/release.v1', data: { release } });
    redactor.object({ kind: 'Secret', data: { '.env': base64('A=1\nAPI_TOKEN=from-dotenv-file\n') } });
    expect(redactor.text('x from-helm-values y from-dotenv-file z')).toBe(
      `x ${mark('from-helm-values')} y ${mark('from-dotenv-file')} z`,
    );
  });

  it('keeps the namespace of a token Secret readable though the Secret holds it', () => {
    const redactor = createRedactor(KEY);
    const secret = {
      kind: 'Secret',
      metadata: { name: 'tok', namespace: 'default' },
      data: { namespace: base64('default') },
    };
    expect(redactor.object(secret)).toEqual({ ...secret, data: { namespace: mark('default') } });
    expect(redactor.text('in default')).toBe('in default');
  });

  it('writes base64 markers into Secret data where a client will decode them, and survives hostile shapes', () => {
    const object = createRedactor(KEY, { secretData: 'base64' }).object({
      kind: 'Secret',
      data: { a: base64('hunter22') },
    });
    expect(object.data.a).toBe(base64(mark('hunter22')));
    let deep: unknown = 'x';
    for (let i = 0; i < 5000; i++) deep = { a: [deep] };
    expect(JSON.stringify(createRedactor(KEY).object(deep)).length).toBeLessThan(1000);
    const proto = JSON.parse('{"kind":"Secret","data":{"__proto__":"aHVudGVyMjI="}}');
    expect(JSON.stringify(createRedactor(KEY).object(proto))).toContain(`"__proto__":"${mark('hunter22')}"`);
  });
});

describe('text of the cluster', () => {
  const text = (value: string) => createRedactor(KEY).clusterText(value);
  it.each([
    ['postgres://u:p@ss@db:5432/x', `postgres://u:${mark('p@ss')}@db:5432/x`],
    ['amqp://u:ab/cd@mq', `amqp://u:${mark('ab/cd')}@mq`],
    ['token: "abcdef"', `token: "${mark('abcdef')}"`],
    ['a\n  password: correct horse\nb: c', `a\n  password: ${mark('correct horse')}\nb: c`],
    ['client-key-data: LS0tLS1CRUdJTg==', `client-key-data: ${mark('LS0tLS1CRUdJTg==')}`],
    ['Server=x;Password=p1;Db=y', `Server=x;Password=${mark('p1')};Db=y`],
    ['GET /x?token=abc123&y=1', `GET /x?token=${mark('abc123')}&y=1`],
    ['{"password":"a\\"b","x":1}', `{"password":"${mark('a\\"b')}","x":1}`],
    ['{\\"password\\":\\"hunter22\\"}', `{\\"password\\":\\"${mark('hunter22')}\\"}`],
    ['authorization: Bearer abc.def', `authorization: Bearer ${mark('abc.def')}`],
    ['login --password hunter22 now', `login --password ${mark('hunter22')} now`],
    ['key AKIAABCDEFGHIJKLMNOP.', `key ${mark('AKIAABCDEFGHIJKLMNOP')}.`],
    ['secret: |\n  line one\n  two\nnext: x', `secret: |\n${mark('  line one\n  two')}\nnext: x`],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- ok',
      `${mark('-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----')} ok`,
    ],
  ])('%s', (before, after) => {
    expect(text(before)).toBe(after);
    expect(text(after)).toBe(after);
  });

  it.each([
    'secret "db" not found',
    'invalid token: expired',
    'Error: --token is required',
    'Tokens:  default-token-abc',
    'Bearer authentication required',
    'password:  26 bytes',
    'related to Secret acc/runner-token: 5 objects',
    'impact of Secret acc/db-password (MISSING), Secret acc/runner-token: 12 objects (3 down, 9 degraded), 1 part of it',
    'docker-pullable://registry:5000/web@sha256:0123456789abcdef',
    'http://10.0.0.1:8080/healthz',
    'ssh://git@host/repo',
    'DB_PASSWORD:  <set to the key password in secret db>  Optional: false',
    '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
    'eyJhbGci is no token',
    '      --kube-token string      bearer token used for authentication',
    'serviceAccountToken:map[expirationSeconds:3607 path:token]',
    '"serviceAccountToken":map[string]interface {}{"path":"token"}',
  ])('leaves %s', (value) => expect(text(value)).toBe(value));

  const LOWER = 'abcdefghij0123456789'.repeat(3).slice(0, 55);
  it.each([
    ...['sk-', 'xoxb-', 'xapp-', 'glpat-', 'ya29.', 'hvs.', 'pypi-'].map((begin) => ['', `${begin}${LOWER}`]),
    ['hooks.slack.com/services/', LOWER],
  ] as [string, string][])('finds a credential of lower-case letters wherever it stands: %s%s', (before, secret) => {
    for (const place of ['', 'team-a/', 'Pod/team-a/', 'CustomResource/a/']) {
      expect(text(place + before + secret)).toBe(place + before + mark(secret));
    }
  });

  it('takes nothing for a plain name in which a credential would be found', () => {
    const shapes = [
      'sk-',
      'gldt-',
      'hvb.',
      'xoxp-',
      'AKIAABCDEFGHIJKLMNOP',
      'hooks.slack.com/workflows/',
      LOWER.slice(0, 30),
    ];
    const piece = fc.oneof(
      fc.constantFrom(...shapes, 'Pod/', '/', '-', '.'),
      fc.stringMatching(/^[A-Za-z0-9./-]{1,12}$/),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const value = pieces.join('');
        // What follows is in no plain name.
        expect(`${text(value)} ()`).toBe(text(`${value} ()`));
      }),
      { numRuns: 2000 },
    );
  });

  it('stays linear on hostile text', () => {
    const size = 100_000;
    for (const piece of [
      'aa=',
      'token=',
      'token: ',
      '://',
      '-----BEGIN PRIVATE KEY-----',
      'eyJ',
      'eyJ-',
      'a="',
      "password='",
      '{',
      '--token ',
      'http://a:',
      ' \t',
      'Bearer ',
    ]) {
      expect(typeof text(piece.repeat(size / piece.length))).toBe('string');
    }
  });

  it('keeps a secret out that comes in pieces', () => {
    const redactor = createRedactor(KEY);
    redactor.remember('first line of it\nsecond');
    const chunks = createChunkRedactor(redactor);
    const whole = 'start\nx first line of it\nsecond y\ntoken: abc123\nend';
    let out = '';
    for (const unit of whole) out += chunks.push(unit);
    out += chunks.end();
    expect(out).toBe(`start\nx ${mark('first line of it\nsecond')} y\ntoken: ${mark('abc123')}\nend`);
  });
});

it('derives another key for another principal or cluster', () => {
  const hex = (cluster: string, principal: string) =>
    Buffer.from(deriveRedactionKey(KEY, cluster, principal)).toString('hex');
  expect(new Set([hex('a', 'bc'), hex('ab', 'c'), hex('a', 'c'), hex('x'.repeat(5000), 'c')]).size).toBe(4);
  expect(hex('a', 'b')).toBe(hex('a', 'b'));
});

const SKELETON = JSON.stringify([
  'kind Secret Pod ConfigMap apiVersion v1 metadata annotations note data stringData spec containers env name value args command',
  'DB_PASSWORD password redacted sha256: items List kubectl.kubernetes.io/last-applied-configuration notes before after url host db',
]).toLowerCase();

/** Any text that is not part of the document around it: that must stay readable. */
const anySecret = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 6, maxLength: 60 }),
    fc.string({ unit: 'binary', minLength: 6, maxLength: 40 }),
    fc.base64String({ minLength: 8, maxLength: 80 }),
    fc.stringMatching(/^[A-Za-z0-9!@#%^&*()_+=/-]{6,40}$/),
  )
  .map((s) => s.toWellFormed())
  .filter((s) => s.trim().length >= 6 && !SKELETON.includes(s.trim().toLowerCase()))
  .filter((s) => s !== 'false' && !/^\$\(.*\)$/.test(s) && !/^[0-9a-f<> :]*$/.test(s));

type Place = (secret: string) => unknown;
const PLACES: Record<string, Place> = {
  data: (s) => ({ kind: 'Secret', data: { k: base64(s) } }),
  stringData: (s) => ({ kind: 'Secret', stringData: { k: s } }),
  lastApplied: (s) => ({
    kind: 'Secret',
    metadata: {
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ kind: 'Secret', stringData: { k: s } }),
      },
    },
  }),
  env: (s) => ({ kind: 'Pod', spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value: s }] }] } }),
  configMap: (s) => ({ kind: 'ConfigMap', data: { password: s } }),
  args: (s) => ({ kind: 'Pod', spec: { containers: [{ args: [`--password=${s}`] }] } }),
};

describe('no secret survives', () => {
  const leaks = (output: string, secret: string): boolean =>
    [secret, secret.trim(), base64(secret), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)].some(
      (form) => form.trim().length >= 6 && output.includes(form),
    );

  it('in an object, wherever else it stands there, nor in later text, in any encoding', () => {
    fc.assert(
      fc.property(anySecret, fc.constantFrom(...Object.keys(PLACES)), fc.boolean(), (secret, place, first) => {
        const redactor = createRedactor(KEY);
        const bearer = PLACES[place]!(secret);
        const other = {
          kind: 'Pod',
          metadata: { annotations: { note: `before ${secret} after`, notes: base64(secret) } },
        };
        const clean = redactor.object({ kind: 'List', items: first ? [bearer, other] : [other, bearer] });
        const strings: string[] = [];
        JSON.stringify(clean, (_, v) => {
          if (typeof v === 'string') strings.push(v);
          return v;
        });
        for (const s of strings) expect(leaks(s, secret), `${place}: ${s}`).toBe(false);
        for (const form of [
          secret,
          base64(secret),
          encodeURIComponent(secret),
          JSON.stringify({ note: secret }),
          base64(`u:${secret}`),
        ]) {
          expect(leaks(redactor.text(`before ${form} after`), secret)).toBe(false);
        }
      }),
      { numRuns: 700 },
    );
  });

  it('in text cut anywhere', () => {
    fc.assert(
      fc.property(anySecret, fc.array(fc.nat(200), { maxLength: 6 }), (secret, cuts) => {
        const redactor = createRedactor(KEY);
        redactor.remember(secret);
        const whole = `before\nx ${secret} y ${base64(secret)}\nafter ${secret}`;
        const chunks = createChunkRedactor(redactor);
        const at = [0, ...cuts.map((c) => c % whole.length).sort((a, b) => a - b), whole.length];
        let out = '';
        for (let i = 1; i < at.length; i++) out += chunks.push(whole.slice(at[i - 1], at[i]));
        out += chunks.end();
        expect(leaks(out, secret)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
