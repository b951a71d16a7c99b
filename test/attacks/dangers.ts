/**
 * Commands that are accepted and dangerous by nature: their files, templates and filters would read, run or ask something. `{{file}}`
 * is a file of the server, `{{up}}` the way to it from any folder, `{{dir}}` its folder, `{{port}}` a listener on loopback, `{{namespace}}` a namespace with the Secret
 * `db`. What they print may hold nothing of these.
 */
import type { CommandTool } from '../support/command-product.ts';

export interface Danger {
  readonly tool: CommandTool;
  readonly name: string;
  readonly command: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** How it ends: its exit code, or the code of its refusal. */
  readonly ends: number | string;
  /** In what it prints or in why it is refused. */
  readonly says?: string;
}

const CHART = { 'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n' };

/** A chart with one template, whose text comes out as the data of a ConfigMap. */
function template(
  name: string,
  text: string,
  ends: number | string,
  says?: string,
  more: Partial<Danger> = {},
): Danger {
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: out}\ndata:\n  out: |-\n    got:${text}\n`;
  return {
    tool: 'helm',
    name: `a template with ${name}`,
    command: 'template web ./web',
    files: { ...CHART, 'web/templates/out.yaml': manifest, ...more.files },
    ends,
    ...(says === undefined ? {} : { says }),
    ...(more.command === undefined ? {} : { command: more.command }),
  };
}

const ASKS = { command: 'install web ./web -n {{namespace}} --dry-run=server' };

const TEMPLATES: readonly Danger[] = [
  template('.Files.Get of an absolute path', '{{ .Files.Get "{{file}}" | quote }}', 0, 'got:""'),
  template('.Files.Get of a way up', '{{ .Files.Get "{{up}}" | quote }}', 0, 'got:""'),
  template('.Files.Glob of everything', '{{ range $p, $_ := .Files.Glob "/**" }}{{ $p }} {{ end }}', 0, 'got:'),
  template('.Files.Glob of a way up', '{{ (.Files.Glob "../**").AsConfig }}', 0, 'got:'),
  template('.Files.Lines', '{{ .Files.Lines "/etc/passwd" }}', 0, 'got:'),
  template('.Files.GetBytes', '{{ .Files.GetBytes "/proc/self/environ" | toString }}', 0, 'got:'),
  template('env', '{{ env "CANARY" }}', 1, 'function "env" not defined'),
  template('expandenv', '{{ expandenv "$CANARY" }}', 1, 'function "expandenv" not defined'),
  template('readFile', '{{ readFile "{{file}}" }}', 1, 'function "readFile" not defined'),
  template('readDir', '{{ osBase "{{file}}" }}', 0, 'got:canary.yaml'),
  template('getHostByName', '{{ getHostByName "localhost" }}', 0, 'got:'),
  template('tpl around Files', '{{ tpl "{{ .Files.Get \\"{{file}}\\" }}" . }}', 0, 'got:'),
  template('tpl around env', '{{ tpl "{{ env \\"CANARY\\" }}" . }}', 1, 'function "env" not defined'),
  template('include of a path', '{{ include "../../../{{file}}" . }}', 1, 'no template'),
  template(
    'an endless include',
    '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
    1,
    'nested reference',
  ),
  template('fromYaml of a tag', '{{ fromYaml "a: !!python/object:os.system id" }}', 0, 'got:'),
  template('everything there is', '{{ toYaml . | nindent 4 }}', 0, 'IsInstall'),
  template('lookup without a cluster', '{{ lookup "v1" "Secret" "{{namespace}}" "db" }}', 0, 'got:map[]'),
  template(
    'lookup of a Secret',
    '{{ (lookup "v1" "Secret" "{{namespace}}" "db").data }}',
    0,
    'got:map[password:',
    ASKS,
  ),
  template(
    'lookup of a Secret, decoded',
    '{{ (lookup "v1" "Secret" "{{namespace}}" "db").data.password | b64dec }}',
    0,
    '<redacted',
    ASKS,
  ),
  template('lookup of all Secrets', '{{ toJson (lookup "v1" "Secret" "" "") | b64enc }}', 0, 'got:', ASKS),
  template(
    'lookup of a Secret, letter by letter',
    '{{ range untilStep 0 24 1 }}{{ end }}{{ (lookup "v1" "Secret" "{{namespace}}" "db").data.password | b64dec | splitList "" | join "-" }}',
    0,
    'got:',
    ASKS,
  ),
  template('getHostByName on install', '{{ getHostByName "localhost" }}', 0, 'got:', ASKS),
];

const CHARTS: readonly Danger[] = [
  template('more memory than a command may have', '{{ until 1000000000 | len }}', 2, 'out of memory'),
  {
    tool: 'helm',
    name: 'values that name files',
    command:
      'template web ./web -f - --set a=file://{{file}} --set-string b=@{{file}} --set-json c={"$ref":"file://{{file}}"}',
    stdin: 'x: {$ref: "file://{{file}}"}\ny: !include {{file}}\nz: "{{file}}"\n',
    files: { ...CHART, 'web/templates/out.yaml': 'kind: A\ndata: {{ toJson .Values }}\n' },
    ends: 0,
    says: 'file://',
  },
  {
    tool: 'helm',
    name: 'a schema that names the file',
    command: 'template web ./web',
    files: { ...CHART, 'web/values.schema.json': '{"$ref":"file://{{file}}"}' },
    ends: 'invalid_argument',
    says: '$ref',
  },
  {
    tool: 'helm',
    name: 'a schema that asks loopback',
    command: 'lint ./web',
    files: { ...CHART, 'web/values.schema.json': '{"properties":{"a":{"$ref":"http://127.0.0.1:{{port}}/"}}}' },
    ends: 'invalid_argument',
    says: '$ref',
  },
  {
    tool: 'helm',
    name: 'a schema with a base and a pointer of its own',
    command: 'template web ./web --set a=1',
    files: {
      ...CHART,
      'web/values.schema.json':
        '{"$id":"http://127.0.0.1:{{port}}/base.json","properties":{"a":{"$id":"http://127.0.0.1:{{port}}/a.json","$ref":"#/$defs/x"}}}',
    },
    ends: 1,
  },
  {
    tool: 'helm',
    name: 'a dependency in a folder of the server',
    command: 'template web ./web',
    files: {
      'web/Chart.yaml':
        'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n- {name: db, version: 1.0.0, repository: "file://{{dir}}"}\n',
    },
    ends: 1,
    says: 'missing in charts/',
  },
  {
    tool: 'helm',
    name: 'a dependency of a host',
    command: 'dependency list ./web',
    files: {
      'web/Chart.yaml':
        'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n- {name: db, version: 1.0.0, repository: "http://127.0.0.1:{{port}}"}\n',
    },
    ends: 0,
    says: 'missing',
  },
  {
    tool: 'helm',
    name: 'a template on the command line',
    command: `version --template '{{ env "CANARY" }}'`,
    ends: 1,
    says: 'function "env" not defined',
  },
  {
    tool: 'helm',
    name: 'a chart from a host that nobody allowed',
    command: 'show all http://127.0.0.1:{{port}}/web.tgz',
    ends: 'command_refused',
  },
  {
    tool: 'helm',
    name: 'a chart from a name that leads to the proxy of the environment',
    command: 'show all https://charts.example/web.tgz',
    ends: 1,
  },
];

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

const KUSTOMIZATIONS: readonly Danger[] = [
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

const KUBECTL: readonly Danger[] = [
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

function filter(stage: string, ends: number | string, says?: string): Danger {
  return {
    tool: 'kubectl',
    name: `the filter ${stage}`,
    command: `get ns default -o json | ${stage}`,
    ends,
    ...(says === undefined ? {} : { says }),
  };
}

const FILTERS: readonly Danger[] = [
  filter("jq 'env'", 0),
  filter("jq '$ENV'", 0),
  filter("jq '$ENV.CANARY, env.HOME'", 0),
  filter("jq 'input_filename'", 0),
  filter("jq '$__prog_args'", 3),
  filter("jq 'get_search_list'", 0),
  filter(`jq 'import "{{file}}" as $x; $x'`, 3, 'not found'),
  filter(`jq 'include "{{file}}"; .'`, 3, 'not found'),
  filter(`jq -n '"{{file}}" | modulemeta'`, 5, 'not found'),
  filter("jq 'inputs'", 0),
  filter('jq . {{file}}', 'command_refused'),
  filter('jq -f {{file}}', 'command_refused'),
  filter('jq --slurpfile a {{file}} .', 'command_refused'),
  filter('jq --rawfile a {{file}} .', 'command_refused'),
  filter('jq --argfile a {{file}} .', 'command_refused'),
  filter('jq -L {{dir}} .', 'command_refused'),
  filter("sed 's/a/b/w {{dir}}/out'", 'command_refused'),
  filter("sed 'w {{dir}}/out'", 'command_refused'),
  filter("sed 'r {{file}}'", 'command_refused'),
  filter("sed 'R {{file}}'", 'command_refused'),
  filter("sed '1e id'", 'command_refused'),
  filter("sed 's/.*/id/e'", 'command_refused'),
  filter('sed -i s/a/b/ {{file}}', 'command_refused'),
  filter('sed -f {{file}}', 'command_refused'),
  filter('sed -n p {{file}}', 'command_refused'),
  filter('awk \'BEGIN { system("id") }\'', 'command_refused'),
  filter('awk \'{ getline x < "{{file}}"; print x }\'', 'command_refused'),
  filter('awk \'{ print > "{{dir}}/out" }\'', 'command_refused'),
  filter('awk \'{ print | "sh" }\'', 'command_refused'),
  filter('awk \'{ "id" | getline; print }\'', 'command_refused'),
  filter('awk \'{ print ENVIRON["CANARY"] }\'', 'command_refused'),
  filter('awk -f {{file}}', 'command_refused'),
  filter("awk '{ print $1 }' {{file}}", 'command_refused'),
  filter('grep -r canary {{dir}}', 'command_refused'),
  filter('grep canary {{file}}', 'command_refused'),
  filter('grep -f {{file}}', 'command_refused'),
  filter('sort -o {{dir}}/out', 'command_refused'),
  filter('sort --files0-from={{file}}', 'command_refused'),
  filter('sort --compress-program={{file}}', 'command_refused'),
  filter('sort -T {{dir}}', 'command_refused'),
  filter('sort {{file}}', 'command_refused'),
  filter('head {{file}}', 'command_refused'),
  filter('tail -f {{file}}', 'command_refused'),
  filter('cut -c1- {{file}}', 'command_refused'),
  filter('uniq - {{dir}}/out', 'command_refused'),
  filter('wc --files0-from={{file}}', 'command_refused'),
  filter('tr a b < {{file}}', 'invalid_argument'),
  filter('cat {{file}}', 'command_refused'),
  filter('tee {{dir}}/out', 'command_refused'),
  filter("grep -E '(a+)+$'", 1),
  filter('yq . {{file}}', 'command_refused'),
];

const ISTIO = 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n';

const ISTIOCTL: readonly Danger[] = [
  { tool: 'istioctl', name: 'a profile that is a file', command: 'manifest generate --set profile={{file}}', ends: 1 },
  { tool: 'istioctl', name: 'a profile that is a way up', command: 'manifest generate --set profile={{up}}', ends: 1 },
  {
    tool: 'istioctl',
    name: 'a profile that is a URL',
    command: 'manifest generate --set profile=http://127.0.0.1:{{port}}/p',
    ends: 1,
  },
  {
    tool: 'istioctl',
    name: 'a profile that is a file, in a file',
    command: 'manifest generate -f iop.yaml',
    files: { 'iop.yaml': `${ISTIO}spec: {profile: "{{file}}"}\n` },
    ends: 1,
  },
  {
    tool: 'istioctl',
    name: 'charts behind a line separator',
    command: 'manifest generate -f iop.yaml',
    files: { 'iop.yaml': `${ISTIO}spec:\n  profile: minimal # \u2028  installPackagePath: {{dir}}\n` },
    ends: 'invalid_argument',
  },
  {
    tool: 'istioctl',
    name: 'charts by another s',
    command: 'manifest generate -f iop.yaml | grep -c kind',
    files: { 'iop.yaml': `${ISTIO}spec: {profile: minimal, in\u017ftallPackagePath: "{{dir}}"}\n` },
    ends: 0,
  },
  {
    tool: 'istioctl',
    name: 'a template in values',
    command: 'manifest generate -f iop.yaml',
    files: {
      'iop.yaml': `${ISTIO}spec: {profile: minimal, values: {global: {hub: '{{ env "CANARY" }}', tag: '{{ .Files.Get "{{file}}" }}'}}}\n`,
    },
    ends: 1,
  },
  {
    tool: 'istioctl',
    name: 'a manifest that names files',
    command: 'validate -f -',
    stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: "file://{{file}}"}\n',
    ends: 0,
  },
  {
    tool: 'istioctl',
    name: 'a list of files',
    command: 'analyze --use-kube=false a.yaml',
    files: { 'a.yaml': 'apiVersion: v1\nkind: List\nitems: [{$ref: "{{file}}"}]\n' },
    ends: 65,
  },
];

const ARGOCD: readonly Danger[] = [
  {
    tool: 'argocd',
    name: 'an application whose repository is a folder',
    command: 'app create -f -',
    stdin:
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: evil}\nspec: {project: default, source: {repoURL: "file://{{dir}}", path: .}, destination: {server: "https://kubernetes.default.svc", namespace: default}}\n',
    ends: 20,
  },
  {
    tool: 'argocd',
    name: 'an application whose repository is loopback',
    command:
      'app create evil --repo http://127.0.0.1:{{port}}/x.git --path . --dest-server https://kubernetes.default.svc --dest-namespace default',
    ends: 20,
  },
  {
    tool: 'argocd',
    name: 'an application whose cluster is loopback',
    command:
      'app create evil --repo https://git.example/x.git --path . --dest-server https://127.0.0.1:{{port}} --dest-namespace default --validate=false',
    ends: 20,
  },
  {
    tool: 'argocd',
    name: 'values that are a file of the server',
    command: 'app set guestbook --values {{file}}',
    ends: 20,
  },
];

export const DANGERS: readonly Danger[] = [
  ...TEMPLATES,
  ...CHARTS,
  ...KUSTOMIZATIONS,
  ...KUBECTL,
  ...FILTERS,
  ...ISTIOCTL,
  ...ARGOCD,
];
