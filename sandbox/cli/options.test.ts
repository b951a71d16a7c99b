import { expect, test } from 'vitest';
import type { AppError } from '../../src/kernel/errors.ts';
import { parseCommand } from './options.ts';

const problem = (...argv: string[]) => {
  try {
    parseCommand(argv);
  } catch (error) {
    return (error as AppError).message;
  }
  return 'nothing was wrong';
};

test('no word runs the shop on a free port', () => {
  expect(parseCommand(['--folder', '/x'])).toEqual({
    kind: 'run',
    folder: '/x',
    options: {
      world: 'shop',
      port: 0,
      seed: 1,
      scale: { nodes: 5000, pods: 150_000, services: 10_000, others: 100_000, churnPerSecond: 20 },
      companion: false,
    },
  });
});

test.each([
  [['break', 'oom', 'node-down'], { kind: 'break', names: ['oom', 'node-down'] }],
  [['heal'], { kind: 'heal', names: [] }],
  [['advance', '90s'], { kind: 'advance', ms: 90_000 }],
  [['advance', '2h'], { kind: 'advance', ms: 7_200_000 }],
  [['incidents'], { kind: 'incidents' }],
  [['stop'], { kind: 'stop' }],
])('%j', (argv, command) => {
  expect(parseCommand([...argv, '--folder', '/x'])).toEqual({ folder: '/x', ...command });
});

test.each([[['--help']], [['-h']], [['help']], [['run', '--help']]])('%j asks for help', (argv) => {
  expect(parseCommand(argv)).toEqual({ kind: 'help' });
});

test.each([
  [['break'], 'NAME is missing; npm run sandbox -- incidents lists them'],
  [['advance'], 'DURATION must be a number with its unit'],
  [['advance', '0s'], 'DURATION must be a number with its unit'],
  [['advance', '721h'], 'at most 720h'],
  [['advance', '5m', '6m'], '6m advance takes no further word'],
  [['status', 'now'], 'now status takes no further word'],
  [['--pods', '-1'], "'--pods'"],
  [['--pods', '300001'], '--pods must be a whole number up to 300000, not "300001"'],
  [['--seed', '1e9'], '--seed must be a whole number'],
])('%j is refused: %s', (argv, message) => {
  expect(problem(...argv)).toContain(message);
});
