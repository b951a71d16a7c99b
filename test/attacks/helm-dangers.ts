/** helm commands that are accepted and dangerous by nature. */
import type { Danger } from './danger.ts';

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

/** Templates that would read, ask or print what is not theirs. */
export const HOSTILE_TEMPLATES: readonly Danger[] = [
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

/** Charts and values that name files and hosts. */
export const HOSTILE_CHARTS: readonly Danger[] = [
  template(
    'more memory than a command may have',
    '{{ until 1000000000 | len }}',
    2,
    'more memory than a command may have (2 GiB)',
  ),
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
