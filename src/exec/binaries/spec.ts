/** A CLI tool as data: what its command lines may be. Everything that is not here is refused. */
import type { Gate } from '../../kernel/vocabulary.ts';
import type { CliTool, CommandEffect, ParsedFlag } from '../types.ts';

/**
 * How a flag takes its value. `switch`: none, or `=true`/`=false`. `value`: the next word or `=value`. `optional`: only by
 * `=value` (pflag's NoOptDefVal), bare it means the tool's own default.
 */
export type FlagArity = 'switch' | 'value' | 'optional';

/** What a flag means to us; the value of a flag without a role is passed on as it is. */
export type FlagRole =
  | 'namespace'
  | 'all-namespaces'
  | 'context'
  /** A name of `files`, or `-` for stdin; lists by comma where the tool splits them. */
  | 'file'
  /** As `file`, or a folder of `files` (kustomize, charts). */
  | 'folder'
  /** `key=file`, `file`, or a folder: kubectl create --from-file, helm --set-file. */
  | 'keyed-file'
  /** `-o`: its forms that name a file (jsonpath-file=, go-template-file=, custom-columns-file=) take a name of `files`. */
  | 'output'
  /** A selector: `env in (a, b)` is put together where it came as several words. */
  | 'selector'
  /** Makes the command run until it is stopped. */
  | 'follow'
  /** Any value but `none` and `false` stores nothing: the command is then a read without gates. Only where that is so. */
  | 'dry-run'
  /** A URL of a chart repository: its host has to be allowed. */
  | 'repository'
  /** A path of the API server, from `/` on; never a full URL. */
  | 'raw-path'
  /** A switch that hands stdin on; refused where none is given. */
  | 'stdin'
  /** Impersonation: needs the escalation gate. */
  | 'impersonate';

export interface FlagSpec {
  name: string;
  /** One letter. */
  short?: string;
  arity: FlagArity;
  role?: FlagRole;
  /** The only values that are accepted. A bare `optional` flag is accepted as well. */
  values?: readonly string[];
  /** Why other values of the tool are never accepted, and what to do instead. Without it they are taken for mistakes. */
  otherwise?: string;
  /** For roles of files: `-` does not mean stdin here. */
  noStdin?: true;
  /** Known and never accepted: why, and what to do instead. */
  refused?: string;
}

/** The command so far, for rules that look at more than one word. */
export interface Draft {
  path: readonly string[];
  flags: readonly ParsedFlag[];
  positionals: readonly string[];
  trailing: readonly string[] | undefined;
  /** The value of the last flag of that name; '' for a flag without a value. Values of switches are `true` or `false`. */
  flag(name: string): string | undefined;
}

export interface CommandSpec {
  /** Words after the program: `['rollout', 'undo']`. */
  words: readonly string[];
  /** Other spellings of the last word. */
  aliases?: readonly string[];
  /** Known and never run: why, and what to do instead. The rest is then of no importance. */
  refused?: string;
  /** Default `read`. */
  effect?: CommandEffect | ((draft: Draft) => CommandEffect);
  /** Gates that it needs at least. A flag of role `dry-run` frees it of them. */
  gates?: readonly Gate[] | ((draft: Draft) => readonly Gate[]);
  /** Besides the tool's global ones. */
  flags?: readonly FlagSpec[];
  /**
   * What the words after the sub-command are; default `text`. `file`: names of `files`; `manifests`: these, folders of them, or - for stdin; `chart`: a chart of `files` (an archive
   * counts as the folder that `files/unpackedName` says) or of an allowed host; with a flag of role `repository` a plain name.
   * `at`: only that word is one, from 0; -1 is the last.
   */
  positionals?:
    | 'none'
    | 'text'
    | 'file'
    | 'folder'
    | 'manifests'
    | 'chart'
    | { at: number; is: 'file' | 'folder' | 'chart' };
  /** What may follow `--`; default nothing. `command`: runs in a container. */
  trailing?: 'command' | 'text';
  /** True when it runs until it is stopped, whatever the flags. */
  follows?: boolean | ((draft: Draft) => boolean);
  /** Flags of ours that such a command line gets, after the caller's, so that they count: `['--skip-schema-validation=true']`. */
  adds?: (draft: Draft) => readonly string[];
  /** Anything else that is wrong with it: a sentence with the remedy; `refused` where it is not a mistake but never run. */
  check?: (draft: Draft) => string | { refused: string } | undefined;
}

export interface BinarySpec {
  name: CliTool;
  /** For /tools/status. */
  description: string;
  /** Prints the client's version and contacts nobody. */
  versionArgs: readonly string[];
  /** The version in what it prints. */
  version(output: string): string | undefined;
  /** How to get it, one sentence. */
  install: string;
  globalFlags: readonly FlagSpec[];
  commands: readonly CommandSpec[];
  /** kubectl reads `--all_namespaces` as `--all-namespaces`. */
  underscoresAreDashes: boolean;
  /** Flags that every command line of ours gets (`--core`), before the caller's. */
  always?: readonly string[];
}
