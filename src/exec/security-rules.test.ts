import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AppError } from '../kernel/errors.ts';
import { helm } from './binaries/helm.ts';
import { istioctl } from './binaries/istioctl.ts';
import { kubectl } from './binaries/kubectl.ts';
import { createCommandLines } from './command-line/parse.ts';
import { checkRules } from './security-rules.ts';
import { parseSecurityRules, readSecurityRules } from './security-rules-file.ts';
import type { CliTool, CommandInput } from './types.ts';

const SPECS = { kubectl, helm, istioctl };
const lines = createCommandLines(SPECS, () => {
  throw new Error('no filters here');
});

/** Whether rules refuse a command: the message, or undefined. */
function verdict(yaml: string, command: string, over: Partial<CommandInput> = {}): string | undefined {
  const tool = (command.split(' ')[0] ?? '') as CliTool;
  const rules = parseSecurityRules(yaml, 'rules.yaml', SPECS);
  return checkRules(rules, lines.parse({ tool, command, ...over }))?.message;
}

const problems = (yaml: string): unknown => {
  try {
    parseSecurityRules(yaml, 'rules.yaml', SPECS);
    return 'none';
  } catch (error) {
    const { code, message, detail } = error as AppError;
    expect(code).toBe('invalid_argument');
    expect(message).toContain('rules.yaml');
    return detail.problems?.map(({ field, problem }) => `${field} ${problem}`);
  }
};

describe('dangerous_commands', () => {
  const rule = (text: string) => `dangerous_commands: {kubectl: [${JSON.stringify(text)}]}`;

  it.each([
    ['delete', 'kubectl delete pod x'],
    ['delete', 'kubectl -n prod delete all --all'],
    ['delete', 'kubectl  delete   ns prod'],
    ['kubectl delete', 'kubectl --context=x delete ns prod'],
    ['delete ns', 'kubectl delete namespaces prod'],
    ['delete namespace', 'kubectl delete ns/prod'],
    ['delete namespaces', 'kubectl delete Namespace prod'],
    ['delete ns', 'kubectl delete pods,ns prod'],
    ['delete ns', 'kubectl delete pod/a namespaces.v1./b'],
    ['delete ns prod', 'kubectl delete ns web prod'],
    ['delete ns prod', 'kubectl delete ns/prod'],
    ['delete netpol', 'kubectl delete networkpolicies x'],
    ['delete ing', 'kubectl delete ingresses.networking.k8s.io x'],
    ['replace --force', 'kubectl replace --force=true -f -'],
    ['delete --all', 'kubectl delete --all=true pods'],
    ['delete --all-namespaces', 'kubectl delete pods -A --all'],
    ['delete -A', 'kubectl delete pods --all --all_namespaces'],
    ['rollout', 'kubectl rollout undo deployment/x'],
    ['rollout undo', 'kubectl -n web rollout undo deployment/x'],
    ['get -n kube-system', 'kubectl get pods --namespace=kube-system'],
    ['--namespace=kube-system', 'kubectl -nkube-system get cm'],
    ['get --namespace kube-system secrets', 'kubectl get secret -n kube-system x'],
  ])('%s refuses %s', (text, command) => {
    expect(verdict(rule(text), command, command.includes('-f -') ? { stdin: 'kind: Pod' } : {})).toContain(
      'is not run here',
    );
  });

  it.each([
    ['delete ns', 'kubectl delete pod ns'],
    ['delete ns prod', 'kubectl delete ns web'],
    ['delete --all', 'kubectl delete pods x --all=false'],
    ['rollout undo', 'kubectl rollout status deployment/x'],
    ['get -n kube-system', 'kubectl get pods -n web'],
    ['delete', 'kubectl get pods'],
    ['krew install', 'kubectl get pods'],
  ])('%s lets %s pass', (text, command) => {
    expect(verdict(rule(text), command)).toBeUndefined();
  });

  it('counts the namespace of the argument, and other names of commands', () => {
    expect(verdict(rule('-n kube-system'), 'kubectl get pods', { namespace: 'kube-system' })).toContain('kube-system');
    const helmRule = 'dangerous_commands: {helm: [delete, "upgrade --install"], istioctl: [x, proxy-config]}';
    expect(verdict(helmRule, 'helm uninstall web')).toContain('`helm uninstall`');
    expect(verdict(helmRule, 'istioctl pc clusters web-1')).toContain('is not run here');
    expect(verdict(helmRule, 'istioctl experimental describe pod web-1')).toContain('is not run here');
    expect(verdict(helmRule, 'helm list')).toBeUndefined();
  });
});

describe('safe_patterns', () => {
  const yaml = `
dangerous_commands: {kubectl: [delete, exec], helm: [uninstall]}
safe_patterns: {kubectl: [delete pod, delete po web-1], helm: [uninstall web]}
regex_rules: {kubectl: [{pattern: '--all(=| |$)', error_message: Never all.}]}`;

  it('takes back a dangerous rule only where all of the command is safe', () => {
    expect(verdict(yaml, 'kubectl delete pod x')).toBeUndefined();
    expect(verdict(yaml, 'kubectl delete po/x pods/y')).toBeUndefined();
    expect(verdict(yaml, 'helm uninstall web')).toBeUndefined();
    expect(verdict(yaml, 'helm uninstall db')).toContain('is not run here');
    expect(verdict(yaml, 'kubectl delete pod,ns x')).toContain('is not run here');
    expect(verdict(yaml, 'kubectl delete pod/x ns/y')).toContain('is not run here');
    expect(verdict(yaml, 'kubectl delete -f -', { stdin: 'kind: Pod' })).toContain('is not run here');
  });

  it('takes nothing back of what a pattern refuses', () => {
    expect(verdict(yaml, 'kubectl delete pods --all')).toBe('`kubectl delete` is not run here: Never all.');
  });
});

describe('regex_rules', () => {
  const rule = (pattern: string) => `regex_rules: {kubectl: [{pattern: ${JSON.stringify(pattern)}, description: no}]}`;

  it.each([
    ['delete.*--all', 'kubectl --all delete pods'],
    ['^kubectl delete', 'kubectl -n x delete pod y'],
    ['^delete', 'kubectl delete pod y'],
    ['--namespace=kube-system', 'kubectl -n kube-system get pods'],
    ['-n kube-system', 'kubectl get pods --namespace=kube-system'],
    ['--namespace kube-system', 'kubectl get pods -nkube-system'],
    ['get pods -n', 'kubectl -n web get pods'],
    ['get .*-o yaml', 'kubectl get secret --output=yaml'],
    ['--all-namespaces', 'kubectl get pods -A'],
  ])('%s matches %s', (pattern, command) => {
    expect(verdict(rule(pattern), command)).toContain('is not run here: no');
  });

  it('lets pass what no spelling matches', () => {
    expect(verdict(rule('^kubectl delete .*--all( |$)'), 'kubectl delete pod x')).toBeUndefined();
  });
});

describe('a rule file', () => {
  it('may leave out what it does not need', () => {
    expect(problems('regex_rules: {}')).toBe('none');
    expect(problems('{}')).toBe('none');
  });

  it.each([
    ['', ['(file) is to be a mapping of dangerous_commands, safe_patterns, regex_rules']],
    ['[1]', ['(file) is to be a mapping of dangerous_commands, safe_patterns, regex_rules']],
    ['a: [', ['(file) is not valid YAML at line 1, column 5']],
    ['dangerous_command: {}', ['dangerous_command is not known; dangerous_commands?']],
    ['dangerous_commands: {kubctl: []}', ['dangerous_commands.kubctl is not known; kubectl?']],
    ['dangerous_commands: {kubectl: delete}', ['dangerous_commands.kubectl is to be a list']],
    ['dangerous_commands: {kubectl: [1]}', ['dangerous_commands.kubectl[0] is to be a text']],
    ['dangerous_commands: {kubectl: [" "]}', ['dangerous_commands.kubectl[0] is empty']],
    [
      'dangerous_commands: {kubectl: [delet]}',
      ['dangerous_commands.kubectl[0] delet is no command of kubectl; delete?'],
    ],
    [
      'dangerous_commands: {kubectl: [rollout undoo]}',
      ['dangerous_commands.kubectl[0] undoo is no command of kubectl rollout; undo?'],
    ],
    [
      'dangerous_commands: {kubectl: [delete --al]}',
      ['dangerous_commands.kubectl[0] the flag --al is not known; --all?'],
    ],
    [
      'regex_rules: {kubectl: [{pattern: "("}]}',
      [expect.stringContaining('regex_rules.kubectl[0].pattern is no regular expression of RE2')],
    ],
    ['regex_rules: {kubectl: [{pattern: "(?=x)"}]}', [expect.stringContaining('no look-around')]],
    [
      'regex_rules: {kubectl: [{patern: x}]}',
      [
        'regex_rules.kubectl[0].patern is not known; pattern?',
        'regex_rules.kubectl[0].pattern is to be a regular expression',
      ],
    ],
    ['regex_rules: {kubectl: [{pattern: x, description: 3}]}', ['regex_rules.kubectl[0].description is to be a text']],
    ['a: &a {}\nregex_rules: *a', [expect.stringContaining('aliases')]],
  ])('%j is refused', (yaml, expected) => {
    expect(problems(yaml)).toEqual(expected);
  });

  it('is read from its path, which a problem names', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'rules-'));
    const file = join(dir, 'security.yaml');
    await expect(readSecurityRules(file, SPECS)).rejects.toMatchObject({ message: expect.stringContaining(file) });
    await writeFile(file, 'dangerous_commands: {helm: [rollback]}');
    const rules = await readSecurityRules(file, SPECS);
    expect(checkRules(rules, lines.parse({ tool: 'helm', command: 'rollback web 1' }))).toMatchObject({
      code: 'command_refused',
    });
    await rm(dir, { recursive: true });
  });
});
