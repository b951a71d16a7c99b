import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { eachAtOnce } from '../../support/at-once.ts';
import { CHART_PASSWORD } from '../../support/cli-fixtures.ts';
import { hasClis } from '../../support/clis.ts';
import {
  type AuditRecord,
  audited,
  type CommandProduct,
  type CommandTool,
  commandProduct,
} from '../../support/command-product.ts';
import { hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { policyWorld, VALUES } from '../../support/policy-world.ts';

const AT_ONCE = 4;
const WRITTEN = 'Policy-Written-0424-value';
const LITERAL = 'Policy-Literal-0425-value';
const base64 = (text: string) => Buffer.from(text).toString('base64');
/** In the forms in which a tool, a template or a filter could print one. */
const formsOf = (value: string) => [
  value,
  base64(value),
  base64(value).replace(/=+$/, ''),
  Buffer.from(value).toString('hex'),
  encodeURIComponent(value),
  [...value].join(' '),
  [...value].reverse().join(''),
];
const FORMS = [...Object.values(VALUES), CHART_PASSWORD, WRITTEN].flatMap(formsOf);
const MARKER = /<redacted sha256:[0-9a-f]{8,}>/;

/** What prints Secrets; `shows` where a fingerprint has to be in the answer. */
interface Reading {
  tool?: CommandTool;
  command: string;
  stdin?: string;
  shows?: RegExp;
}
const reads = (...all: (string | Reading)[]): Reading[] =>
  all.map((one) => (typeof one === 'string' ? { command: one } : one));
const marked = (...commands: string[]): Reading[] => commands.map((command) => ({ command, shows: MARKER }));

const READINGS: readonly Reading[] = [
  ...marked(
    'get secrets -n {{ns}} -o yaml',
    'get secrets -n {{ns}} -o json',
    'get secret db -n {{ns}} -o yaml',
    'get secret/db -n {{ns}} -o json',
    'get secrets.v1. db -n {{ns}} -o yaml',
    'get cm,secret -n {{ns}} -o yaml',
    'get secret db -n {{ns}} -o jsonpath={.data.password}',
    "get secret db -n {{ns}} -o jsonpath='{.data}'",
    'get secret db -n {{ns}} -o jsonpath-as-json={.data}',
    "get secret db -n {{ns}} -o go-template='{{.data.password}}'",
    "get secret db -n {{ns}} -o go-template='{{.data.password | base64decode}}'",
    'get secret db -n {{ns}} --template={{.data.password}}',
    'get secret db -n {{ns}} -o custom-columns=A:.data.password',
    'get secrets -A -o yaml',
    'get --raw /api/v1/namespaces/{{ns}}/secrets/db',
    'get --raw /api/v1/namespaces/{{ns}}/secrets',
    "get --raw '/api/v1/namespaces/{{ns}}/secrets?watch=true&timeoutSeconds=1'",
    'get --raw /api/v1/watch/namespaces/{{ns}}/secrets/db?timeoutSeconds=1',
    'get secret applied -n {{ns}} -o yaml --show-managed-fields',
    "get secret applied -n {{ns}} -o jsonpath='{.metadata.annotations}'",
    'apply view-last-applied secret applied -n {{ns}}',
    'get deployment web -n {{ns}} -o yaml',
    'get pods -n {{ns}} -l app=web -o yaml',
    'describe pods -n {{ns}} -l app=web',
    'describe deployment web -n {{ns}}',
    'get replicasets -n {{ns}} -o json',
    'set env deployment/web -n {{ns}} --list',
    'set env deployment/web -n {{ns}} --list --resolve',
    "get secret db -n {{ns}} -o json | jq -r '.data.password'",
    'get secret db -n {{ns}} -o yaml | grep password',
    `patch secret db -n {{ns}} -p '{"metadata":{"labels":{"a":"b"}}}' --dry-run=server -o yaml`,
    'label secret db -n {{ns}} a=b --dry-run=server -o yaml',
    'label secret db -n {{ns}} a=b --dry-run=client -o yaml',
  ),
  ...reads(
    'get secrets -n {{ns}}',
    "get secret db -n {{ns}} -o json | jq -r '.data.password | @base64d'",
    'get secrets -n {{ns}} -o wide',
    'get secrets -n {{ns}} --sort-by=.metadata.name',
    'get secrets -n {{ns}} --sort-by=.data.password',
    'get secrets -n {{ns}} --sort-by={.data.password} -o name',
    'describe secret db -n {{ns}}',
    'describe secrets -n {{ns}}',
    "get --raw '/api/v1/namespaces/{{ns}}/secrets?includeObject=Object'",
    'get secrets -n {{ns}} -w --request-timeout=1s',
    'get secret db -n {{ns}} -o go-template=\'{{range $k, $v := .data}}{{printf "%x" $v}}{{end}}\'',
    'get secret db -n {{ns}} -o go-template=\'{{printf "%q" (index .data.password 3)}}\'',
    "get secret db -n {{ns}} -o json | jq -r '.data.password | explode | reverse | implode'",
    'get secret db -n {{ns}} -o json | jq -r \'.data.password | @base64d | split("") | join(" ")\'',
    "get secret db -n {{ns}} -o yaml | sed 's/./& /g'",
    'get secret db -n {{ns}} -o yaml | tr A-Za-z N-ZA-Mn-za-m',
    "get secret db -n {{ns}} -o yaml | awk '{ print substr($2, 1, 12) }'",
    'get secret db -n {{ns}} -o jsonpath={.data.password} | cut -c1-20',
    'events -n {{ns}}',
    'get events -n {{ns}} -o yaml',
    {
      command: 'diff -f -',
      stdin: 'apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: "{{ns}}"}\ndata: {password: eA==}\n',
    },
    { tool: 'helm', command: 'get values greeter -n {{ns}}' },
    { tool: 'helm', command: 'get values greeter -n {{ns}} --all -o json' },
    { tool: 'helm', command: 'get manifest greeter -n {{ns}}' },
    { tool: 'helm', command: 'get all greeter -n {{ns}}' },
    { tool: 'helm', command: `get all greeter -n {{ns}} --template '{{.Release.Config}}{{.Release.Manifest}}'` },
    { tool: 'helm', command: 'status greeter -n {{ns}} -o yaml' },
    { tool: 'helm', command: 'history greeter -n {{ns}} -o json' },
    { tool: 'helm', command: 'list -n {{ns}} -o yaml' },
    { tool: 'helm', command: 'rollback greeter 1 -n {{ns}} --dry-run' },
    { tool: 'helm', command: 'uninstall greeter -n {{ns}} --dry-run --debug' },
    'get secret sh.helm.release.v1.greeter.v1 -n {{ns}} -o yaml',
    'get secret sh.helm.release.v1.greeter.v1 -n {{ns}} -o jsonpath={.data.release}',
    { tool: 'istioctl', command: 'analyze -n {{ns}} -o json' },
  ),
];

describe.skipIf(!hasTestUsers() || !hasClis())('Secrets and commands', () => {
  let namespace: string;
  let reader: CommandProduct;
  let writer: CommandProduct;
  const seen: string[] = [];
  const fill = (text: string) => text.replaceAll('{{ns}}', namespace);
  const run = async (product: CommandProduct, { tool = 'kubectl', command, stdin }: Reading) => {
    const answer = await product.run(tool, fill(command), {
      timeout: 20,
      ...(stdin === undefined ? {} : { stdin: fill(stdin) }),
    });
    seen.push(JSON.stringify(answer));
    return answer;
  };
  const live = async (kind: string, name: string) =>
    JSON.parse(await kubectl(['get', kind, name, '-n', namespace, '-o', 'json']));

  beforeAll(async () => {
    namespace = await policyWorld('fingers');
    const gates = ['create', 'update', 'delete'].map((gate) => `--enable-${gate}`);
    [reader, writer] = await Promise.all([
      commandProduct({ args: ['--debug'] }),
      commandProduct({ args: ['--debug', ...gates, '--confirm=never'] }),
    ]);
  });

  test('in whatever form they are read, fingerprints are shown and no value', async () => {
    const told = await eachAtOnce(AT_ONCE, READINGS, async (reading) => {
      const answer = await run(reader, reading);
      const text = JSON.stringify(answer);
      const shown = reading.shows === undefined || reading.shows.test(answer.output);
      return [
        reading.command,
        answer.status,
        shown ? 'as it should' : text,
        FORMS.filter((form) => text.includes(form)),
      ];
    });
    expect(told).toEqual(READINGS.map(({ command }) => [command, 200, 'as it should', []]));
  });

  test('one value has one fingerprint wherever it stands, and another has another', async () => {
    const markers = async (command: string) =>
      (await run(reader, { command })).output.match(new RegExp(MARKER, 'g')) ?? [];
    const [first] = await markers('get secret db -n {{ns}} -o jsonpath={.data.password}');
    const [other] = await markers('get secret applied -n {{ns}} -o jsonpath={.data.password}');
    const resolved = await markers('set env deployment/web -n {{ns}} --list --resolve');
    expect(first).toMatch(MARKER);
    expect(other).not.toBe(first);
    expect(resolved).toContain(first);
    expect(resolved).not.toContain(other);
  });

  test('what a caller writes into a Secret comes back as a fingerprint, and tells nothing of others', async () => {
    const lines = [
      `create secret generic new --from-literal=password=${WRITTEN} -n {{ns}} --dry-run=client -o yaml`,
      `create secret generic new --from-literal=password=${WRITTEN} -n {{ns}} --dry-run=server -o json`,
    ];
    for (const command of lines) {
      const { success, output } = await run(reader, { command });
      expect(success).toBe(true);
      expect(output).toMatch(MARKER);
    }
    const guess = await run(reader, {
      command: `create secret generic guess --from-literal=password=${VALUES.data} -n {{ns}} --dry-run=server -o jsonpath={.data.password}`,
    });
    const real = await run(reader, { command: 'get secret db -n {{ns}} -o jsonpath={.data.password}' });
    expect(guess.output).not.toBe(real.output);
    // The caller's own words may be repeated in what is not read from the cluster.
    seen.splice(seen.indexOf(JSON.stringify(guess)), 1);
  });

  test('a manifest that was read is written back, and the Secret keeps its value', async () => {
    for (const [at, how] of ['apply -f -', 'replace -f -', 'apply --server-side --force-conflicts -f -'].entries()) {
      const before = await live('secret', 'db');
      const manifest = parse((await run(reader, { command: 'get secret db -n {{ns}} -o yaml' })).output);
      manifest.metadata = { name: 'db', namespace, labels: { edited: String(at) } };
      // Fingerprints are of one caller on one server: the writer's own.
      const own = parse((await run(writer, { command: 'get secret db -n {{ns}} -o yaml' })).output);
      const { success, error } = await run(writer, { command: how, stdin: stringify({ ...manifest, data: own.data }) });
      expect([how, success, success ? '' : error]).toEqual([how, true, '']);
      const after = await live('secret', 'db');
      expect(after.data).toEqual(before.data);
      expect(after.metadata.labels).toEqual({ edited: String(at) });
      expect(JSON.stringify(after)).not.toContain('redacted');
    }
  });

  test('a marker is never stored', async () => {
    const { output: marker } = await run(writer, { command: 'get secret db -n {{ns}} -o jsonpath={.data.password}' });
    expect(marker).toMatch(MARKER);
    const secret = (name: string, data: object, more: object = {}) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, ...more }, ...data });
    const attempts: Reading[] = [
      { command: 'create -f -', stdin: secret('copy', { data: { password: base64(marker) } }) },
      { command: 'create -f -', stdin: secret('copy', { stringData: { password: marker } }) },
      { command: 'apply -f -', stdin: secret('copy', { data: { password: base64(marker) } }) },
      { command: 'apply --server-side -f -', stdin: secret('copy', { stringData: { password: `x${marker}` } }) },
      { command: 'replace -f -', stdin: secret('db', { data: { other: base64(marker) } }) },
      {
        command: 'replace -f -',
        stdin: secret(
          'db',
          { data: { password: base64(marker.replace(/[0-9a-f]>/, (end) => (end === '0>' ? '1>' : '0>'))) } },
          { labels: { note: 'x' } },
        ),
      },
      {
        command: 'create -f -',
        stdin: JSON.stringify({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'copy', namespace },
          data: { a: marker },
        }),
      },
      { command: `create configmap copy -n {{ns}} --from-literal=a='${marker}'` },
      { command: `create secret generic copy -n {{ns}} --from-literal=a='${marker}'` },
      { command: `annotate configmap settings -n {{ns}} note='${marker}'` },
      { command: `patch secret db -n {{ns}} -p '{"data":{"copy":"${base64(marker)}"}}'` },
      { command: `patch configmap settings -n {{ns}} --type=merge -p '{"data":{"copy":"${marker}"}}'` },
      {
        command: `patch secret db -n {{ns}} --type=json -p '[{"op":"copy","from":"/data/password","path":"/metadata/annotations"}]'`,
      },
      {
        command: `patch secret db -n {{ns}} --type=json -p '[{"op":"move","from":"/data/password","path":"/metadata/labels"}]'`,
      },
      { command: `set env deployment/web -n {{ns}} COPY='${marker}'` },
    ];
    const before = await kubectl(['get', 'secret,cm,deploy', '-n', namespace, '-o', 'yaml']);
    const told = await eachAtOnce(1, attempts, async (attempt) => [
      attempt.command,
      (await run(writer, attempt)).success,
    ]);
    const after = await kubectl(['get', 'secret,cm,deploy', '-n', namespace, '-o', 'yaml']);
    expect(after).not.toContain('redacted');
    expect(after).not.toContain(base64('<redacted').slice(0, -1));
    expect(told.filter(([, success]) => success === true)).toEqual([]);
    expect(withoutStatus(after)).toEqual(withoutStatus(before));
  });

  test('audit.log has one line for each request of a command under its id, and no value', async () => {
    const command = `create secret generic audited --from-literal=password=${LITERAL} -n {{ns}}`;
    expect((await run(writer, { command })).success).toBe(true);
    expect((await run(writer, { command: 'get secret audited -n {{ns}} -o yaml' })).success).toBe(true);
    expect((await run(writer, { command: 'get pods -n {{ns}} --as=system:admin' })).code).toBe('gate_closed');
    expect((await run(writer, { command: 'delete secret audited -n {{ns}}' })).success).toBe(true);
    const callsIn = (all: AuditRecord[]) =>
      all.filter(({ type, arguments: args }) => type === 'call' && JSON.stringify(args).includes('audited'));
    const records = await audited(writer, (all) => callsIn(all).length === 3);
    const calls = callsIn(records);
    expect(calls).toMatchObject([
      { tool: 'kubectl', decision: 'allowed', outcome: 'ok', arguments: { command: 'create secret generic' } },
      { tool: 'kubectl', decision: 'allowed', outcome: 'ok', arguments: { command: 'get' } },
      { tool: 'kubectl', decision: 'allowed', outcome: 'ok', arguments: { command: 'delete' } },
    ]);
    const requestsOf = (call: AuditRecord) =>
      records
        .filter(({ type, call: id }) => type === 'request' && id === call.id)
        .map(({ verb, target, name, decision, status }) => [verb, target, name, decision, status]);
    expect(calls.map(requestsOf)).toEqual([
      [['create', 'secrets', 'audited', 'allowed', 201]],
      [['get', 'secrets', 'audited', 'allowed', 200]],
      [
        ['delete', 'secrets', 'audited', 'allowed', 200],
        ['get', 'secrets', 'audited', 'allowed', 404],
      ],
    ]);
    const ids = new Set(records.filter(({ type }) => type === 'call').map(({ id }) => id));
    expect(records.filter(({ type, call }) => type === 'request' && !ids.has(call))).toEqual([]);
    const refused = records.find(({ type, code }) => type === 'call' && code === 'gate_closed');
    expect(refused).toMatchObject({ decision: 'refused' });
  });

  test('no value is in any answer or log', () => {
    expect(seen.length).toBeGreaterThan(90);
    const forms = [...FORMS, ...formsOf(LITERAL)];
    const logs = [reader, writer].flatMap(({ logDir, log }) => [
      log(),
      ...readdirSync(logDir).map((name) => readFileSync(join(logDir, name), 'utf8')),
    ]);
    expect([...seen, ...logs].filter((text) => forms.some((form) => text.includes(form)))).toEqual([]);
  });
});

/** What controllers change by themselves. */
function withoutStatus(text: string): unknown {
  const { items } = parse(text) as {
    items: { kind: string; metadata: { name: string; resourceVersion: string }; data?: unknown; spec?: unknown }[];
  };
  return items.map(({ kind, metadata: { name }, data, spec }) => ({ kind, name, data, spec }));
}
