import type { CommandInput } from '../types.ts';
import { checkKustomizations, isKustomization } from './kustomizations.ts';
import { mistake, neverRun, shown } from './refusals.ts';

/** What a command was given besides its words. */
export type Given = Pick<CommandInput, 'files' | 'stdin'>;

export interface FileRule {
  /** Shown in messages: `--filename`. */
  what: string;
  /** Folders of `files` count too. */
  folders: boolean;
  /** Whether `-` is stdin. */
  stdin: boolean;
}

/** Collects which of the given files, and whether stdin, a command mentions. Every other path or URL is refused. */
export class MentionedFiles {
  readonly #given: Given;
  readonly #names: readonly string[];
  readonly #mentioned = new Set<string>();
  #stdin = false;

  constructor(given: Given) {
    this.#given = given;
    this.#names = Object.keys(given.files ?? {});
  }

  get names(): readonly string[] {
    return [...this.#mentioned];
  }

  get stdin(): boolean {
    return this.#stdin;
  }

  /** Stdin is handed on by a switch. */
  takeStdin(what: string): void {
    const { stdin } = this.#given;
    if (stdin === undefined || stdin === '') {
      throw neverRun(
        `${what} without \`stdin\``,
        'Nobody types here: give the input in the argument `stdin`, or leave the flag out.',
      );
    }
    this.#stdin = true;
  }

  /** One value of a flag; the tools split lists at commas, so a name has none. */
  list(value: string, rule: FileRule): void {
    for (const name of value.split(',')) this.one(name, rule);
  }

  /** `key=file` or `file`, in a list. */
  keyed(value: string, rule: FileRule): void {
    refuseConfusing(value, rule.what);
    for (const part of value.split(',')) {
      const [first = '', second, ...more] = part.split('=');
      if (more.length > 0) throw mistake(`${rule.what} has more than one "=".`, 'Write key=file.');
      this.one(second ?? first, rule);
    }
  }

  /** Whether no file and no folder has that name. */
  lacks(name: string): boolean {
    return !Object.hasOwn(this.#given.files ?? {}, name) && this.#folder(name).length === 0;
  }

  one(name: string, rule: FileRule): void {
    if (name === '-' && rule.stdin) this.#readStdin(rule);
    else this.#file(name, rule);
  }

  #file(name: string, rule: FileRule): void {
    refuseOutside(name, rule.what);
    const bare = name.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
    const found = Object.hasOwn(this.#given.files ?? {}, bare) ? [bare] : rule.folders ? this.#folder(bare) : [];
    if (found.length === 0) throw this.#missing(name, rule);
    for (const file of found) this.#mentioned.add(file);
    // One of them may name any other.
    if (found.some(isKustomization)) checkKustomizations(this.#given.files ?? {});
  }

  #folder(name: string): readonly string[] {
    if (name === '' || name === '.') return this.#names;
    return this.#names.filter((file) => file.startsWith(`${name}/`));
  }

  #readStdin({ what }: FileRule): void {
    if (this.#given.stdin === undefined || this.#given.stdin === '') {
      throw mistake(`${what} - reads stdin, and none was given.`, 'Give the text in the argument `stdin`.');
    }
    this.#stdin = true;
  }

  #missing(name: string, { what, stdin }: FileRule) {
    const other = stdin ? `, or its text in \`stdin\` with ${what} -` : '';
    const given = this.#names.length === 0 ? 'No `files` were given.' : 'It is not among `files`.';
    return mistake(
      `${what} names "${shown(name)}". ${given}`,
      `No file of the server is read: give it in the argument \`files\` under that name${other}.`,
      this.#names.slice(0, 10),
    );
  }
}

const OUTSIDE: readonly { pattern: RegExp; what: string }[] = [
  { pattern: /:\/\/|^[a-z][a-z0-9+.-]*:/i, what: 'a URL' },
  { pattern: /^[/\\]/, what: 'an absolute path' },
  { pattern: /^~/, what: 'a home folder' },
  { pattern: /(?:^|[/\\])\.\.(?:[/\\]|$)/, what: 'a path with ..' },
];

/** Quotes and backslashes: the tools read lists as CSV or with escapes, and would see other names than we. */
const CONFUSING = /["\\\p{Cc}]/u;

function refuseOutside(name: string, what: string): void {
  const outside = OUTSIDE.find(({ pattern }) => pattern.test(name));
  if (outside !== undefined) {
    throw neverRun(
      `${what} with ${outside.what}`,
      'No file of the server and no URL is read: give the content in the argument `files` under a relative name, or in `stdin`.',
    );
  }
  refuseConfusing(name, what);
  if (name === '') throw mistake(`${what} names no file.`, 'Write the name of one of `files`.');
}

function refuseConfusing(text: string, what: string): void {
  if (CONFUSING.test(text)) throw mistake(`${what} names a file with quotes, backslashes or control characters.`);
}
