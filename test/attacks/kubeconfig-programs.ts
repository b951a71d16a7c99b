import { type KubeconfigAttack, kubeconfig, malformed, refused, shell, TEXT } from './kubeconfig-parts.ts';

/** Programs. */
export const PROGRAMS: readonly KubeconfigAttack[] = [
  refused('exec with a shell', 'users[0].user.exec', kubeconfig({ user: { exec: shell } })),
  refused('exec beside a token', 'users[0].user.exec', kubeconfig({ user: { token: 'canary', exec: shell } })),
  refused('exec in a user that no context names', 'users[1].user.exec', {
    ...kubeconfig(),
    users: [
      { name: 'u', user: { token: 'canary' } },
      { name: 'other', user: { exec: shell } },
    ],
  }),
  refused('exec in an entry without a name', 'users[0].user.exec', {
    ...kubeconfig(),
    users: [{ user: { exec: shell } }],
  }),
  refused('exec that is a string', 'users[0].user.exec', kubeconfig({ user: { exec: '/bin/sh canary' } })),
  refused('exec that is a list', 'users[0].user.exec', kubeconfig({ user: { exec: ['/bin/sh'] } })),
  refused('exec that is an empty map', 'users[0].user.exec', kubeconfig({ user: { exec: {} } })),
  refused('Exec', 'users[0].user.Exec', kubeconfig({ user: { Exec: shell } })),
  refused('EXEC', 'users[0].user.EXEC', kubeconfig({ user: { EXEC: shell } })),
  refused('exec with full-width letters', 'users[0].user.(unknown field)', kubeconfig({ user: { ｅｘｅｃ: shell } })),
  refused(
    'exec with a zero width blank',
    'users[0].user.(unknown field)',
    kubeconfig({ user: { 'ex\u200bec': shell } }),
  ),
  refused('exec with a blank behind it', 'users[0].user.(unknown field)', kubeconfig({ user: { 'exec ': shell } })),
  refused(
    'exec as an escaped JSON key',
    'users[0].user.exec',
    `${JSON.stringify(kubeconfig()).replace('"token":"canary-token"', '"\\u0065xec":{"command":"/bin/sh"}')}`,
  ),
  refused(
    'exec in flow style',
    'users[0].user.exec',
    `${TEXT}users: [{name: u, user: {exec: {command: sh, args: [-c, "touch {{dir}}/canary-ran"]}}}]`,
  ),
  refused(
    'exec as an explicit key',
    'users[0].user.exec',
    `${TEXT}users:\n- name: u\n  user:\n    ? exec\n    : {command: sh}\n`,
  ),
  refused(
    'exec as a quoted key',
    'users[0].user.exec',
    `${TEXT}users:\n- name: u\n  user:\n    "e\\x78ec": {command: sh}\n`,
  ),
  malformed(
    'exec behind a merge key',
    'kubeconfig',
    `${TEXT}users:\n- name: u\n  user:\n    <<: {exec: {command: sh}}\n`,
  ),
  malformed(
    'exec behind a quoted merge key',
    'kubeconfig',
    `${TEXT}users:\n- name: u\n  user:\n    "<<": {exec: {command: sh}}\n`,
  ),
  malformed('exec by an alias', 'kubeconfig', `${TEXT}x: &e {command: sh}\nusers:\n- name: u\n  user: {exec: *e}\n`),
  malformed('a user by an alias', 'kubeconfig', `${TEXT}x: &e {exec: {command: sh}}\nusers:\n- {name: u, user: *e}\n`),
  malformed('an anchor that nothing uses', 'kubeconfig', `${TEXT}users:\n- {name: u, user: &a {token: canary}}\n`),
  malformed(
    'exec hidden by a repeated user',
    'kubeconfig',
    `${TEXT}users:\n- name: u\n  user: {exec: {command: sh}}\n  user: {token: canary}\n`,
  ),
  malformed(
    'exec hidden by a repeated list',
    'kubeconfig',
    `${TEXT}users:\n- {name: u, user: {exec: {command: sh}}}\nusers:\n- {name: u, user: {token: canary}}\n`,
  ),
  malformed('a repeated key in JSON', 'kubeconfig', '{"users":[],"users":[],"clusters":[]}'),
  malformed('two users of one name', 'users[1].name', {
    ...kubeconfig(),
    users: [
      { name: 'u', user: { token: 'canary' } },
      { name: 'u', user: { token: 'canary2' } },
    ],
  }),
  malformed(
    'exec in a second document',
    'kubeconfig',
    `${TEXT}users: []\n---\nusers: [{name: u, user: {exec: {command: sh}}}]\n`,
  ),
  malformed(
    'a tag that makes a program',
    'kubeconfig',
    `${TEXT}users: !!python/object/apply:os.system ["touch {{dir}}/canary-ran"]\n`,
  ),
  malformed('a standard tag', 'kubeconfig', `${TEXT}users: !!seq [{name: u, user: {token: !!str canary}}]\n`),
  malformed('a tag of its own', 'kubeconfig', `${TEXT}users: [{name: u, user: {token: !x canary}}]\n`),
  malformed('binary by a tag', 'kubeconfig', `${TEXT}users: [{name: u, user: {token: !!binary Y2FuYXJ5}}]\n`),
  malformed('a YAML directive', 'kubeconfig', `%YAML 1.1\n---${TEXT}`),
  malformed('a tag directive', 'kubeconfig', `%TAG ! tag:x,2000:\n---${TEXT}`),
  refused(
    'auth-provider gcp with cmd-path',
    'users[0].user.auth-provider',
    kubeconfig({
      user: {
        'auth-provider': {
          name: 'gcp',
          config: { 'cmd-path': '/bin/sh', 'cmd-args': '-c "touch {{dir}}/canary-ran"' },
        },
      },
    }),
  ),
  refused(
    'auth-provider oidc, which would call its issuer',
    'users[0].user.auth-provider',
    kubeconfig({
      user: {
        'auth-provider': {
          name: 'oidc',
          config: { 'idp-issuer-url': 'https://127.0.0.1:{{port}}', 'refresh-token': 'canary' },
        },
      },
    }),
  ),
  refused(
    'authProvider in camel case',
    'users[0].user.authProvider',
    kubeconfig({ user: { authProvider: { name: 'gcp' } } }),
  ),
  refused('auth_provider', 'users[0].user.auth_provider', kubeconfig({ user: { auth_provider: { name: 'gcp' } } })),
  refused(
    'the exec extension of a cluster',
    'clusters[0].cluster.extensions[0]',
    kubeconfig({
      cluster: {
        server: 'https://api.test',
        extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'canary' } }],
      },
    }),
  ),
  refused(
    'an unknown field in a user',
    'users[0].user.impersonate-everything',
    kubeconfig({ user: { 'impersonate-everything': true } }),
  ),
  refused(
    'a field named __proto__',
    'users[0].user.(unknown field)',
    `${TEXT}users: [{name: u, user: {"__proto__": {exec: {command: sh}}}}]`,
  ),
  refused(
    'a field named constructor',
    'users[0].user.constructor',
    kubeconfig({ user: { constructor: { exec: shell } } }),
  ),
  refused('users spelled Users', 'Users', { ...kubeconfig(), Users: [{ name: 'u', user: { exec: shell } }] }),
  refused('user spelled USER in its entry', 'users[0].USER', {
    ...kubeconfig(),
    users: [{ name: 'u', USER: { exec: shell } }],
  }),
];
