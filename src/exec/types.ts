/** What the rest of the server may know of running CLI tools: shapes only. */
import type { Gate } from '../kernel/vocabulary.ts';

export type CliTool = 'kubectl' | 'helm' | 'istioctl' | 'argocd';

/** A command as a caller gave it. */
export interface CommandInput {
  tool: CliTool;
  /** Without a shell: quotes group words, `|` leads to text filters, nothing is expanded. The tool's own name in front is accepted. */
  command: string;
  namespace?: string | undefined;
  context?: string | undefined;
  /** For `-f -` and its like. */
  stdin?: string | undefined;
  /** Files that the command may name, by relative path. Text; for names that end in .tgz or .tar.gz: base64. */
  files?: Readonly<Record<string, string>> | undefined;
}

/**
 * What a command does, at most: `local` asks nothing of a cluster, `write` changes something, `destructive` takes something
 * away that does not come back by itself, and is confirmed first.
 */
export type CommandEffect = 'local' | 'read' | 'write' | 'destructive';

export interface ParsedFlag {
  /** Long name without dashes. */
  name: string;
  /** undefined for a switch without a value. */
  value: string | undefined;
}

/** `grep -v foo`: run in process on what came before it. */
export interface FilterStage {
  name: string;
  args: readonly string[];
}

/** A command line that was read, recognised and found acceptable; its child has not been started. */
export interface ParsedCommand {
  tool: CliTool;
  /** Sub-command words by their first names: `['rollout', 'status']`. */
  path: readonly string[];
  flags: readonly ParsedFlag[];
  /** Before `--`. */
  positionals: readonly string[];
  /** After `--`; undefined where there was none. */
  trailing: readonly string[] | undefined;
  /** What the child gets, rebuilt from the parts above: every flag as `--name=value`, so that no value can become a flag. */
  argv: readonly string[];
  effect: CommandEffect;
  /** Gates that the command cannot do without. The guard decides on what it really asks. */
  gates: readonly Gate[];
  /** From `--context`, or from the argument. */
  context: string | undefined;
  namespace: string | undefined;
  allNamespaces: boolean;
  /** Reads until it is stopped: watch, follow, `wait`. */
  follows: boolean;
  readsStdin: boolean;
  /** Names of `files` that it mentions; each is there. */
  files: readonly string[];
  /** Chart repositories and registries it names, host names only. */
  hosts: readonly string[];
  filters: readonly FilterStage[];
}

/** The seed's answer, with what else is worth knowing. */
export interface CommandResponse {
  /** Exit code 0. */
  success: boolean;
  output: string;
  error: string | null;
  exit_code: number;
  duration_ms: number;
  /** True where output or error was longer than may be kept. */
  truncated?: boolean;
  /** What was done to the output, in words: redacted, cleaned, cut. Absent: it is the tool's own, byte for byte. */
  changed?: readonly string[];
  /** Why the API refused part of it, in policy's words. */
  reason?: string;
  /** What to do next. */
  hint?: string;
}

/** Reads and judges command lines. Pure: starts nothing, asks nobody. */
export interface CommandLines {
  /** Throws `invalid_argument` (not a command line), or `command_refused` (what it asks for is never run, with the alternative). */
  parse(input: CommandInput): ParsedCommand;
}

export interface ToolStatus {
  available: boolean;
  description: string;
  version?: string;
  /** Why it cannot be used, and how to get it. */
  error?: string;
}
