import { describe, expect, test } from 'vitest';
import { parseFilter } from './parse.ts';

describe('what may stand behind a pipe', () => {
  test('gives back the words of an accepted stage as plain data', () => {
    expect(parseFilter(['grep', '-v', 'x'])).toEqual({ name: 'grep', args: ['-v', 'x'] });
    expect(parseFilter(['jq', '.'])).toEqual({ name: 'jq', args: ['.'] });
  });

  test.each([
    'xargs rm',
    'tee /tmp/x',
    'sh -c id',
    'bash',
    'python3 -c 1',
    'perl -e 1',
    'env',
    'curl http://x',
    'dd of=/tmp/x',
    'base64 -d',
    'kubectl delete -f -',
    '/bin/grep x',
    './jq .',
    '../grep x',
    'toString',
    '__proto__',
    'constructor',
    'GREP x',
  ])('%s is refused, naming the filters there are', (line) => {
    const refusal = {
      code: 'command_refused',
      detail: { remedy: expect.stringContaining('Filters: grep, head, tail, sort') },
    };
    expect(() => parseFilter(line.split(' '))).toThrow(expect.objectContaining(refusal));
  });

  test('yq is refused with the way to the same', () => {
    expect(() => parseFilter(['yq', '.a'])).toThrow(/ask the tool for JSON \(-o json\) and use jq/);
  });

  test('an empty stage, a NUL and words without end are no stage', () => {
    for (const words of [
      [],
      [''],
      ['grep', 'a\0b'],
      ['grep', 'x'.repeat(20_001)],
      ['grep', ...Array.from({ length: 1_001 }, () => 'x')],
    ])
      expect(() => parseFilter(words)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  test('names of object properties are no options', () => {
    for (const name of ['constructor', 'toString', '__proto__'])
      expect(() => parseFilter(['sort', `--${name}`])).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  test('messages do not repeat long words', () => {
    expect(() => parseFilter(['x'.repeat(10_000)])).toThrow(
      expect.objectContaining({ message: expect.toSatisfy((text: string) => text.length < 200) }),
    );
  });
});
