import { describe, expect, test } from 'vitest';
import type { CommandResponse, ParsedCommand } from '../../exec/types.ts';
import type { CallContext } from '../types.ts';
import { auditedCommand } from './audited.ts';
import { planOf } from './plan.ts';
import { renderCommand } from './render.ts';

const PARSED: ParsedCommand = {
  tool: 'kubectl',
  path: ['delete'],
  flags: [],
  positionals: ['pod', 'web-1'],
  trailing: undefined,
  argv: ['delete', 'pod', 'web-1'],
  effect: 'destructive',
  gates: ['delete'],
  context: undefined,
  namespace: undefined,
  allNamespaces: false,
  follows: false,
  readsStdin: false,
  files: [],
  hosts: [],
  filters: [],
};
const FINE: CommandResponse = { success: true, output: 'NAME\nweb-1\n', error: null, exit_code: 0, duration_ms: 80 };

describe('the text of a command', () => {
  test('is what the tool printed, and nothing else where there is nothing else to say', () => {
    expect(renderCommand(FINE)).toBe('NAME\nweb-1');
  });

  test('shows warnings apart, and says that nothing was printed', () => {
    expect(renderCommand({ ...FINE, error: 'Warning: v1 is deprecated\n' })).toBe(
      'NAME\nweb-1\nstderr:\nWarning: v1 is deprecated',
    );
    expect(renderCommand({ ...FINE, output: '' })).toBe('(no output)');
  });

  test('begins with the exit code of a failure and ends with what to do', () => {
    const failed = {
      ...FINE,
      success: false,
      output: '',
      exit_code: 1,
      error: 'Error from server (Forbidden): no\n',
      reason: 'The namespace prod is forbidden.',
      hint: 'Use another namespace.',
    };
    expect(renderCommand(failed)).toBe(
      'exit code 1\nError from server (Forbidden): no\nReason: The namespace prod is forbidden.\nNext: Use another namespace.',
    );
  });

  test('says how the output differs from the tool’s own', () => {
    expect(renderCommand({ ...FINE, truncated: true, changed: ['2 secret values replaced by fingerprints'] })).toBe(
      'NAME\nweb-1\n[output was cut: add a filter (| grep, | head, | jq), -o name, or a selector; 2 secret values replaced by fingerprints]',
    );
  });
});

describe('the plan of a command', () => {
  const contextWith = (parsed: ParsedCommand, answer: CommandResponse) => {
    const ran: (readonly string[])[] = [];
    const command = {
      parsed,
      run: async (changed: ParsedCommand = parsed) => {
        ran.push(changed.argv);
        return answer;
      },
    };
    return { ran, ctx: { cluster: { context: 'dev' }, command } as unknown as CallContext };
  };

  test('is what the dry run on the server says', async () => {
    const { ctx, ran } = contextWith(PARSED, { ...FINE, output: 'pod "web-1" deleted (server dry run)\n' });
    const plan = await planOf(ctx);
    expect(plan).toMatchObject({
      title: 'kubectl delete pod web-1 in context dev',
      effects: ['pod "web-1" deleted (server dry run)'],
    });
    expect(ran).toEqual([['delete', '--dry-run=server', 'pod', 'web-1']]);
    const other = await planOf(contextWith(PARSED, { ...FINE, output: 'pod "web-1" not found\n' }).ctx);
    expect(other?.basis).not.toBe(plan?.basis);
  });

  test('is a dry run whatever the command itself says of dry runs', async () => {
    const none = contextWith({ ...PARSED, argv: ['delete', '--dry-run=none', '--wait=true', 'pod', 'web-1'] }, FINE);
    await planOf(none.ctx);
    const helm = {
      ...PARSED,
      tool: 'helm',
      path: ['uninstall'],
      argv: ['uninstall', '--dry-run=false', 'web'],
    } as const;
    const uninstall = contextWith(helm, FINE);
    await planOf(uninstall.ctx);
    expect([...none.ran, ...uninstall.ran]).toEqual([
      ['delete', '--dry-run=server', '--wait=true', 'pod', 'web-1'],
      ['uninstall', '--dry-run=true', 'web'],
    ]);
  });

  test('tells of a dry run that fails', async () => {
    const failed = { ...FINE, success: false, output: '', error: 'Error from server (NotFound): pods "web-1"\n' };
    expect((await planOf(contextWith(PARSED, failed).ctx))?.effects).toEqual([
      'its dry run fails: Error from server (NotFound): pods "web-1"',
    ]);
  });

  test('is not needed for what takes nothing away, and says so where there is no dry run', async () => {
    const get = contextWith({ ...PARSED, path: ['get'], effect: 'read' }, FINE);
    expect(await planOf(get.ctx)).toBeUndefined();
    const argocd = contextWith(
      { ...PARSED, tool: 'argocd', path: ['app', 'delete'], argv: ['app', 'delete', 'web'] },
      FINE,
    );
    expect(await planOf(argocd.ctx)).toMatchObject({
      title: 'argocd app delete web in context dev',
      effects: ['this tool has no dry run: what it will do is not known'],
    });
    expect([get.ran, argocd.ran]).toEqual([[], []]);
  });
});

describe('what audit.log keeps of a command', () => {
  test('names what was asked and leaves out every value that may be a secret', () => {
    const parsed: ParsedCommand = {
      ...PARSED,
      path: ['create', 'secret', 'generic'],
      flags: [
        { name: 'from-literal', value: 'password=hunter2' },
        { name: 'namespace', value: 'shop' },
        { name: 'save-config', value: undefined },
      ],
      positionals: ['db', 'TOKEN=hunter2'],
      trailing: ['login', 'hunter2'],
      filters: [{ name: 'grep', args: ['hunter2'] }],
      effect: 'write',
    };
    const kept = auditedCommand({ command: 'create secret ... hunter2', stdin: 'kind: Secret', timeout: 5 }, parsed);
    expect(kept).toEqual({
      command: 'create secret generic',
      effect: 'write',
      flags: ['--from-literal=<16 characters>', '--namespace=shop', '--save-config'],
      targets: ['db', 'TOKEN=<7 characters>'],
      inContainer: '<13 characters>',
      filters: ['grep'],
      timeout: 5,
      manifest: 'kind: Secret',
    });
  });

  test('keeps nothing of a command that could not be read', () => {
    expect(auditedCommand({ command: 'get "hunter2' }, undefined)).toEqual({ command: '<12 characters>' });
  });
});
