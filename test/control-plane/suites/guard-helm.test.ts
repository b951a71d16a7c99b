import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Gate } from '../../../src/kernel/vocabulary.ts';
import { CHART, CHART_PASSWORD } from '../../support/cli-fixtures.ts';
import { type CliResult, hasClis, plainCli } from '../../support/clis.ts';
import { freshNamespace, kubectl } from '../../support/control-plane.ts';
import { type GuardedOptions, guardedCli } from '../../support/guarded-cli.ts';
import { meanwhile } from '../../support/meanwhile.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const WRITES: readonly Gate[] = ['create', 'update', 'delete'];
const OTHER_PASSWORD = 'canary-other-password';

/** Keeps what it generated once, as many charts do. */
const KEEPER = {
  'keeper/Chart.yaml': 'apiVersion: v2\nname: keeper\nversion: 1.0.0\n',
  'keeper/values.yaml': 'note: one\n',
  'keeper/templates/secret.yaml': [
    '{{- $live := lookup "v1" "Secret" .Release.Namespace (printf "%s-kept" .Release.Name) }}',
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    '  name: {{ .Release.Name }}-kept',
    '  labels: {note: {{ .Values.note }}}',
    'data:',
    '  generated: {{ if $live }}{{ index $live.data "generated" }}{{ else }}{{ randAlphaNum 24 | b64enc }}{{ end }}',
  ].join('\n'),
};

/** Prints what it can look up. */
const thief = (lookup: string) => ({
  'thief/Chart.yaml': 'apiVersion: v2\nname: thief\nversion: 1.0.0\n',
  'thief/templates/stolen.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: stolen}\ndata:\n  all: ${lookup}\n`,
});

let namespace: string;

describe.skipIf(!hasClis())('helm behind the guard', () => {
  const seen: string[] = [];
  const helm = async (args: readonly string[], options: GuardedOptions = {}) => {
    const result = await guardedCli('helm', args, { namespace, ...options });
    seen.push(result.stdout, result.stderr, JSON.stringify(result.records), result.reason ?? '');
    return result;
  };
  const live = async (kind: string, name: string) =>
    JSON.parse(await kubectl(['get', kind, name, '-n', namespace, '-o', 'json']));
  const release = async (name: string) => {
    const { data } = await live('secret', `sh.helm.release.v1.${name}`);
    return gunzipSync(Buffer.from(Buffer.from(data.release, 'base64').toString(), 'base64')).toString();
  };

  beforeAll(async () => {
    namespace = await freshNamespace('guard-helm');
    const { code, stderr } = await plainCli('helm', ['install', 'plain', CHART], { namespace });
    if (code !== 0) throw new Error(stderr);
  });

  test('shows releases as plain helm does, without the passwords of their values and manifests', async () => {
    for (const args of [
      ['list'],
      ['list', '-A', '-o', 'json'],
      ['status', 'plain'],
      ['history', 'plain'],
      ['get', 'notes', 'plain'],
      ['get', 'hooks', 'plain'],
    ]) {
      const said = ({ stdout, code }: CliResult) => ({ stdout, code });
      // Other suites install releases of theirs.
      const { plain, ours } = await meanwhile(
        async () => said(await plainCli('helm', args, { namespace })),
        async () => said(await helm(args)),
      );
      expect([args.join(' '), ours]).toEqual([args.join(' '), { ...plain, code: 0 }]);
    }
    for (const args of [
      ['get', 'values', 'plain', '--all'],
      ['get', 'values', 'plain', '--all', '-o', 'json'],
      ['get', 'manifest', 'plain'],
      ['get', 'all', 'plain'],
      ['status', 'plain', '-o', 'json'],
      ['status', 'plain', '-o', 'yaml'],
    ]) {
      const { code, stdout } = await helm(args);
      expect([args.join(' '), code]).toEqual([args.join(' '), 0]);
      expect(stdout).toContain('<redacted sha256:');
    }
  });

  test('installs, upgrades, rolls back and uninstalls with the gates of what the chart does', async () => {
    const values = ['--set', `password=${OTHER_PASSWORD}`];
    const installed = await helm(['install', 'own', CHART, ...values], { gates: ['create'] });
    expect([installed.code, installed.stderr, installed.reason]).toEqual([0, '', undefined]);
    expect((await live('secret', 'own')).data.password).toBe(base64(OTHER_PASSWORD));
    expect(await release('own.v1')).toContain(OTHER_PASSWORD);

    const upgraded = await helm(['upgrade', 'own', CHART, '--reuse-values', '--set', 'replicas=2'], {
      gates: ['update'],
    });
    expect([upgraded.code, upgraded.stderr]).toEqual([0, '']);
    expect((await live('deployment', 'own')).spec.replicas).toBe(2);
    expect((await live('secret', 'own')).data.password).toBe(base64(OTHER_PASSWORD));
    expect(await release('own.v2')).not.toContain('redacted');

    const back = await helm(['rollback', 'own', '1'], { gates: ['update'] });
    expect([back.code, back.stderr]).toEqual([0, '']);
    expect((await live('deployment', 'own')).spec.replicas).toBe(1);
    expect((await live('secret', 'own')).data.password).toBe(base64(OTHER_PASSWORD));

    const refused = await helm(['uninstall', 'own'], { gates: ['create', 'update'] });
    expect(refused.code).toBe(1);
    expect(refused.reason).toContain('the gate for that is closed: delete');
    const removed = await helm(['uninstall', 'own'], { gates: ['delete'] });
    expect([removed.code, removed.stderr]).toEqual([0, '']);
  });

  test('keeps what a chart looked up of its own Secret, live and in its record, for plain helm too', async () => {
    expect((await helm(['install', 'keeper', './keeper'], { gates: WRITES, files: KEEPER })).code).toBe(0);
    const { data } = await live('secret', 'keeper-kept');
    const generated = Buffer.from(data.generated, 'base64').toString();
    const upgraded = await helm(['upgrade', 'keeper', './keeper', '--set', 'note=two'], {
      gates: WRITES,
      files: KEEPER,
    });
    expect([upgraded.code, upgraded.stderr]).toEqual([0, '']);
    const after = await live('secret', 'keeper-kept');
    expect([after.data, after.metadata.labels.note]).toEqual([data, 'two']);
    const stored = await release('keeper.v2');
    expect(stored).toContain(data.generated);
    expect(stored).not.toMatch(/redacted|cmVkYWN0ZWQ/);
    expect((await helm(['get', 'manifest', 'keeper'])).stdout).not.toContain(data.generated);
    expect((await plainCli('helm', ['rollback', 'keeper', '2'], { namespace })).code).toBe(0);
    expect((await live('secret', 'keeper-kept')).data).toEqual(data);
    for (const text of seen) expect(text).not.toContain(generated);
  });

  test('gives a chart nothing of a Secret, and nothing of the record of a release', async () => {
    const secrets = [
      '{{ (lookup "v1" "Secret" .Release.Namespace "plain").data.password }}',
      '{{ (lookup "v1" "Secret" .Release.Namespace "plain").data.password | b64dec | upper | b64enc }}',
      '{{ (lookup "v1" "Secret" .Release.Namespace "sh.helm.release.v1.plain.v1").data.release | b64dec | trunc 60 }}',
      '{{ lookup "v1" "Secret" .Release.Namespace "" | toJson | b64enc }}',
    ];
    for (const lookup of secrets) {
      const { raw } = await helm(['install', 'thief', './thief', '--dry-run=server'], {
        gates: WRITES,
        files: thief(lookup),
      });
      const printed = `${raw.stdout}${raw.stderr}`;
      expect([lookup, raw.code, raw.stderr]).toEqual([lookup, 0, '']);
      const [, all = ''] = /all: (.*)/.exec(printed) ?? [];
      const decoded = Buffer.from(all, 'base64').toString();
      for (const text of [printed, decoded]) {
        expect(text).not.toContain(CHART_PASSWORD.toUpperCase());
        expect(text).not.toContain(CHART_PASSWORD);
        expect(text).not.toContain(base64(CHART_PASSWORD));
        expect(text).not.toContain('H4sI');
        expect(text).not.toContain(base64('H4sI'));
      }
    }
    const stored = await helm(['install', 'thief', './thief'], { gates: WRITES, files: thief(secrets[0] ?? '') });
    expect(stored.code).toBe(1);
    expect(stored.reason).toContain('would keep a redaction marker outside of a Secret');
    expect((await helm(['list', '--all', '-q'])).stdout).not.toContain('thief');
  });

  test('does not store what was read here as values', async () => {
    const { stdout } = await helm(['get', 'values', 'plain', '--all']);
    const { code, reason } = await helm(['upgrade', 'plain', CHART, '-f', 'read.yaml'], {
      gates: WRITES,
      files: { 'read.yaml': stdout.replace(/^COMPUTED.*\n/, '') },
    });
    expect(code).toBe(1);
    expect(reason).toContain('would keep a redaction marker');
    expect((await live('secret', 'plain')).data.password).toBe(base64(CHART_PASSWORD));
  });

  test('keeps to namespaces and denied kinds, its own records included', async () => {
    const forbidden = { rules: { forbiddenNamespaces: new Set([namespace]) } };
    expect((await helm(['status', 'plain'], forbidden)).reason).toContain('is forbidden');
    const all = await helm(['list', '-A'], { ...forbidden, namespace: 'default' });
    expect([all.code, all.stdout.includes(namespace)]).toEqual([0, false]);
    const denied = { rules: { deniedKinds: new Set(['secrets']) } };
    expect((await helm(['list'], denied)).reason).toContain('secrets is denied');
  });

  test('never showed a password', () => {
    expect(seen.length).toBeGreaterThan(50);
    for (const text of seen) {
      for (const password of [CHART_PASSWORD, OTHER_PASSWORD]) {
        expect(text).not.toContain(password);
        expect(text).not.toContain(base64(password));
      }
    }
  });
});
