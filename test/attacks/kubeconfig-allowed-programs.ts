import {
  allowEks,
  allowExec,
  EKS,
  EKS_ARGS,
  EXEC_V1,
  exec,
  type KubeconfigAttack,
  kubeconfig,
  malformed,
  refused,
} from './kubeconfig-parts.ts';

/** Programs that the operator allows, in ways that it does not. */
export const ALLOWED_PROGRAMS: readonly KubeconfigAttack[] = [
  refused('a program that is not on the list', 'users[0].user.exec.command', exec({ command: 'aws', args: EKS_ARGS }), {
    settings: { kubeconfigExecAllow: ['kubelogin'], kubeconfigServerAllow: ['*.eks.amazonaws.com'] },
  }),
  refused(
    'an allowed program without allowed servers',
    'users[0].user.exec',
    exec({ command: 'aws', args: EKS_ARGS }),
    { settings: allowExec },
  ),
  ...[
    '/tmp/aws',
    './aws',
    '../aws',
    'bin/aws',
    'aws.exe',
    'AWS',
    'aws ',
    ' aws',
    'aws;sh',
    'aws\n',
    '',
    '{{dir}}/aws',
  ].map((command) =>
    refused(`the command ${JSON.stringify(command)}`, 'users[0].user.exec.command', exec({ command, args: EKS_ARGS }), {
      settings: allowEks,
    }),
  ),
  refused('a command that is a number', 'users[0].user.exec.command', exec({ command: 7 }), { settings: allowEks }),
  refused('a command that is a property of objects', 'users[0].user.exec.command', exec({ command: 'constructor' }), {
    settings: allowEks,
  }),
  ...[
    ['another sub-command', ['s3', 'cp', 's3://canary', '-']],
    ['no arguments', []],
    ["the operator's profile", [...EKS_ARGS, '--profile', 'canary-admin']],
    ['another endpoint', [...EKS_ARGS, '--endpoint-url', 'https://127.0.0.1:{{port}}']],
    ['a CA bundle', [...EKS_ARGS, '--ca-bundle', '/etc/canary']],
    ['a cluster name that is a flag', ['eks', 'get-token', '--cluster-name', '--debug']],
    ['a cluster name joined to a flag', ['eks', 'get-token', '--cluster-name=--debug']],
    ['a cluster name with a file', ['eks', 'get-token', '--cluster-name', 'file:///etc/canary']],
    ['a region that is a host', ['eks', 'get-token', '--cluster-name', 'a', '--region', 'x.canary.test/']],
    ['a region with a line break', ['eks', 'get-token', '--cluster-name', 'a', '--region', 'eu-west-1\ncanary']],
    ['an option twice', [...EKS_ARGS, '--region', 'us-east-1']],
    [
      'an option in two spellings',
      [
        'eks',
        'get-token',
        '--cluster-name',
        'a',
        '--role',
        'arn:aws:iam::123456789012:role/a',
        '--role-arn',
        'arn:aws:iam::123456789012:role/b',
      ],
    ],
    ['a role that is none', ['eks', 'get-token', '--cluster-name', 'a', '--role-arn', 'canary']],
    ['an option without its value', ['eks', 'get-token', '--cluster-name']],
    ['another output', ['eks', 'get-token', '--cluster-name', 'a', '--output', 'text']],
    ['an abbreviated option', ['eks', 'get-token', '--cluster', 'a']],
    ['a word too many', [...EKS_ARGS, 'canary']],
    ['a double dash', ['eks', 'get-token', '--', '--cluster-name', 'a']],
  ].map(([what, args]) =>
    refused(`aws with ${what}`, 'users[0].user.exec.args', exec({ command: 'aws', args }), { settings: allowEks }),
  ),
  malformed('arguments that are no list', 'users[0].user.exec.args', exec({ command: 'aws', args: 'eks get-token' }), {
    settings: { ...allowEks, kubeconfigExecAllow: ['aws'] },
    code: 'kubeconfig_refused',
  }),
  malformed(
    'arguments that are no strings',
    'users[0].user.exec.args',
    exec({ command: 'aws', args: [['eks'], { a: 1 }] }),
    { settings: allowEks },
  ),
  refused(
    'a region by variable that is a host',
    'users[0].user.exec.env[0].value',
    exec({ command: 'aws', args: EKS_ARGS, env: [{ name: 'AWS_REGION', value: 'canary.test/?' }] }),
    { settings: allowEks },
  ),
  refused(
    'a program that wants a terminal',
    'users[0].user.exec.interactiveMode',
    exec({ command: 'aws', args: EKS_ARGS, interactiveMode: 'Always' }),
    { settings: allowEks },
  ),
  malformed(
    'an exec API that is gone',
    'users[0].user.exec.apiVersion',
    kubeconfig({
      cluster: { server: EKS },
      user: { exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'aws', args: EKS_ARGS } },
    }),
    { settings: allowEks },
  ),
  refused(
    'an unknown field of exec',
    'users[0].user.exec.stdin',
    exec({ command: 'aws', args: EKS_ARGS, stdin: 'canary' }),
    { settings: allowEks },
  ),
  malformed(
    'a program beside a token',
    'users[0].user',
    kubeconfig({
      cluster: { server: EKS },
      user: { token: 'canary', exec: { apiVersion: EXEC_V1, command: 'aws', args: EKS_ARGS } },
    }),
    { settings: allowEks },
  ),
  ...[
    'https://eks.amazonaws.com.canary.test',
    'https://canary.test/x.eu-west-1.eks.amazonaws.com',
    'https://127.0.0.1:{{port}}',
    'https://3.3.3.3',
    'http://localhost:{{port}}',
    'https://abc.execute-api.eu-west-1.api.aws',
  ].map((url) =>
    refused(
      `aws for the server ${url}`,
      'clusters[0].cluster.server',
      kubeconfig({ cluster: { server: url }, user: { exec: { apiVersion: EXEC_V1, command: 'aws', args: EKS_ARGS } } }),
      {
        settings: { ...allowExec, kubeconfigServerAllow: ['*'] },
      },
    ),
  ),
  refused(
    'aws for a cloud server that the operator does not allow',
    'clusters[0].cluster.server',
    exec({ command: 'aws', args: EKS_ARGS }),
    { settings: { ...allowExec, kubeconfigServerAllow: ['*.azmk8s.io'] } },
  ),
  refused(
    'aws without verification of the server',
    'clusters[0].cluster.insecure-skip-tls-verify',
    kubeconfig({
      cluster: { server: EKS, 'insecure-skip-tls-verify': true },
      user: { exec: { apiVersion: EXEC_V1, command: 'aws', args: EKS_ARGS } },
    }),
    { settings: allowEks },
  ),
  refused(
    'gke for an address that only a network allows',
    'clusters[0].cluster.server',
    kubeconfig({
      cluster: { server: 'https://34.1.2.3' },
      user: { exec: { apiVersion: EXEC_V1, command: 'gke-gcloud-auth-plugin' } },
    }),
    {
      settings: { ...allowExec, kubeconfigServerAllow: ['34.0.0.0/8', '*'] },
    },
  ),
  refused(
    'gke with arguments',
    'users[0].user.exec.args',
    kubeconfig({
      cluster: { server: 'https://a.europe-west1.gke.goog' },
      user: { exec: { apiVersion: EXEC_V1, command: 'gke-gcloud-auth-plugin', args: ['--help'] } },
    }),
    {
      settings: { ...allowExec, kubeconfigServerAllow: ['*.gke.goog'] },
    },
  ),
  ...[
    [
      'a token for another API',
      ['get-token', '--login', 'azurecli', '--server-id', '00000003-0000-0000-c000-000000000000'],
    ],
    [
      'a sign-in that asks a person',
      ['get-token', '--login', 'devicecode', '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630'],
    ],
    [
      'another authority',
      [
        'get-token',
        '--login',
        'azurecli',
        '--server-id',
        '6dae42f8-4368-4678-94ff-3960e28e3630',
        '--authority-host',
        'https://127.0.0.1:{{port}}',
      ],
    ],
    [
      'an issuer (the other kubelogin)',
      ['get-token', '--oidc-issuer-url=https://127.0.0.1:{{port}}', '--oidc-client-id=canary'],
    ],
    ['a browser command', ['get-token', '--browser-command', 'sh -c canary']],
  ].map(([what, args]) =>
    refused(
      `kubelogin with ${what}`,
      'users[0].user.exec.args',
      kubeconfig({
        cluster: { server: 'https://a.hcp.westeurope.azmk8s.io' },
        user: { exec: { apiVersion: EXEC_V1, command: 'kubelogin', args } },
      }),
      {
        settings: { ...allowExec, kubeconfigServerAllow: ['*.azmk8s.io'] },
      },
    ),
  ),
];
