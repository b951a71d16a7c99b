import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { AppError } from '../../kernel/errors.ts';
import { parseKubeconfig } from './parse.ts';

const FILE = '/etc/kube/config';
const b64 = (text: string) => Buffer.from(text).toString('base64');

function failure(source: string): AppError {
  try {
    parseKubeconfig(source, FILE);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error('parsed without an error');
}

describe('parseKubeconfig', () => {
  it('reads every field that matters and tolerates the rest', () => {
    const config = parseKubeconfig(
      `
apiVersion: v1
kind: Config
preferences: {colors: true}
current-context: prod
unknown: [1, {2: 3}]
clusters:
- name: prod
  cluster:
    server: https://10.0.0.1:6443
    certificate-authority-data: ${b64('-----BEGIN CERTIFICATE-----')}
    tls-server-name: api.internal
    proxy-url: socks5://p:1080
    surprise: 1
    extensions:
    - name: client.authentication.k8s.io/exec
      extension: {audience: x}
- name: files
  cluster: {server: "https://h", certificate-authority: ../ca.crt, insecure-skip-tls-verify: yes}
contexts:
- name: prod
  context: {cluster: prod, user: admin, namespace: web}
users:
- name: admin
  user:
    client-certificate: certs/a.crt
    client-key-data: ${b64('-----BEGIN KEY-----')}
    token: abc
    tokenFile: /var/token
    username: u
    password: p
    as: other
    as-uid: "7"
    as-groups: [g1, g2]
    as-user-extra: {scopes: [a, b]}
- name: plugin
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./bin/login
      args: null
      env: [{name: A, value: "1"}]
      installHint: install it
      provideClusterInfo: true
      interactiveMode: Never
- name: legacy
  user: {auth-provider: {name: oidc, config: {client-id: x}}}
`,
      FILE,
    );
    expect(config.currentContext).toBe('prod');
    expect(config.clusters.get('prod')).toEqual({
      name: 'prod',
      origin: { file: FILE, line: 8 },
      server: 'https://10.0.0.1:6443',
      certificateAuthority: { from: 'inline', pem: '-----BEGIN CERTIFICATE-----' },
      insecureSkipTlsVerify: false,
      tlsServerName: 'api.internal',
      proxyUrl: 'socks5://p:1080',
      disableCompression: false,
      execPluginConfig: { audience: 'x' },
    });
    expect(config.clusters.get('files')).toMatchObject({
      certificateAuthority: { from: 'file', path: '/etc/ca.crt' },
      insecureSkipTlsVerify: true,
    });
    expect(config.contexts.get('prod')).toMatchObject({ cluster: 'prod', user: 'admin', namespace: 'web' });
    expect(config.users.get('admin')).toMatchObject({
      clientCertificate: { from: 'file', path: '/etc/kube/certs/a.crt' },
      clientKey: { from: 'inline', pem: '-----BEGIN KEY-----' },
      token: 'abc',
      tokenFile: '/var/token',
      username: 'u',
      password: 'p',
      impersonate: { user: 'other', uid: '7', groups: ['g1', 'g2'], extra: { scopes: ['a', 'b'] } },
    });
    expect(config.users.get('plugin')?.exec).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      command: '/etc/kube/bin/login',
      args: [],
      env: [{ name: 'A', value: '1' }],
      installHint: 'install it',
      provideClusterInfo: true,
      interactiveMode: 'Never',
    });
    expect(config.users.get('legacy')?.authProvider).toEqual({ name: 'oidc', config: { 'client-id': 'x' } });
  });

  it('leaves a bare plugin name for PATH', () => {
    const config = parseKubeconfig('users: [{name: a, user: {exec: {command: aws, interactiveMode: null}}}]', FILE);
    expect(config.users.get('a')?.exec).toMatchObject({
      command: 'aws',
      interactiveMode: 'IfAvailable',
      apiVersion: '',
    });
  });

  it.each(['', '# nothing\n', 'null', '{}', '---\n', 'clusters: null\ncontexts:\nusers: ~'])(
    'takes %j as an empty kubeconfig',
    (source) => {
      const config = parseKubeconfig(source, FILE);
      expect([config.clusters.size, config.contexts.size, config.users.size]).toEqual([0, 0, 0]);
    },
  );

  it('reads JSON, anchors and merge keys', () => {
    expect(
      parseKubeconfig('{"contexts":[\n\t{"name":"a","context":{"cluster":"c"}}]}', FILE).contexts.get('a')?.cluster,
    ).toBe('c');
    const merged = parseKubeconfig('x: &x {cluster: c}\ncontexts:\n- name: a\n  context: {<<: *x, user: u}', FILE);
    expect(merged.contexts.get('a')).toMatchObject({ cluster: 'c', user: 'u' });
  });

  it.each([
    ['clusters: {}', 'line 1: clusters must be a list'],
    ['just text', 'line 1: the file must be a map of fields'],
    ['- a\n- b', 'line 1: the file must be a map of fields'],
    ['kind: Pod', 'line 1: kind is not Config'],
    ['kind: Config\napiVersion: v2', 'line 2: apiVersion must be v1'],
    ['clusters:\n- cluster: {server: x}', 'line 2: clusters[0] has no name'],
    ['clusters:\n- name: a\n- name: a', 'line 3: clusters[1].name repeats the name "a"'],
    [
      'clusters:\n- name: a\n  cluster:\n    insecure-skip-tls-verify: 7',
      'line 4: clusters[0].cluster.insecure-skip-tls-verify must be true or false',
    ],
    [
      'users:\n- name: a\n  user:\n    password: 123',
      'line 4: users[0].user.password must be a string; put it in quotes',
    ],
    [
      'users:\n- name: a\n  user:\n    client-key-data: "***"',
      'line 4: users[0].user.client-key-data is not valid base64',
    ],
    ['users:\n- name: a\n  user:\n    token: "a\\nb"', 'line 4: users[0].user.token holds control characters'],
    ['users:\n- name: a\n  user:\n    exec: {args: []}', 'line 4: users[0].user.exec has no command'],
    [
      'users:\n- name: a\n  user: {exec: {command: x, interactiveMode: Maybe}}',
      'interactiveMode must be Never, IfAvailable or Always',
    ],
    ['users:\n- name: a\n  user: {exec: {command: x, env: [{name: "A=B"}]}}', 'env[0] is no environment variable'],
    ['contexts:\n  - name: a\n bad', 'column'],
    ['a: [1, 2', 'not valid YAML'],
    ['a: !!js/function x', 'not valid YAML (tag resolve failed)'],
    ['a: *nowhere', 'has a YAML alias without an anchor'],
    ['a: 1\n---\nb: 2', 'holds several YAML documents'],
  ])('says where %j is wrong', (source, expected) => {
    const error = failure(source);
    expect(error.code).toBe('kubeconfig_invalid');
    expect(error.message).toContain(FILE);
    expect(error.message).toContain(expected);
    expect(error.detail.remedy).toBeTruthy();
  });

  it('never quotes the file in an error', () => {
    for (const source of [
      'token: "hunter2',
      'hunter2',
      'a: hunter2: b',
      'a: *hunter2',
      'users: hunter2',
      '!hunter2 x',
      '}hunter2',
    ]) {
      expect(`${failure(source).message} ${JSON.stringify(failure(source).detail)}`, source).not.toContain('hunter2');
    }
  });

  it.each<[string, string]>([
    ['too many bytes', 'a'.repeat(4 * 1024 * 1024 + 1)],
    ['deep nesting', '['.repeat(100_000)],
    ['deep maps', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    [
      'an alias bomb',
      `a0: &a0 [x]\n${Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join()}]`).join('\n')}`,
    ],
    ['an alias that contains itself', 'a: &a [*a]\nclusters: *a'],
    ['a storm of errors', '}\n'.repeat(2_000_000)],
    ['a storm of anchors', '&a '.repeat(1_000_000)],
    ['a storm of items', '- a\n'.repeat(1_000_000)],
  ])('refuses %s with a typed error', (_, source) => {
    expect(failure(source).code).toBe('kubeconfig_invalid');
  });

  it('cannot be made to pollute prototypes', () => {
    parseKubeconfig(
      '__proto__: {polluted: 1}\nusers: [{name: __proto__, user: {as: a, as-user-extra: {__proto__: [x]}}}]',
      FILE,
    );
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(parseKubeconfig('{"__proto__": {"clusters": [1]}}', FILE).clusters.size).toBe(0);
  });

  it('throws nothing but AppError, whatever the text', () => {
    const word = fc.constantFrom(
      'clusters',
      'users:',
      '- name: a',
      '\n',
      '  ',
      '{',
      ']',
      '&a',
      '*a',
      '!!str',
      '"',
      "'",
      '|',
      '<<:',
      '?',
      '---',
      '%',
      '\t',
      '\0',
      '😀',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (source) => {
          onlyAppError(source);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('throws nothing but AppError, whatever the values', () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const entry = (body: string) => fc.oneof(value, fc.record({ name: fc.oneof(fc.string(), value), [body]: value }));
    const exec = fc.record({ command: value, args: value, env: value, interactiveMode: value }, { requiredKeys: [] });
    const user = fc.record({
      name: fc.string(),
      user: fc.record(
        {
          exec: fc.oneof(exec, value),
          token: value,
          'as-groups': value,
          'as-user-extra': value,
          'client-key-data': value,
          tokenFile: value,
        },
        { requiredKeys: [] },
      ),
    });
    const document = fc.record(
      {
        'current-context': value,
        clusters: fc.oneof(value, fc.array(entry('cluster'))),
        users: fc.oneof(value, fc.array(fc.oneof(user, entry('user')))),
        contexts: fc.oneof(value, fc.array(entry('context'))),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(document, (content) => onlyAppError(stringify(content))),
      { numRuns: 150 },
    );
  });
});

function onlyAppError(source: string): void {
  try {
    parseKubeconfig(source, FILE);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({ code: 'kubeconfig_invalid' });
  }
}
