import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { flagName, mergeInput, parseCall } from './arguments.ts';
import { DELETE_TOOL, LIST_TOOL } from './testing.ts';

const parse = (...argv: string[]) => parseCall(['list_resources', ...argv], [LIST_TOOL, DELETE_TOOL]);

/** What is wrong with a command line, field by field. */
function problemsOf(...argv: string[]) {
  try {
    parse(...argv);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.detail.problems;
  }
  throw new Error('was accepted');
}

test.each([
  ['--label-selector', 'app=web'],
  ['--labelSelector', 'app=web'],
  ['--label_selector', 'app=web'],
  ['--label-selector=app=web'],
  ['-labelSelector', 'app=web'],
  ['-l', 'app=web'],
])('%s names the argument labelSelector', (...argv) => {
  expect(parse(...argv).arguments).toEqual({ labelSelector: 'app=web' });
});

test.each([
  [['--limit', '5'], { limit: 5 }],
  [['--limit=-1'], { limit: -1 }],
  [['--limit', '-1'], { limit: -1 }],
  [['--ratio', '0.5'], { ratio: 0.5 }],
  [['--wide'], { wide: true }],
  [['--wide', '--limit', '1'], { wide: true, limit: 1 }],
  [['--wide', 'false'], { wide: false }],
  [['--wide=false'], { wide: false }],
  [['--no-wide'], { wide: false }],
  [['--columns', 'a,b', '--columns', 'c'], { columns: ['a', 'b', 'c'] }],
  [['--columns', '["a,b"]'], { columns: ['a,b'] }],
  [['--ports', '80, 443'], { ports: [80, 443] }],
  [['--tail-lines', '10'], { tail_lines: 10 }],
  [['--tail-lines', 'all'], { tail_lines: 'all' }],
  [['--labels', '{"a":"b"}'], { labels: { a: 'b' } }],
  [['--kind', '5'], { kind: '5' }],
  [['--kind='], { kind: '' }],
  [['--kind', 'a\nb'], { kind: 'a\nb' }],
  [['--kind=a\n--b=c'], { kind: 'a\n--b=c' }],
  [['-n', 'kube-system'], { namespace: 'kube-system' }],
])('%j becomes %j', (argv, expected) => {
  expect(parse(...argv).arguments).toEqual(expected);
});

test('JSON that stands by itself is told how it is given', () => {
  expect(problemsOf('{"kind":"Pod"}')).toEqual([
    { field: '{"kind":"Pod"}', problem: `is no argument: write --json '{"kind":"Pod"}'` },
  ]);
});

test('Every problem is told at once, unknown names with the nearest', () => {
  expect(
    problemsOf('--knd', 'Pod', '--limit', 'ten', 'stray', '--kind', '--ports', '80,x', '--labels', 'a=b', '-o', 'xml'),
  ).toEqual([
    { field: '--knd', problem: expect.stringContaining('did you mean --kind') },
    { field: 'Pod', problem: 'is no argument: write --name value' },
    { field: 'stray', problem: 'is no argument: write --name value' },
    { field: '--kind', problem: 'needs a value (--name=value for one that begins with --)' },
    { field: 'limit', problem: 'must be a whole number, not "ten"' },
    { field: 'ports', problem: 'each item must be a whole number, not "x"' },
    { field: 'labels', problem: 'must be a JSON object, not "a=b"' },
    { field: '--output', problem: 'must be text or json' },
  ]);
  expect(problemsOf('--kind', 'a', '--kind', 'b')).toEqual([
    { field: 'kind', problem: 'is given more than once and takes one value' },
  ]);
  expect(problemsOf('--no-kind')).toHaveLength(1);
  expect(problemsOf('--__proto__', 'x')).toHaveLength(2);
});

test('The format is -o, and --output where the tool has no output of its own', () => {
  expect(parse('-o', 'json')).toMatchObject({ output: 'json', arguments: {} });
  expect(parse('--output', 'yaml')).toMatchObject({ output: 'text', arguments: { output: 'yaml' } });
  expect(parseCall(['delete_resource', '--output=json', '--yes'], [DELETE_TOOL])).toMatchObject({
    output: 'json',
    yes: true,
  });
});

test('An unknown tool is refused with the nearest, a missing one with how to call', () => {
  expect(() => parseCall(['list_resource'], [LIST_TOOL])).toThrow('No tool is called "list_resource".');
  expect(() => parseCall([], [LIST_TOOL])).toThrow('Name the tool to call');
  expect(() => parseCall(['--kind', 'Pod'], [LIST_TOOL])).toThrow('Name the tool to call');
});

test('Flags win over --json, which must be an object', () => {
  const call = parse('--json', '{"kind":"Pod","limit":1}', '--limit', '2');
  expect(mergeInput(call, call.json)).toEqual({ kind: 'Pod', limit: 2 });
  expect(() => mergeInput(call, '{"kind":')).toThrow('The text of --json is not JSON.');
  expect(() => mergeInput(call, '[]')).toThrow('must be one JSON object');
  expect(mergeInput(parse('--kind', 'a'), undefined)).toEqual({ kind: 'a' });
});

test('A string given as --name=value arrives as it was typed, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer(), (kind, limit) => {
      expect(parse(`--kind=${kind}`, `--limit=${limit}`).arguments).toEqual({ kind, limit });
    }),
  );
});

test('Any words either parse or are refused with a typed error', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('--kind', '--wide', '--columns', '--json', '-o', '--', '-', '--='),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      try {
        parse(...words);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AppError);
      }
    }),
  );
});

test('An argument is shown in the shell spelling', () => {
  expect(['labelSelector', 'pod_name', 'kind', 'max_size_kb'].map(flagName)).toEqual([
    '--label-selector',
    '--pod-name',
    '--kind',
    '--max-size-kb',
  ]);
});
