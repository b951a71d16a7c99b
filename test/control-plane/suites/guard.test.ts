import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { markerOf } from '../../../src/policy/redaction/fingerprint.ts';
import { atRest } from '../../support/at-rest.ts';
import { type CliResult, hasClis, plainCli } from '../../support/clis.ts';
import { freshNamespace, kubectl } from '../../support/control-plane.ts';
import { GUARD_KEY } from '../../support/guard.ts';
import { type GuardedOptions, guardedCli } from '../../support/guarded-cli.ts';
import { meanwhile } from '../../support/meanwhile.ts';

const WRITES = ['create', 'update', 'delete'] as const;
const VALUE = 'guarded-Value-0815-xyz';
const ENV_VALUE = 'guarded-Env-0816-xyz';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const MARKER = markerOf(GUARD_KEY, VALUE);

let namespace: string;

describe.skipIf(!hasClis())('kubectl behind the guard', () => {
  const run = (args: readonly string[], options: GuardedOptions = {}) =>
    guardedCli('kubectl', args, { namespace, ...options });
  const live = async (kind: string, name: string) =>
    JSON.parse(await kubectl(['get', kind, name, '-n', namespace, '-o', 'json']));

  beforeAll(async () => {
    namespace = await freshNamespace('guard');
    await kubectl(['apply', '--server-side=false', '-n', namespace, '-f', '-'], {
      stdin: stringify(secret('db', VALUE)),
    });
    await kubectl(['apply', '--server-side=false', '-n', namespace, '-f', '-'], { stdin: stringify(deployment()) });
    // Two answers a moment apart are compared below: what they tell must have come to rest.
    await atRest(namespace);
  });

  test('reads Secrets as fingerprints, in every form', async () => {
    const yaml = await run(['get', 'secrets', 'db', '-o', 'yaml']);
    expect(yaml.raw.stdout).toContain(`password: ${base64(MARKER)}`);
    expect(yaml.stdout).toContain(`password: ${MARKER}`);
    const outputs = await Promise.all([
      run(['get', 'secret', 'db', '-o', 'json']),
      run(['get', 'secrets', '-o', 'jsonpath={.items[*].data.password}']),
      run(['get', 'secrets', '-o', 'go-template={{range .items}}{{range .data}}{{. | base64decode}} {{end}}{{end}}']),
      run(['get', 'secrets', '-A', '-o', 'yaml']),
      run(['get', 'secrets', '-o', 'custom-columns=A:.data']),
      run(['get', '--raw', `/api/v1/namespaces/${namespace}/secrets/db`]),
      run(['get', 'secrets', '--show-managed-fields', '-o', 'yaml']),
      run(['describe', 'secret', 'db']),
      run(['get', 'deployment', 'web', '-o', 'yaml']),
      run(['describe', 'deployment', 'web']),
    ]);
    for (const { code, raw, stdout } of [yaml, ...outputs]) {
      expect(code).toBe(0);
      for (const text of [raw.stdout, raw.stderr, stdout]) {
        expect(text).not.toMatch(new RegExp([VALUE, base64(VALUE), ENV_VALUE].join('|')));
      }
    }
    expect(outputs[1].stdout).toContain(MARKER);
    expect(outputs[7].stdout).toMatch(/password:\s+26 bytes/);
  });

  test('prints what plain kubectl prints where nothing is hidden', async () => {
    for (const args of [
      ['get', 'deployments'],
      ['get', 'deployment', 'web', '-o', 'jsonpath={.metadata.uid}'],
      ['get', 'serviceaccounts', '-o', 'yaml'],
      ['get', 'nodes', '-o', 'wide'],
      ['get', 'namespace', namespace, '-o', 'json'],
      ['api-resources'],
      ['api-versions'],
      ['version'],
      ['explain', 'pod.spec.containers'],
      ['auth', 'can-i', '--list'],
      ['auth', 'can-i', 'create', 'pods'],
      ['get', 'events', '--sort-by=.lastTimestamp'],
      ['rollout', 'history', 'deployment/web'],
    ]) {
      const said = ({ stdout, code }: CliResult) => ({ code, stdout: withoutAges(stdout) });
      const { plain, ours } = await meanwhile(
        async () => said(await plainCli('kubectl', args, { namespace })),
        async () => said((await run(args)).raw),
      );
      expect([args.join(' '), ours]).toEqual([args.join(' '), plain]);
    }
  });

  test('hides namespaces of lists over all of them, in tables and in full', async () => {
    const rules = { forbiddenNamespaces: new Set([namespace, 'kube-system']) };
    for (const args of [
      ['get', 'deployments', '-A'],
      ['get', 'secrets', '-A', '-o', 'yaml'],
      ['get', 'ns'],
      ['get', 'ns', '-o', 'name'],
      ['get', 'deploy', '-A', '--chunk-size=1'],
    ]) {
      const { code, stdout } = await run(args, { rules, namespace: 'default' });
      expect(code).toBe(0);
      expect(stdout).not.toContain(namespace);
      expect(stdout).not.toContain('kube-system');
    }
    const only = await run(['get', 'deployments', '-A'], { rules: { allowedNamespaces: new Set([namespace]) } });
    expect(
      only.stdout
        .trim()
        .split('\n')
        .slice(1)
        .every((line) => line.startsWith(`${namespace} `)),
    ).toBe(true);
    expect(only.stdout).toContain('web');
    const refused = await run(['get', 'pods', '-n', 'kube-system'], { rules });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('The namespace "kube-system" is forbidden');
    expect(refused.reason).toContain('The namespace "kube-system" is forbidden');
  });

  test('watches through it, without what is hidden', async () => {
    const { raw } = await run(['get', 'secrets', '--watch', '--request-timeout=5s', '-o', 'yaml']);
    expect(raw.stdout).toContain(base64(MARKER));
    expect(raw.stdout).not.toContain(base64(VALUE));
    const tables = await run(['get', 'deployments', '-A', '--watch', '--request-timeout=5s'], {
      rules: { forbiddenNamespaces: new Set([namespace]) },
    });
    expect(tables.raw.stdout).not.toContain(namespace);
  });

  test.each<[string, string[], GuardedOptions]>([
    ['create', ['create', 'configmap', 'x', '--from-literal=a=b'], {}],
    ['create of a typed client', ['create', 'serviceaccount', 'x'], {}],
    ['apply', ['apply', '-f', '-'], { stdin: stringify(secret('other', 'x')) }],
    ['server-side apply', ['apply', '--server-side', '-f', '-'], { stdin: stringify(secret('db', 'x')) }],
    ['replace', ['replace', '-f', '-'], { stdin: stringify(secret('db', 'x')) }],
    ['replace by force', ['replace', '--force', '-f', '-'], { stdin: stringify(secret('db', 'x')) }],
    ['patch', ['patch', 'secret', 'db', '-p', '{"metadata":{"labels":{"a":"b"}}}'], {}],
    [
      'a raw create',
      ['create', '--raw', '/api/v1/namespaces/default/configmaps', '-f', '-'],
      { stdin: '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"x"}}' },
    ],
    ['a raw delete', ['delete', '--raw', '/api/v1/namespaces/default/configmaps/x'], {}],
    ['delete', ['delete', 'secret', 'db'], {}],
    ['delete of all', ['delete', 'secrets', '--all'], {}],
    ['scale', ['scale', 'deployment/web', '--replicas=0'], {}],
    ['set image', ['set', 'image', 'deployment/web', 'app=other'], {}],
    ['label', ['label', 'secret', 'db', 'a=b'], {}],
    ['rollout restart', ['rollout', 'restart', 'deployment/web'], {}],
    ['a token', ['create', 'token', 'default'], {}],
    ['a role', ['create', 'role', 'x', '--verb=get', '--resource=pods'], {}],
    ['cordon', ['cordon', '-l', 'no-such=label,other=one'], {}],
    ['acting as someone else', ['get', 'pods', '--as=system:admin'], {}],
  ])('%s is refused while its gate is closed, and changes nothing', async (what, args, options) => {
    const { code, records, stderr } = await run(args, options);
    if (what !== 'cordon') {
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/gate.* (is|are) closed/);
    }
    expect(
      records.every(
        ({ decision, verb, dryRun }) =>
          decision === 'refused' || dryRun === true || ['get', 'list', 'watch'].includes(verb),
      ),
    ).toBe(true);
  });

  test('writes a manifest that was read through it, and the Secret keeps its value', async () => {
    const before = await live('secret', 'db');
    const { stdout, raw } = await run(['get', 'secret', 'db', '-o', 'yaml']);
    for (const text of [stdout, raw.stdout]) {
      const read = parse(text);
      read.metadata.labels = { edited: text === stdout ? 'once' : 'twice' };
      for (const args of [
        ['apply', '-f', '-'],
        ['replace', '-f', '-'],
        ['apply', '--server-side', '--force-conflicts', '-f', '-'],
      ]) {
        delete read.metadata.resourceVersion;
        if (args.includes('--server-side')) delete read.metadata.managedFields;
        const { code, stderr } = await run(args, { gates: WRITES, stdin: stringify(read) });
        expect([args.join(' '), code, stderr.replace(/^Warning.*\n/m, '')]).toEqual([args.join(' '), 0, '']);
        const after = await live('secret', 'db');
        expect(after.data).toEqual(before.data);
        expect(after.metadata.labels).toEqual(read.metadata.labels);
        expect(JSON.stringify(after)).not.toContain('redacted');
      }
    }
  });

  test('never writes a marker into a live object by what it computes itself', async () => {
    const steps = [
      ['label', 'secret', 'db', '--overwrite', 'step=1'],
      ['annotate', 'secret', 'db', '--overwrite', 'note=1'],
      ['patch', 'secret', 'db', '-p', '{"metadata":{"labels":{"step":"2"}}}'],
      ['patch', 'secret', 'db', '--type=json', '-p', '[{"op":"replace","path":"/metadata/labels/step","value":"3"}]'],
      ['set', 'image', 'deployment/web', 'app=registry.test/web:2'],
      ['set', 'env', 'deployment/web', 'PLAIN=changed'],
      ['scale', 'deployment/web', '--replicas=2'],
      ['rollout', 'restart', 'deployment/web'],
      ['annotate', 'deployment', 'web', 'a=b'],
    ];
    for (const args of steps) {
      const { code, stderr } = await run(args, { gates: WRITES });
      expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, '']);
    }
    const applied = await run(['apply', '-f', '-'], { gates: WRITES, stdin: stringify(deployment('changed')) });
    expect(applied.stdout).toBe('deployment.apps/web configured\n');
    expect((await live('secret', 'db')).data).toEqual({ password: base64(VALUE) });
    const after = await live('deployment', 'web');
    expect(JSON.stringify(after)).not.toContain('redacted');
    expect(after.spec.template.spec.containers[0].env).toContainEqual({ name: 'DB_PASSWORD', value: ENV_VALUE });
  });

  test('rolls back to a template with values that it hides', async () => {
    const changed = await run(['set', 'image', 'deployment/web', 'app=registry.test/web:3'], { gates: WRITES });
    expect(changed.code).toBe(0);
    // One goes back from what the controller has taken note of.
    await atRest(namespace);
    const back = await run(['rollout', 'undo', 'deployment/web'], { gates: WRITES });
    expect([back.code, back.stderr.replace(/^Warning: .*\n/, '')]).toEqual([0, '']);
    const { env, image } = (await live('deployment', 'web')).spec.template.spec.containers[0];
    expect(image).not.toBe('registry.test/web:3');
    expect(env).toContainEqual({ name: 'DB_PASSWORD', value: ENV_VALUE });
    for (const generation of [1, 2]) {
      const agent = daemonSet(`registry.test/agent:${generation}`);
      await kubectl(['apply', '-n', namespace, '-f', '-'], { stdin: stringify(agent) });
      const seen = `--for=jsonpath={.status.observedGeneration}=${generation}`;
      await kubectl(['wait', seen, 'daemonset/agent', '-n', namespace, '--timeout=60s']);
    }
    const undone = await run(['rollout', 'undo', 'daemonset/agent'], { gates: WRITES });
    expect([undone.code, undone.stderr.replace(/^Warning: .*\n/, '')]).toEqual([0, '']);
    const agent = (await live('daemonset', 'agent')).spec.template.spec.containers[0];
    expect(agent).toMatchObject({ image: 'registry.test/agent:1', env: [{ name: 'DB_PASSWORD', value: ENV_VALUE }] });
  });

  test('refuses a marker where it stands for nothing, and says so', async () => {
    const { code, stderr, reason } = await run(['apply', '-f', '-'], {
      gates: WRITES,
      stdin: stringify({ ...secret('copy', 'x'), data: { password: base64(MARKER) } }),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('redaction marker');
    expect(reason).toContain('redaction marker');
  });

  test('drains a node as the gates say, and rehearses it', async () => {
    // Its own: other suites look at the nodes that are there for all.
    const name = `drained-${namespace}`;
    await kubectl(['create', '-f', '-'], { stdin: stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name } }) });
    onTestFinished(async () => void (await kubectl(['delete', 'node', name, '--wait=false'])));
    const lone = pod();
    const placed = { ...lone, spec: { ...lone.spec, nodeName: name } };
    await kubectl(['apply', '-n', namespace, '-f', '-'], { stdin: stringify(placed) });
    const args = ['drain', name, '--pod-selector=app=lone', '--force', '--ignore-daemonsets'];
    const closed = await run(args, { gates: ['create', 'update'], effect: 'destructive' });
    expect(closed.reason).toContain('closed: delete');
    await run([...args, '--dry-run=server'], { gates: WRITES, effect: 'destructive' });
    expect((await live('pod', 'lone')).metadata.deletionTimestamp).toBe(undefined);
    const drained = await run(args, { gates: WRITES, effect: 'destructive' });
    expect([
      drained.code,
      drained.records.some(({ target, status }) => target === 'pods/eviction' && status === 201),
    ]).toEqual([0, true]);
  });

  test('deletes, evicts and dry-runs as the gates say', async () => {
    await kubectl(['create', 'configmap', 'gone', '-n', namespace]);
    expect((await run(['delete', 'configmap', 'gone', '--dry-run=server'])).code).toBe(0);
    expect((await run(['delete', 'configmap', 'gone'], { gates: ['create', 'update'] })).code).toBe(1);
    expect((await run(['delete', 'configmap', 'gone'], { gates: ['delete'] })).code).toBe(0);
    const dry = await run([
      'create',
      'secret',
      'generic',
      'guess',
      `--from-literal=a=${VALUE}`,
      '--dry-run=server',
      '-o',
      'yaml',
    ]);
    expect(dry.code).toBe(0);
    // Written by the caller: marked, and not as the Secret of the same value is.
    expect(dry.stdout).toMatch(/a: <redacted sha256:/);
    expect(dry.stdout).not.toContain(MARKER);
  });
});

/** Columns are as wide as the longest age in them. */
function withoutAges(text: string): string {
  return text.replaceAll(/\b\d+[smhd](\d+[smh])?\b/g, '<age>').replaceAll(/ {2,}/g, '  ');
}

function secret(name: string, value: string) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data: { password: base64(value) } };
}

function deployment(plain = 'plain') {
  const env = [
    { name: 'PLAIN', value: plain },
    { name: 'DB_PASSWORD', value: ENV_VALUE },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'app', image: 'registry.test/web:1', env }] },
      },
    },
  };
}

function pod() {
  const metadata = { name: 'lone', labels: { app: 'lone' } };
  const containers = [{ name: 'app', image: 'registry.test/web:1' }];
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers, terminationGracePeriodSeconds: 0 } };
}

function daemonSet(image: string) {
  const env = [{ name: 'DB_PASSWORD', value: ENV_VALUE }];
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'agent', image, env }] } },
    },
  };
}
