import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KUBECTL_ACCEPTED } from '../../../test/attacks/kubectl-accepted.ts';
import { KUBECTL_CHANGES } from '../../../test/attacks/kubectl-changes.ts';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { flag, refusedFlags, switches, values } from '../binaries/flags.ts';
import { kubectl } from '../binaries/kubectl.ts';
import type { BinarySpec } from '../binaries/spec.ts';
import type { CommandInput, ParsedCommand } from '../types.ts';
import { createCommandLines } from './parse.ts';

/** A tool with one of everything. */
const TOOL: BinarySpec = {
  name: 'helm',
  description: 'A tool',
  versionArgs: ['version'],
  version: () => undefined,
  install: 'Install it.',
  underscoresAreDashes: false,
  always: ['--core'],
  globalFlags: [
    flag('namespace,n', 'value', { role: 'namespace' }),
    flag('all-namespaces,A', 'switch', { role: 'all-namespaces' }),
    flag('context', 'value', { role: 'context' }),
    ...refusedFlags('Never.', 'value', 'server,s'),
  ],
  commands: [
    {
      words: ['list'],
      aliases: ['ls'],
      flags: [
        ...switches('quiet,q', 'wide,w'),
        ...values('max,m'),
        flag('colour,c', 'optional', { values: ['red', 'blue'] }),
        flag('level', 'value', { values: ['1', '2'], otherwise: 'Only 1 and 2.' }),
        flag('selector,l', 'value', { role: 'selector' }),
        flag('watch', 'switch', { role: 'follow' }),
      ],
    },
    { words: ['repo', 'list'], positionals: 'none' },
    { words: ['repo', 'add'], refused: 'Nothing is kept: write --repo.' },
    {
      words: ['install'],
      positionals: { at: 1, is: 'chart' },
      effect: 'write',
      gates: ['create'],
      adds: (draft) => (draft.flag('quick') === undefined ? ['--slow=true'] : []),
      flags: [
        flag('repo', 'value', { role: 'repository' }),
        flag('values,f', 'value', { role: 'file' }),
        flag('dry-run', 'optional', { role: 'dry-run' }),
        ...switches('quick'),
      ],
    },
    {
      words: ['run'],
      trailing: 'command',
      follows: true,
      check: ({ trailing }) =>
        trailing === undefined
          ? 'Write what to run after --'
          : trailing[0] === 'sh'
            ? { refused: 'No shells.' }
            : undefined,
    },
  ],
};

const lines = createCommandLines({ helm: TOOL, kubectl }, ([name = '', ...args]) => ({ name, args }));

function parse(command: string, given: Partial<CommandInput> = {}): ParsedCommand {
  return lines.parse({ tool: 'helm', command, ...given });
}

function refusal(command: string, given: Partial<CommandInput> = {}): string {
  try {
    return parse(command, given).argv.join(' ');
  } catch (error) {
    const { code, message, detail } = toAppError(error);
    return [code, message, detail.remedy, detail.candidates?.join(', ')]
      .filter((part) => part !== undefined)
      .join(' | ');
  }
}

describe('flags are read as pflag reads them', () => {
  it.each([
    ['list --max 5', ['--max=5']],
    ['list --max=5', ['--max=5']],
    ['list --max=', ['--max=']],
    ['list --max=a=b', ['--max=a=b']],
    ['list -m 5', ['--max=5']],
    ['list -m5', ['--max=5']],
    ['list -m=5', ['--max=5']],
    ['list -m=', ['--max==']],
    ['list -m --quiet', ['--max=--quiet']],
    ['list --max -- x', ['--max=--', 'x']],
    ['list -q', ['--quiet=true']],
    ['list --quiet=false', ['--quiet=false']],
    ['list -q=0', ['--quiet=false']],
    ['list --quiet=T', ['--quiet=true']],
    ['list -qw', ['--quiet=true', '--wide=true']],
    ['list -qwm 5', ['--quiet=true', '--wide=true', '--max=5']],
    ['list -qm5', ['--quiet=true', '--max=5']],
    ['list -mq', ['--max=q']],
    ['list -c', ['--colour']],
    ['list -c red', ['--colour', 'red']],
    ['list -c=red', ['--colour=red']],
    ['list --colour=blue -q', ['--colour=blue', '--quiet=true']],
    ['list x -q y --max 1 z', ['--quiet=true', '--max=1', 'x', 'y', 'z']],
    ['list --max 1 --max 2', ['--max=1', '--max=2']],
  ])('%s', (command, words) => {
    expect(parse(command).argv).toEqual(['list', '--core', ...words]);
  });

  it.each([
    ['list --max', 'invalid_argument | command: the flag --max needs a value. | Write --max=value.'],
    ['list --quiet=yes', 'invalid_argument | command: --quiet takes no value but true or false. | Write --quiet.'],
    [
      'list -qx',
      'invalid_argument | command: helm list: the flag "-x" is not known. | Its flags are shown by `helm list --help`.',
    ],
    [
      'list --maxx 5',
      'invalid_argument | command: helm list: the flag "--maxx" is not known. | Its flags are shown by `helm list --help`. | --max',
    ],
    [
      'list --all_namespaces',
      'invalid_argument | command: helm list: the flag "--all_namespaces" is not known. | Its flags are shown by `helm list --help`. | --all-namespaces',
    ],
    ['list --colour=green', 'invalid_argument | command: --colour does not take "green". | red, blue'],
    ['list --level=3', 'command_refused | --level with that value is not run here. | Only 1 and 2.'],
    ['list -s x', 'command_refused | The flag --server is not run here. | Never.'],
    ['list -qs x', 'command_refused | The flag --server is not run here. | Never.'],
    ['list --=x', 'invalid_argument | command: "--=x" is no flag. | Write --name=value.'],
    [
      'list -- x',
      'invalid_argument | command: `helm list` takes nothing after `--`. | Write its words before it, or leave `--` out.',
    ],
  ])('%s is refused', (command, message) => {
    expect(refusal(command)).toBe(message);
  });
});

describe('commands', () => {
  it.each([
    ['helm list', ['list']],
    ['ls', ['list']],
    ['-n a list', ['list']],
    ['--max 5 ls', ['list']],
    ['repo -n list list', ['repo', 'list']],
  ])('%s is found', (command, path) => {
    expect(parse(command).path).toEqual(path);
  });

  it.each([
    [
      'lisst',
      'invalid_argument | command: helm: the command "lisst" is not known. | Write one of: list, ls, repo, install, run. Plugins are not run. | list',
    ],
    ['repo', 'invalid_argument | command: `helm repo` needs a command after it. | Write one of: list.'],
    ['repo add x --no-such=y', 'command_refused | `helm repo add` is not run here. | Nothing is kept: write --repo.'],
    ['repo list x', 'invalid_argument | command: `helm repo list` takes no "x". | See `helm repo list --help`.'],
    [
      'kubectl get pods',
      'invalid_argument | command: this is the tool helm, and the command is one of kubectl. | Use the tool kubectl.',
    ],
    [
      'A=b list',
      'invalid_argument | command: variables cannot be set in front of a command. | Begin with a command of helm.',
    ],
    ['-c repo list', 'helm'],
    ['run', 'invalid_argument | command: Write what to run after --'],
    ['run -- sh', 'command_refused | This form of `helm run` is not run here. | No shells.'],
  ])('%s is refused', (command, message) => {
    expect(refusal(command)).toContain(message);
  });

  it('are not known for tools that are not there', () => {
    expect(refusal('version', { tool: 'argocd' })).toContain(
      'invalid_argument | command: the tool argocd is not known.',
    );
  });

  it('print help and nothing else', () => {
    const parsed = parse('install --repo https://x.example a b --help');
    expect([parsed.argv, parsed.effect, parsed.gates, parsed.hosts]).toEqual([['install', '--help'], 'local', [], []]);
    expect(parse('-h').argv).toEqual(['--help']);
  });

  it('follow where they or a flag say so', () => {
    expect([
      parse('run -- x').follows,
      parse('list --watch').follows,
      parse('list --watch --watch=false').follows,
    ]).toEqual([true, true, false]);
  });

  it('get flags of ours after the caller’s', () => {
    expect(parse('install web --quick web', { files: { 'web/Chart.yaml': '' } }).argv).toEqual([
      'install',
      '--core',
      '--quick=true',
      'web',
      'web',
    ]);
    expect(parse('install web web', { files: { 'web/Chart.yaml': '' } }).argv).toEqual([
      'install',
      '--core',
      '--slow=true',
      'web',
      'web',
    ]);
  });
});

describe('selectors of several words', () => {
  it.each([
    ['list -l env in (a, b) x', ['--selector=env in (a, b)', 'x']],
    ['list -lenv notin (a) -q', ['--selector=env notin (a)', '--quiet=true']],
    ['list --selector=env in (a, b),tier in (c),!d x', ['--selector=env in (a, b),tier in (c),!d', 'x']],
    ['list -l env in x', ['--selector=env', 'in', 'x']],
    ['list x in (a)', ['x', 'in', '(a)']],
  ])('%s', (command, words) => {
    expect(parse(command).argv).toEqual(['list', '--core', ...words]);
  });
});

describe('namespace and context', () => {
  it('come from the arguments or from the words', () => {
    const parsed = parse('list --context=c x', { namespace: 'a' });
    expect(parsed).toMatchObject({
      context: 'c',
      namespace: 'a',
      allNamespaces: false,
      argv: ['list', '--core', '--namespace=a', 'x'],
    });
    expect(parse('list -n a -n b')).toMatchObject({ namespace: 'b', context: undefined });
    expect(parse('list -A', { context: 'd' })).toMatchObject({ allNamespaces: true, context: 'd' });
    expect(parse('list -n a', { namespace: 'a', context: '' })).toMatchObject({
      namespace: 'a',
      argv: ['list', '--core', '--namespace=a'],
    });
  });

  it.each([
    ['list -n a', { namespace: 'b' }, 'command: the argument `namespace` is "b", and the command says --namespace=a.'],
    [
      'list -A',
      { namespace: 'b' },
      'command: the argument `namespace` is "b", and the command asks for all namespaces.',
    ],
    ['list --context a', { context: 'b' }, 'command: the argument `context` is "b", and the command says --context=a.'],
  ])('of %s and the arguments disagree', (command, given, message) => {
    expect(refusal(command, given)).toContain(message);
  });
});

describe('filters', () => {
  it('are handed on word by word', () => {
    expect(parse("list | grep -v 'a b' | head").filters).toEqual([
      { name: 'grep', args: ['-v', 'a b'] },
      { name: 'head', args: [] },
    ]);
  });

  it('are at most sixteen', () => {
    expect(refusal(`list ${'| head '.repeat(17)}`)).toContain('command: more than 16 filters.');
  });

  it('that are refused refuse the command', () => {
    const refusing = createCommandLines({ helm: TOOL }, () => {
      throw new AppError('invalid_argument', 'no such filter');
    });
    expect(() => refusing.parse({ tool: 'helm', command: 'list | xargs rm' })).toThrow('no such filter');
  });
});

describe('gates', () => {
  it('are not needed where nothing is stored', () => {
    const files = { 'web/Chart.yaml': '' };
    expect(parse('install a web', { files })).toMatchObject({ effect: 'write', gates: ['create'] });
    expect(parse('install a web --dry-run', { files })).toMatchObject({ effect: 'read', gates: [] });
    expect(parse('install a web --dry-run=false', { files })).toMatchObject({ effect: 'write', gates: ['create'] });
  });
});

/** As a careful person would write the words for a shell. */
function print(argv: readonly string[]): string {
  return argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

describe('what is rebuilt', () => {
  it('is read as the same command again', () => {
    for (const { command, stdin, files, ...rest } of [...KUBECTL_ACCEPTED, ...KUBECTL_CHANGES]) {
      const given = {
        ...rest,
        tool: 'kubectl',
        ...(stdin === undefined ? {} : { stdin }),
        ...(files === undefined ? {} : { files }),
      } as const;
      const first = lines.parse({ ...given, command });
      const again = lines.parse({ ...given, command: print(first.argv), context: first.context });
      expect({ ...again, flags: [], filters: [] }).toEqual({ ...first, flags: [], filters: [] });
    }
  });

  const word = fc.oneof(
    fc.constantFrom(
      'get',
      'delete',
      'pods',
      'web',
      '-n',
      '-A',
      '-o',
      '-l',
      '--',
      '-',
      '--context=c',
      '-nx',
      '-Aw',
      '-wo',
      '--watch=0',
    ),
    fc.constantFrom(
      '--server=x',
      '-s',
      '--token',
      '--namespace',
      '--all_namespaces',
      'logs',
      '-f',
      '-c',
      'in',
      '(a)',
      'exec',
      '--dry-run',
    ),
    fc.string({ unit: fc.constantFrom(...'-=_ \'"\\nAwsfo,/.a'), maxLength: 8 }),
  );

  it('has no flag that the command does not take, whatever was written', () => {
    const allowed = new Set(
      [...kubectl.globalFlags, ...kubectl.commands.flatMap(({ flags = [] }) => flags)]
        .filter(({ refused, role }) => refused === undefined && role !== 'context')
        .map(({ name }) => name),
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const parsed = attempt(print(words));
        if (parsed === undefined) return;
        accepted += 1;
        const end = parsed.argv.indexOf('--');
        const flags = parsed.argv.slice(0, end === -1 ? undefined : end).filter((part) => part.startsWith('-'));
        expect(flags.filter((part) => !/^--[a-z-]+(?:=|$)/.test(part))).toEqual([]);
        const names = flags.map((part) => part.slice(2).split('=', 1)[0] ?? '');
        expect(names.filter((name) => name !== 'help' && !allowed.has(name))).toEqual([]);
        expect(attempt(print(parsed.argv))?.argv).toEqual(parsed.argv);
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('keeps every value in its own word', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 12 }),
        fc.constantFrom('-l', '--selector', '-o', '--sort-by'),
        (value, name) => {
          const parsed = attempt(`get pods ${name} ${print([value])}`);
          if (parsed === undefined) return;
          expect(parsed.argv).toHaveLength(3);
          expect(parsed.argv[1]?.endsWith(`=${value}`)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function attempt(command: string): ParsedCommand | undefined {
  try {
    return lines.parse({ tool: 'kubectl', command });
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
