import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { type Given, MentionedFiles } from './mentioned-files.ts';

const FILES = { 'a.yaml': '1', 'dir/b.yaml': '2', 'dir/c/d.yaml': '3' } as const;
const FILE = { what: '--file', folders: false, stdin: true } as const;
const FOLDER = { what: '--file', folders: true, stdin: true } as const;

function outcome(use: (files: MentionedFiles) => void, given: Given = { files: FILES }): readonly string[] | string {
  const files = new MentionedFiles(given);
  try {
    use(files);
    return files.stdin ? [...files.names, '-'] : files.names;
  } catch (error) {
    const { code, message } = toAppError(error);
    return `${code}: ${message}`;
  }
}

describe('files that a command mentions', () => {
  it.each([
    ['a.yaml', ['a.yaml']],
    ['./a.yaml', ['a.yaml']],
    ['dir/b.yaml', ['dir/b.yaml']],
    ['a.yaml,dir/b.yaml', ['a.yaml', 'dir/b.yaml']],
  ])('may be %s', (value, names) => {
    expect(outcome((files) => files.list(value, FILE))).toEqual(names);
  });

  it.each([
    ['dir', ['dir/b.yaml', 'dir/c/d.yaml']],
    ['./dir/c/', ['dir/c/d.yaml']],
    ['.', ['a.yaml', 'dir/b.yaml', 'dir/c/d.yaml']],
  ])('may be the folder %s', (value, names) => {
    expect(outcome((files) => files.list(value, FOLDER))).toEqual(names);
  });

  it.each([
    ['key=a.yaml', ['a.yaml']],
    ['a.yaml', ['a.yaml']],
    ['x=a.yaml,y=dir', ['a.yaml', 'dir/b.yaml', 'dir/c/d.yaml']],
  ])('may have a key: %s', (value, names) => {
    expect(outcome((files) => files.keyed(value, { ...FOLDER, stdin: false }))).toEqual(names);
  });

  it.each([
    ['/etc/passwd', 'command_refused: --file with an absolute path is not run here.'],
    ['\\\\host\\x', 'command_refused: --file with an absolute path is not run here.'],
    ['~/x', 'command_refused: --file with a home folder is not run here.'],
    ['dir/../a.yaml', 'command_refused: --file with a path with .. is not run here.'],
    ['..', 'command_refused: --file with a path with .. is not run here.'],
    ['a.yaml,../x', 'command_refused: --file with a path with .. is not run here.'],
    ['http://x/a.yaml', 'command_refused: --file with a URL is not run here.'],
    ['file:/etc/passwd', 'command_refused: --file with a URL is not run here.'],
    ['"a.yaml"', 'invalid_argument: command: --file names a file with quotes, backslashes or control characters.'],
    ['a.yaml\n', 'invalid_argument: command: --file names a file with quotes, backslashes or control characters.'],
    ['b.yaml', 'invalid_argument: command: --file names "b.yaml". It is not among `files`.'],
    ['dir', 'invalid_argument: command: --file names "dir". It is not among `files`.'],
    ['', 'invalid_argument: command: --file names no file.'],
    ['a.yaml,', 'invalid_argument: command: --file names no file.'],
    ['constructor', 'invalid_argument: command: --file names "constructor". It is not among `files`.'],
    ['-', 'invalid_argument: command: --file - reads stdin, and none was given.'],
  ])('are never %j', (value, message) => {
    expect(outcome((files) => files.list(value, FILE))).toBe(message);
  });

  it('need the argument', () => {
    expect(outcome((files) => files.list('a', FILE), { files: undefined })).toBe(
      'invalid_argument: command: --file names "a". No `files` were given.',
    );
    expect(outcome((files) => files.list('.', FOLDER), { files: {} })).toContain('invalid_argument');
  });

  it('may be stdin where some is given', () => {
    expect(outcome((files) => files.list('-', FILE), { stdin: 'x' })).toEqual(['-']);
    expect(outcome((files) => files.list('-', { ...FILE, stdin: false }), { stdin: 'x' })).toContain(
      'invalid_argument',
    );
    expect(outcome((files) => files.takeStdin('--stdin'), { stdin: 'x' })).toEqual(['-']);
    expect(outcome((files) => files.takeStdin('--stdin'), {})).toBe(
      'command_refused: --stdin without `stdin` is not run here.',
    );
  });

  it('are only ever names that were given', () => {
    const value = fc.string({ unit: fc.constantFrom(...'a.y/\\~:,=-"dirb'), maxLength: 14 });
    fc.assert(
      fc.property(value, (text) => {
        const files = new MentionedFiles({ files: FILES });
        try {
          files.keyed(text, FOLDER);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          return;
        }
        expect(files.names.every((name) => name in FILES)).toBe(true);
        expect(/["\\]|=\/|=~|=$|,,/.test(text)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });
});
