import type { ParsedCommand, ParsedFlag } from '../../exec/types.ts';
import type { JsonObject } from '../../kernel/vocabulary.ts';

interface CommandArguments {
  command: string;
  namespace?: string | undefined;
  context?: string | undefined;
  timeout?: number | undefined;
  stdin?: string | undefined;
  files?: Record<string, string> | undefined;
}

/** Flags whose values say where or how, never what: kept as they are. */
const PLAIN_FLAGS: ReadonlySet<string> = new Set([
  'all',
  'all-namespaces',
  'cascade',
  'container',
  'context',
  'dry-run',
  'field-selector',
  'filename',
  'force',
  'grace-period',
  'ignore-not-found',
  'limit',
  'namespace',
  'output',
  'raw',
  'replicas',
  'revision',
  'selector',
  'since',
  'tail',
  'timeout',
  'to-revision',
  'type',
  'version',
  'wait',
  'watch',
]);

/**
 * What audit.log keeps of a command: sub-command, flags and targets. Values that may hold a secret (--from-literal, --set, -p,
 * what runs in a container) are kept as their length; manifests and files as what telemetry makes of them.
 * A command that could not be parsed is kept as its length: what a secret is in it cannot be known.
 */
export function auditedCommand(input: CommandArguments, parsed: ParsedCommand | undefined): JsonObject {
  const { command, namespace, context, timeout, stdin, files } = input;
  return {
    ...(parsed === undefined ? { command: withheld(command) } : describeParsed(parsed)),
    ...(namespace === undefined ? {} : { namespace }),
    ...(context === undefined ? {} : { context }),
    ...(timeout === undefined ? {} : { timeout }),
    // Under this name telemetry keeps a manifest as kind, namespace, name and hash, whatever its length.
    ...(stdin === undefined ? {} : { manifest: stdin }),
    ...(files === undefined
      ? {}
      : { files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, { manifest: text }])) }),
  };
}

function describeParsed({ path, flags, positionals, trailing, filters, effect }: ParsedCommand): JsonObject {
  return {
    command: path.join(' '),
    effect,
    ...(flags.length === 0 ? {} : { flags: flags.map(describeFlag) }),
    ...(positionals.length === 0 ? {} : { targets: positionals.map(describePositional) }),
    ...(trailing === undefined ? {} : { inContainer: withheld(trailing.join(' ')) }),
    ...(filters.length === 0 ? {} : { filters: filters.map(({ name }) => name) }),
  };
}

function describeFlag({ name, value }: ParsedFlag): string {
  if (value === undefined) return `--${name}`;
  return `--${name}=${PLAIN_FLAGS.has(name) ? value : withheld(value)}`;
}

/** `env PASSWORD=x`, `label app=y`: the name says enough. */
function describePositional(word: string): string {
  const at = word.indexOf('=');
  return at < 0 ? word : `${word.slice(0, at)}=${withheld(word.slice(at + 1))}`;
}

function withheld(text: string): string {
  return `<${text.length} characters>`;
}
