/** The lines that our reader of command lines is held to accept, where nothing is changed by them and where they end by themselves. */
import type { AcceptedLine } from '../../attacks/command-line.ts';
import { KUBECTL_ACCEPTED } from '../../attacks/kubectl-accepted.ts';
import type { EverydayCommand } from './types.ts';

const READS = new Set([
  ...['get', 'describe', 'logs', 'top', 'explain', 'api-resources', 'api-versions', 'cluster-info', 'version', 'auth'],
  ...['config', 'events', 'wait', 'diff', 'kustomize', 'help', '--help'],
]);

/**
 * Goes on for ever, tells times, needs a gate, is longer than an answer may be, shows with what credentials the guard is asked
 * (`config view`), or looks as if a password followed.
 */
const NOT_HERE = /^(--watch=true|--follow=true|--v=|--as=|dump$|--minify=true|--namespace=--token)/;

function ends({ command, argv, context }: AcceptedLine): boolean {
  const [verb = '', word = ''] = argv;
  const reads = READS.has(verb) || argv.includes('--help') || /^(status|history|view-last-applied)$/.test(word);
  const dry = argv.some((part) => part.startsWith('--dry-run='));
  const elsewhere = context !== undefined || command.includes('--context');
  return (reads || dry) && !elsewhere && !command.includes('|') && !argv.some((part) => NOT_HERE.test(part));
}

export const ACCEPTED: readonly EverydayCommand[] = KUBECTL_ACCEPTED.filter(ends).map(
  ({ command, argv, stdin, files, namespace }) => ({
    line: `kubectl ${command}`,
    argv,
    ...(stdin === undefined ? {} : { stdin }),
    ...(files === undefined ? {} : { files }),
    ...(namespace === undefined ? {} : { namespace }),
    // Most of them are tables.
    moves: true,
  }),
);
