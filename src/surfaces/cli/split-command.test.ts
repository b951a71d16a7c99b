import { expect, test } from 'vitest';
import { splitCommand } from './split-command.ts';

const flags = [
  { flag: 'kubeconfig', isSwitch: false },
  { flag: 'enable-delete', isSwitch: true },
  { flag: 'namespace', isSwitch: false },
  { flag: 'confirm', isSwitch: false },
];
const split = (...argv: string[]) => splitCommand(argv, flags, new Set(['call', 'tools']));

test('Flags of the program are taken from before and after the command', () => {
  expect(split('--kubeconfig', 'call', 'call', 'get', '--enable-delete', '--name', 'x', '-kubeconfig=y')).toEqual({
    command: 'call',
    program: ['--kubeconfig', 'call', '--enable-delete', '-kubeconfig=y'],
    rest: ['get', '--name', 'x'],
  });
});

test('A flag that tools have too belongs to the tool after the command, to the program before it', () => {
  expect(split('--namespace', 'a', 'call', 'get', '--namespace', 'b', '--confirm', 'T')).toEqual({
    command: 'call',
    program: ['--namespace', 'a'],
    rest: ['get', '--namespace', 'b', '--confirm', 'T'],
  });
});

test('Negated switches are the program’s, unknown flags the command’s', () => {
  expect(split('call', 'get', '--no-enable-delete', '--no-wide', '--json', '{}', '-o', 'json')).toEqual({
    command: 'call',
    program: ['--no-enable-delete'],
    rest: ['get', '--no-wide', '--json', '{}', '-o', 'json'],
  });
});

test('Without a command everything is left to the configuration parser', () => {
  expect(split('--bogus', 'word')).toEqual({ command: undefined, program: ['--bogus', 'word'], rest: [] });
  expect(split()).toEqual({ command: undefined, program: [], rest: [] });
});
