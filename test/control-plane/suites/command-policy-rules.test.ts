import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasClis } from '../../support/clis.ts';
import { type CommandProduct, type CommandTool, commandProduct } from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { scratchFolder, shell } from '../../support/product.ts';

/** The rules of the parent project (surface.md 2.5), and more of its kind. */
const RULES = `
dangerous_commands:
  kubectl: [delete, drain, replace --force, exec, cordon, "delete ns", scale --replicas=0, "get secrets"]
  helm: [uninstall, rollback, "get values"]
  istioctl: [experimental, proxy-config]
  argocd: [app delete, app set]
safe_patterns:
  kubectl: [delete configmap, exec --help, "delete pod"]
  helm: [uninstall --help]
regex_rules:
  kubectl:
    - {pattern: "delete.*--all", description: "no delete of everything", error_message: "Name what is to be deleted."}
    - {pattern: "--namespace=kube-system", description: "kube-system", error_message: "Leave kube-system alone."}
`;

/** What prefix matching let through (P-W2), and more disguises: each is what a rule forbids. */
const FORBIDDEN: readonly (readonly [CommandTool, string, Record<string, unknown>?])[] = [
  ['kubectl', 'delete ns {{ns}}'],
  ['kubectl', 'delete  ns  {{ns}}'],
  ['kubectl', 'kubectl delete ns {{ns}}'],
  ['kubectl', '-n {{ns}} delete ns {{ns}}'],
  ['kubectl', '--context=admin delete ns {{ns}}'],
  ['kubectl', '--context admin -n {{ns}} delete namespace {{ns}}'],
  ['kubectl', 'delete ns/{{ns}}'],
  ['kubectl', 'delete namespaces.v1. {{ns}}'],
  ['kubectl', 'delete --wait=false ns {{ns}}'],
  ['kubectl', '-n {{ns}} delete all --all'],
  ['kubectl', 'delete configmap --all -n {{ns}}'],
  ['kubectl', 'delete --all=true cm -n {{ns}}'],
  ['kubectl', 'delete cm -n {{ns}} --all'],
  ['kubectl', 'delete pod --all -A'],
  ['kubectl', 'delete poddisruptionbudget --all -n {{ns}}'],
  ['kubectl', 'delete secret kept -n {{ns}}'],
  ['kubectl', 'delete configmap,secret kept -n {{ns}}'],
  ['kubectl', 'delete configmap/kept secret/kept -n {{ns}}'],
  ['kubectl', 'delete -f - -n {{ns}}', { stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept}\n' }],
  ['kubectl', 'delete deploy/kept -n {{ns}}'],
  ['kubectl', 'drain kept'],
  ['kubectl', 'drain --force kept --ignore-daemonsets'],
  ['kubectl', 'replace -f - --force -n {{ns}}', { stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept}\n' }],
  [
    'kubectl',
    'replace -n {{ns}} --force=true -f -',
    { stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept}\n' },
  ],
  ['kubectl', 'exec pod-1 -n {{ns}} -- rm -rf /data'],
  ['kubectl', '-n {{ns}} exec -c app pod-1 -- ls'],
  ['kubectl', 'cordon kept'],
  ['kubectl', 'scale deploy/kept --replicas=0 -n {{ns}}'],
  ['kubectl', 'scale --replicas 0 deploy/kept -n {{ns}}'],
  ['kubectl', 'get secret -A -o yaml'],
  ['kubectl', 'get secrets -n {{ns}}'],
  ['kubectl', 'get -n {{ns}} secret/kept -o yaml'],
  ['kubectl', 'get cm,secret -n {{ns}}'],
  ['kubectl', 'get pods --namespace kube-system'],
  ['kubectl', 'get pods -nkube-system'],
  ['kubectl', 'get pods -n=kube-system'],
  ['helm', '-n a uninstall x'],
  ['helm', 'uninstall x -n a'],
  ['helm', 'delete x'],
  ['helm', 'del -n a x'],
  ['helm', '--debug rollback x 1'],
  ['helm', 'get values x -n a'],
  ['helm', 'get -n a values x'],
  ['istioctl', 'x precheck'],
  ['istioctl', 'exp describe pod a'],
  ['istioctl', 'pc cluster a'],
  ['istioctl', '-n a proxy-config route b'],
  ['argocd', 'app delete a -y'],
  ['argocd', 'app --loglevel debug delete a -y'],
  ['argocd', 'app set a -p x=y'],
];

/** Near to a rule and allowed by it. */
const ALLOWED: readonly (readonly [CommandTool, string])[] = [
  ['kubectl', 'delete configmap gone -n {{ns}}'],
  ['kubectl', '-n {{ns}} delete cm gone'],
  ['kubectl', 'delete pod gone -n {{ns}}'],
  ['kubectl', 'exec --help'],
  ['kubectl', 'scale deploy/kept --replicas=1 -n {{ns}}'],
  ['kubectl', 'get cm -n {{ns}}'],
  ['kubectl', 'uncordon gone'],
  ['helm', 'uninstall --help'],
  ['helm', 'list -n {{ns}}'],
  ['istioctl', 'version --remote=false'],
];

describe.skipIf(!hasTestUsers() || !hasClis())("the operator's rules for commands", () => {
  let namespace: string;
  let product: CommandProduct;
  let folder: string;
  beforeAll(async () => {
    namespace = await freshNamespace('rules');
    await kubectl(['create', 'configmap', 'kept', '-n', namespace]);
    await kubectl(['create', 'deployment', 'kept', '--image=registry.invalid/a', '--replicas=1', '-n', namespace]);
    folder = scratchFolder();
    writeFileSync(join(folder, 'rules.yaml'), RULES);
    const gates = ['create', 'update', 'delete', 'exec', 'escalation'].map((gate) => `--enable-${gate}`);
    product = await commandProduct({
      args: [...gates, '--security-mode=permissive', '--confirm=never'],
      env: { K8S_MCP_SECURITY_CONFIG: join(folder, 'rules.yaml') },
    });
  });
  const run = (tool: CommandTool, command: string, args: Record<string, unknown> = {}) =>
    product.run(tool, command.replaceAll('{{ns}}', namespace), { timeout: 15, ...args });

  test('hold with all gates open and in permissive mode, in whatever order the words come', async () => {
    const told = [];
    for (const [tool, command, args] of FORBIDDEN) {
      const { code, status } = await run(tool, command, args);
      told.push([tool, command, code, status]);
    }
    expect(told).toEqual(FORBIDDEN.map(([tool, command]) => [tool, command, 'command_refused', 403]));
    expect(await kubectl(['get', 'cm/kept', 'deploy/kept', '-n', namespace, '-o', 'name'])).toBe(
      'configmap/kept\ndeployment.apps/kept\n',
    );
  });

  test('leave alone what only looks alike, and what a safe pattern allows', async () => {
    for (const [tool, command] of ALLOWED) expect([command, (await run(tool, command)).status]).toEqual([command, 200]);
  });

  test("say what the operator wrote, and that it is the operator's rule", async () => {
    const { detail, remedy } = await run('kubectl', 'delete cm -n {{ns}} --all');
    expect(`${detail} ${remedy}`).toContain('Name what is to be deleted.');
    const exec = await run('kubectl', 'exec pod-1 -n {{ns}} -- ls');
    expect(`${exec.detail} ${exec.remedy}`).toMatch(/rule|operator/);
  });

  test('the namespace that comes as an argument counts like one in the command', async () => {
    expect(await run('kubectl', 'get pods', { namespace: 'kube-system' })).toMatchObject({ code: 'command_refused' });
  });

  test('only narrow in strict mode: a safe pattern opens no gate', async () => {
    const strict = await commandProduct({ env: { K8S_MCP_SECURITY_CONFIG: join(folder, 'rules.yaml') } });
    const answer = await strict.run('kubectl', `delete configmap kept -n ${namespace}`);
    expect(answer).toMatchObject({ status: 403, code: 'gate_closed' });
    await strict.stop();
  });

  test.each([
    ['a section that is not one', 'dangerous: {kubectl: [delete]}'],
    ['a tool that is not one', 'dangerous_commands: {kubectll: [delete]}'],
    ['a command that is not one', 'dangerous_commands: {kubectl: [delet]}'],
    ['a pattern that does not compile', 'regex_rules: {kubectl: [{pattern: "("}]}'],
    ['no YAML', 'dangerous_commands: ['],
  ])('with %s the server does not start: a rule that does nothing is worse than none', async (_, text) => {
    writeFileSync(join(folder, 'broken.yaml'), text);
    const { code, stderr } = await shell([
      'call',
      'kubectl',
      '--command',
      'version --client',
      '--security-config',
      join(folder, 'broken.yaml'),
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('broken.yaml');
  });
});
