/** kubectl commands that are accepted and dangerous by nature. */
import type { Danger } from './danger.ts';

function kustomization(
  name: string,
  text: string,
  ends: number | string,
  more: Readonly<Record<string, string>> = {},
  command = 'kustomize .',
): Danger {
  return {
    tool: 'kubectl',
    name: `a kustomization with ${name}`,
    command,
    files: { 'kustomization.yaml': text, ...more },
    ends,
  };
}

const G = {
  'g.yaml':
    'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: ["k=http://127.0.0.1:{{port}}/"]\n',
};

export const HOSTILE_KUSTOMIZATIONS: readonly Danger[] = [
  kustomization('a resource of the server', 'resources: ["{{file}}"]', 'command_refused'),
  kustomization('a way up', 'resources: ["{{up}}"]', 'command_refused'),
  kustomization('a way up behind a line break', 'resources: ["x\\n/{{up}}"]', 'command_refused'),
  kustomization('a folder of the server', 'bases: ["x\\n/{{up}}/.."]', 'command_refused'),
  kustomization('a URL', 'resources: ["http://127.0.0.1:{{port}}/a.yaml"]', 'command_refused'),
  kustomization('a URL in a component', 'components: ["HTTP://127.0.0.1:{{port}}/a.yaml"]', 'command_refused'),
  kustomization('a repository by ssh', 'resources: ["git@127.0.0.1:{{port}}/a"]', 1),
  kustomization('a repository without a scheme', 'resources: ["github.com/evil/repo?ref=main"]', 1),
  kustomization('git::', 'resources: ["git::127.0.0.1/evil/repo"]', 1),
  kustomization(
    'files of the server in a ConfigMap',
    'configMapGenerator: [{name: a, files: ["k={{file}}"]}]',
    'command_refused',
  ),
  kustomization(
    'files of the server in a Secret',
    'secretGenerator: [{name: a, files: ["{{up}}"]}]',
    'command_refused',
  ),
  kustomization('the environment', 'configMapGenerator: [{name: a, envs: [e.env]}]', 0, {
    'e.env': 'CANARY\nHOME\nHTTPS_PROXY\nHELM_KUBETOKEN\n',
  }),
  kustomization('a patch of the server', 'patches: [{path: "{{file}}"}]', 'command_refused'),
  kustomization('a schema of the server', 'openapi: {path: "{{up}}"}', 'command_refused'),
  kustomization('a generator', 'generators: [g.yaml]', 'command_refused', G),
  kustomization('a generator by another s', 'generator\u017f: [g.yaml]', 'invalid_argument', G),
  kustomization('a transformer by another s', 'tran\u017fformers: [g.yaml]', 'invalid_argument', G),
  kustomization(
    'a generator behind a line separator',
    'namePrefix: a- # \u2028generators: [g.yaml]',
    'invalid_argument',
    G,
  ),
  kustomization(
    'a generator behind a carriage return',
    'namePrefix: a- # \rgenerators: [g.yaml]',
    'invalid_argument',
    G,
  ),
  kustomization('a generator in a folder of it', 'resources: [k]', 'command_refused', {
    'k/kustomization.yml': 'Generators: [../g.yaml]',
    ...G,
  }),
  kustomization('a chart', 'helmCharts: [{name: a, repo: "http://127.0.0.1:{{port}}"}]', 'command_refused'),
  kustomization('a chart of its own', 'helmCharts: [{name: a}]\nhelmGlobals: {chartHome: charts}', 1),
  kustomization('a replacement of the server', 'replacements: [{path: "{{up}}"}]', 'command_refused'),
  kustomization('itself', 'resources: [k]', 1, { 'k/kustomization.yaml': 'resources: [../k]' }),
  kustomization(
    'a URL, to apply',
    'resources: ["http://127.0.0.1:{{port}}/a.yaml"]',
    'command_refused',
    {},
    'apply -k . --dry-run=client',
  ),
  kustomization(
    'a URL, to compare',
    'resources: ["http://127.0.0.1:{{port}}/a.yaml"]',
    'command_refused',
    {},
    'diff -k .',
  ),
];

function kubectl(
  name: string,
  command: string,
  ends: number | string,
  says?: string,
  more: Partial<Danger> = {},
): Danger {
  return { tool: 'kubectl', name, command, ends, ...(says === undefined ? {} : { says }), ...more };
}

export const KUBECTL_DANGERS: readonly Danger[] = [
  kubectl('an env file without values', 'create cm a --from-env-file=e.env --dry-run=client -o yaml', 0, 'CANARY: ""', {
    files: { 'e.env': 'CANARY\nKUBECONFIG\nHTTPS_PROXY\nHOME\n' },
  }),
  kubectl('a template that reads', `get ns default -o go-template='{{ readFile "{{file}}" }}'`, 1, 'not defined'),
  kubectl('a template with env', `get ns default -o go-template='{{ env "CANARY" }}'`, 1, 'not defined'),
  kubectl('a template file that reads', 'get ns default -o go-template-file=t.tpl', 1, 'not defined', {
    files: { 't.tpl': '{{ .Files.Get "{{file}}" }}{{ env "CANARY" }}' },
  }),
  kubectl(
    'a template that decodes a Secret',
    `get secret db -n {{namespace}} -o go-template='{{ .data.password | base64decode }}'`,
    0,
    '<redacted',
  ),
  kubectl(
    'a template that spells a Secret',
    `get secret db -n {{namespace}} -o go-template='{{ range $i, $c := .data.password }}{{ $c }},{{ end }}'`,
    1,
  ),
  kubectl(
    'a template that prints bytes of a Secret',
    `get secret db -n {{namespace}} -o go-template='{{ printf "%x" (.data.password | base64decode) }}'`,
    0,
  ),
  kubectl('the kubeconfig', 'config view', 0, 'clusters'),
  kubectl('the kubeconfig as JSON', 'config view -o json', 0),
  kubectl(
    'the kubeconfig by a template',
    "config view -o go-template='{{ range .users }}{{ .user.token }}{{ end }}'",
    0,
  ),
  kubectl('the kubeconfig by jsonpath', "config view -o jsonpath='{.users[*].user}'", 0),
  kubectl('who it is', 'auth whoami -o yaml', 0),
  kubectl('requests in the log', 'get ns default -v=6', 0),
  kubectl('a comparison', 'diff -f -', 1, undefined, {
    stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {a: b}\n',
  }),
  kubectl('a profile for a debugger', 'debug -n {{namespace}} none --image=busybox --custom=c.json', 1, undefined, {
    files: { 'c.json': '{"env":[{"name":"A","value":"$(CANARY)"}]}' },
  }),
  kubectl('logs of the server', 'get --raw /logs/kube-apiserver.log', 1, 'not supported'),
  kubectl('profiles of the server', 'get --raw /debug/pprof/heap', 1, 'not supported'),
  kubectl('settings of the server', 'get --raw /configz', 1, 'not supported'),
  kubectl('metrics of the server', 'get --raw /metrics', 1, 'not supported'),
  kubectl('flags of the server', 'get --raw /debug/flags/v', 1, 'not supported'),
  kubectl('a path with a second slash', 'get --raw /api/v1//secrets', 0, 'redacted'),
  kubectl('a path with dots', 'get --raw /api/v1/namespaces/{{namespace}}/pods/../secrets/db', 'invalid_argument'),
  kubectl(
    'a path with encoded dots',
    'get --raw /api/v1/namespaces/{{namespace}}/pods/%2e%2e/secrets/db',
    'invalid_argument',
  ),
  kubectl(
    'a path with an encoded slash',
    'get --raw /api/v1/namespaces/{{namespace}}/secrets%2fdb',
    'invalid_argument',
  ),
  kubectl('a Secret by its path', 'get --raw /api/v1/namespaces/{{namespace}}/secrets/db', 0, 'redacted'),
  kubectl('a Secret as a table', 'get --raw /api/v1/namespaces/{{namespace}}/secrets?includeObject=Object', 0),
  kubectl(
    'a Secret by an old watch',
    'get --raw /api/v1/watch/namespaces/{{namespace}}/secrets?timeoutSeconds=1',
    0,
    'redacted',
  ),
  kubectl('a Secret as protobuf', 'get secret db -n {{namespace}} --output=yaml --show-managed-fields', 0, 'redacted'),
];
