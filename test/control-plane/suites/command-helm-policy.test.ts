import { beforeAll, describe, expect, test } from 'vitest';
import { chartFiles, smallChart } from '../../support/charts.ts';
import { CHART, CHART_PASSWORD } from '../../support/cli-fixtures.ts';
import { hasClis, plainCli } from '../../support/clis.ts';
import { type CommandAnswer, type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';

const MARKER = /<redacted sha256:[0-9a-f]{8}>/;
/** A release whose Secret has odd names, a short value, one of several lines, and notes that repeat it. */
const ODD = {
  ...smallChart('odd', {
    'secret.yaml': `apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}
stringData:
  conn: {{ .Values.conn | quote }}
  pin: {{ .Values.pin | quote }}
  file.conf: |
{{ .Values.lines | indent 4 }}
data:
  encoded: {{ .Values.conn | b64enc }}
`,
    'NOTES.txt': 'connect with {{ .Values.conn }}',
  }),
  'values.json': JSON.stringify({ conn: 'canary-conn-from-values', lines: 'canary one\ncanary two\n', pin: '4711' }),
};
/** Prints a value of the release that it is tried on, letter by letter. */
const SPELLING = smallChart('odd', {
  'spelled.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  conn: {{ .Values.conn | default "" | splitList "" | join "." | quote }}
`,
});

describe.skipIf(!hasTestUsers() || !hasClis())('what helm may do and show', () => {
  let namespace: string;
  /** Without gates. */
  let product: CommandProduct;
  const chart = chartFiles();

  const helm = (command: string, args: Record<string, unknown> = {}): Promise<CommandAnswer> =>
    product.run('helm', command, { namespace, ...args });
  const plain = async (...args: string[]) => (await plainCli('helm', args, { namespace })).stdout;
  const missing = async (object: string, where = namespace) =>
    (await tryKubectl(['get', object, '-n', where])).code === 1;

  beforeAll(async () => {
    const [fresh, installer, closed] = await Promise.all([
      freshNamespace('chart'),
      commandProduct({ args: ['--enable-create'] }),
      commandProduct(),
    ]);
    namespace = fresh;
    product = closed;
    await plainCli('helm', ['install', 'shown', CHART], { namespace });
    const installed = await installer.run('helm', 'install odd odd -f values.json', { namespace, files: ODD });
    expect(installed).toMatchObject({ success: true });
    expect(installed.output).toMatch(/connect with <redacted sha256:/);
    await installer.stop();
  });

  describe('what is secret in a release', () => {
    test('is a fingerprint in values and manifests, and the rest is as plain helm says it', async () => {
      for (const args of [
        ['get', 'manifest', 'shown'],
        ['get', 'values', 'shown', '--all'],
        ['get', 'all', 'shown'],
      ]) {
        const [answer, was] = [await helm(args.join(' ')), await plain(...args)];
        expect(was).toContain(CHART_PASSWORD);
        expect(answer.output).toBe(was.replaceAll(CHART_PASSWORD, MARKER.exec(answer.output)?.[0] ?? 'no marker'));
        expect(answer.changed).toEqual(['secret values are shown as <redacted …>']);
      }
    });

    test('is the same fingerprint in values, manifest and the live Secret', async () => {
      const of = async (tool: 'helm' | 'kubectl', command: string) =>
        MARKER.exec((await product.run(tool, command, { namespace })).output)?.[0] ?? command;
      const marker = await of('helm', 'get values shown --all');
      expect(marker).toMatch(MARKER);
      expect(await of('helm', 'get values shown --all -o json')).toBe(marker);
      expect(await of('helm', 'get manifest shown')).toBe(marker);
      expect(await of('kubectl', 'get secret shown -o yaml')).toBe(marker);
    });

    test.each([
      'get all odd',
      'get values odd',
      'get values odd -o json',
      'get manifest odd',
      'get notes odd',
      'status odd -o yaml',
      `get all odd --template '{{ printf "%x" .Release.Config.conn }} {{ slice .Release.Config.conn 0 9 }}'`,
      `get all odd --template '{{ printf "%q %x" .Release.Manifest .Release.Manifest }}'`,
      "get all odd --template '{{ range .Release.Chart.Templates }}{{ .Data }}{{ end }}{{ .Release.Chart.Values }}'",
    ])('does not come out by `helm %s`', async (command) => {
      const answer = await helm(command);
      expect(answer).toMatchObject({ status: 200, success: true });
      const said = JSON.stringify(answer);
      const spellings = ['canary', Buffer.from('canary').toString('hex'), Buffer.from('canary').toString('base64')];
      for (const secret of spellings) expect(said).not.toContain(secret);
      if (command.includes('anifest')) expect(said).not.toContain('4711');
    });

    test.each(['--dry-run', '--dry-run=server --reuse-values', '--dry-run=client --reset-then-reuse-values'])(
      'does not come out by a chart that spells it: upgrade %s',
      async (flags) => {
        const answer = await helm(`upgrade odd odd ${flags}`, { files: SPELLING });
        expect(answer).toMatchObject({ status: 200, success: true });
        expect(answer.output).toContain('conn: "<.r.e.d.a.c.t.e.d');
        expect(answer.output).not.toContain('c.a.n.a.r.y');
      },
    );

    test("is not in helm's records as kubectl has them", async () => {
      const answer = await product.run('kubectl', 'get secret sh.helm.release.v1.odd.v1 -o yaml', { namespace });
      expect(answer.output).toMatch(/release: <redacted sha256:[0-9a-f]{8}>/);
      const listed = await product.run('kubectl', 'get secrets -o json | jq .items[].data', { namespace });
      expect(listed.success).toBe(true);
      for (const { output } of [answer, listed]) expect(output).not.toMatch(/H4sI|canary/);
    });
  });

  describe('without gates', () => {
    test.each([
      'list',
      'list --filter ^sho -q',
      'status shown',
      'history shown',
      'get notes shown',
      'get hooks shown',
      'get metadata shown',
    ])('`helm %s` is byte for byte what plain helm says', async (command) => {
      const answer = await helm(command);
      expect(answer).toMatchObject({ status: 200, success: true, error: null });
      expect(answer.output).toBe(await plain(...command.split(' ')));
      expect(answer.changed).toBeUndefined();
    });

    test.each(['show chart', 'show readme', 'lint', 'template some'])(
      '`helm %s` works on what the call brings',
      async (command) => {
        const answer = await helm(`${command} chart`, { files: chart });
        const was = await plain(...command.split(' '), CHART);
        expect(answer).toMatchObject({ status: 200, success: true });
        const marker = MARKER.exec(answer.output)?.[0] ?? '';
        expect(answer.output).toBe(was.replaceAll(CHART_PASSWORD, marker).replaceAll(CHART, 'chart'));
      },
    );

    test.each([
      ['install new chart', 'create'],
      ['upgrade shown chart', 'create, update'],
      ['upgrade shown chart --atomic', 'create, update, delete'],
      ['rollback shown 1', 'create, update'],
      ['uninstall shown', 'delete'],
      ['test shown', 'create'],
      ['install new chart --dry-run=none', 'create'],
    ])('`helm %s` needs its gates', async (command, gates) => {
      const answer = await helm(command, command.includes('chart') ? { files: chart } : {});
      expect(answer).toMatchObject({ status: 403, code: 'gate_closed' });
      expect(answer.detail).toMatch(new RegExp(`closed: ${gates}\\.$`));
    });
  });

  describe('without the gate of a delete', () => {
    let partly: CommandProduct;
    beforeAll(async () => {
      partly = await commandProduct({ args: ['--enable-create', '--enable-update'] });
    });

    test('what a new version of the chart leaves out stays, and the reason says so with what was written', async () => {
      const { 'chart/templates/service.yaml': _, ...less } = chart;
      const args = { namespace, files: chart };
      expect(await partly.run('helm', 'install less chart', args)).toMatchObject({ success: true });
      const answer = await partly.run('helm', 'upgrade less chart --set replicas=0', { ...args, files: less });
      expect(answer.reason).toContain('The request deletes services, and the gate for that is closed: delete.');
      expect(answer.reason).toContain(`Already done: created secrets ${namespace}/sh.helm.release.v1.less.v2`);
      expect(answer.reason).toContain(`patched deployments.apps ${namespace}/less`);
      expect(await missing('service/less')).toBe(false);
      expect(await kubectl(['get', 'deploy/less', '-n', namespace, '-o', 'jsonpath={.spec.replicas}'])).toBe('0');
    });

    test('rights in the cluster need the gate for that, and what was written before is told', async () => {
      const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${namespace}-all}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
`;
      const files = smallChart('rights', { 'role.yaml': role });
      const answer = await partly.run('helm', 'install rights rights', { namespace, files });
      expect(answer).toMatchObject({ status: 200, success: false });
      expect(answer.reason).toContain('the gate for that is closed: escalation');
      expect(answer.reason).toContain(`Already done: created secrets ${namespace}/sh.helm.release.v1.rights.v1`);
      expect(await missing(`clusterrole/${namespace}-all`)).toBe(true);
    });
  });

  describe('with a forbidden namespace', () => {
    let other: string;
    let bound: CommandProduct;
    const forbidden = () => `The namespace "${other}" is forbidden`;
    beforeAll(async () => {
      other = await freshNamespace('hidden');
      await plainCli('helm', ['install', 'hidden', CHART], { namespace: other });
      bound = await commandProduct({ args: ['--enable-create'], env: { K8S_FORBIDDEN_NAMESPACES: other } });
    });

    test.each(['install new chart', 'list', 'get values hidden --all', 'status hidden'])(
      '`helm %s` does nothing in it and shows nothing of it',
      async (command) => {
        const files = command.includes('chart') ? { files: chart } : {};
        const answer = await bound.run('helm', command, { namespace: other, ...files });
        expect(answer.success).not.toBe(true);
        expect(`${answer.detail} ${answer.reason}`).toContain(forbidden());
        expect(answer.output ?? '').toBe('');
        expect(await missing('secret/new', other)).toBe(true);
      },
    );

    test('a list of all namespaces is without it', async () => {
      const { output, success } = await bound.run('helm', 'list -A -q');
      expect(success).toBe(true);
      expect(output.split('\n')).toContain('shown');
      expect(output.split('\n')).not.toContain('hidden');
    });

    test('no object of a chart is put there, whatever namespace the release is in', async () => {
      const object = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: crossing, namespace: ${other}}\ndata: {a: b}\n`;
      const files = smallChart('crossing', { 'a.yaml': object });
      const answer = await bound.run('helm', 'install crossing crossing', { namespace, files });
      expect(answer).toMatchObject({ status: 200, success: false });
      expect(answer.reason).toContain(forbidden());
      expect(await missing('configmap/crossing', other)).toBe(true);
    });

    test('no template looks anything up there', async () => {
      const looked = `{{ lookup "v1" "ConfigMap" "${other}" "hidden" | toJson | quote }}`;
      const object = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: looking}\ndata:\n  seen: ${looked}\n`;
      const files = smallChart('looking', { 'a.yaml': object });
      const answer = await bound.run('helm', 'install looking looking --dry-run=server', { namespace, files });
      expect(answer).toMatchObject({ status: 200, success: false });
      expect(answer.reason).toContain(forbidden());
    });
  });
});
