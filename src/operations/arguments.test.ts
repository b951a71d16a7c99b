import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../kernel/vocabulary.ts';
import { parseArguments, splitKubeconfig } from './arguments.ts';
import { defineOperation } from './define.ts';

const operation = defineOperation({
  name: 'try',
  toolset: 'resources',
  title: 'Try',
  description: 'For this test.',
  effect: 'read',
  input: {
    pod_name: z.string(),
    lines: z.number().int().min(1).max(1000).default(100),
    previous: z.boolean().optional(),
    targets: z.array(z.string()).optional(),
  },
  aliases: { name: 'pod_name', tail_lines: 'lines' },
  output: z.looseObject({}),
  resolve: async () => [],
  run: async () => ({}),
  render: () => '',
});
const schema = z.toJSONSchema(operation.input, { io: 'input' }) as JsonObject;
const parse = (args: Record<string, unknown>) => parseArguments(operation, schema, args);

test('defaults are filled in and aliases accepted', () => {
  expect(parse({ name: 'web' })).toEqual({ pod_name: 'web', lines: 100 });
  expect(parse({ name: 'web', pod_name: 'web', tail_lines: 5 })).toEqual({ pod_name: 'web', lines: 5 });
});

test('what models write for a number, a switch, a list and nothing is understood', () => {
  expect(parse({ pod_name: 'web', lines: '50', previous: 'True', targets: 'a, b', context: null })).toEqual({
    pod_name: 'web',
    lines: 50,
    previous: true,
    targets: ['a', 'b'],
  });
});

test('two values for one argument under two names are refused', () => {
  expect(() => parse({ name: 'a', pod_name: 'b' })).toThrowError('try got pod_name twice, with different values.');
});

test('every problem is told at once, with the nearest right name', () => {
  expect(() => parse({ podname: 'web', lines: 5000 })).toThrowError(
    expect.objectContaining({
      code: 'invalid_argument',
      detail: expect.objectContaining({
        problems: [
          { field: 'pod_name', problem: 'is required' },
          { field: 'lines', problem: 'must be from 1 to 1000' },
          { field: 'podname', problem: 'unknown argument; did you mean pod_name?' },
        ],
        remedy: 'Arguments of try: pod_name (required), lines, previous, targets, context.',
      }),
    }),
  );
});

test('names of Object.prototype are ordinary unknown arguments', () => {
  expect(() => parse(JSON.parse('{"pod_name":"web","constructor":"x"}'))).toThrowError(
    'The arguments of try are not valid.',
  );
});

test.each([[[1]], ['text'], [5]])('arguments that are no object are refused: %j', (received) => {
  expect(() => splitKubeconfig(received)).toThrowError('The arguments must be one JSON object.');
});

test('the field kubeconfig is taken out of the arguments', () => {
  expect(splitKubeconfig({ kind: 'Pod', kubeconfig: 'abc' })).toEqual({ args: { kind: 'Pod' }, kubeconfig: 'abc' });
});
