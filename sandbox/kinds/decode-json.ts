/** JSON read as Go's decoder does: the same words for what is malformed, and keys given twice are told. */

export class JsonSyntaxError extends Error {}

export interface DecodedJson {
  value: unknown;
  /** Paths of keys that stand twice in their object, in the order of the text: `spec.containers[0].image`. The last one wins. */
  duplicates: readonly string[];
}

/** Deeper nesting is refused in the real words; the real bound is 10,000, more than what recursion here can follow. */
const MAX_DEPTH = 1000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const PLAIN_STRING = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\r\n]*/y;
const LITERALS: Readonly<Record<string, { word: string; value: unknown }>> = {
  t: { word: 'true', value: true },
  f: { word: 'false', value: false },
  n: { word: 'null', value: null },
};
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Throws `JsonSyntaxError` with Go's message. */
export function decodeJson(text: string): DecodedJson {
  const reader = new Reader(text);
  const value = reader.value('', 1);
  reader.end();
  return { value, duplicates: reader.duplicates };
}

class Reader {
  readonly duplicates: string[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(path: string, depth: number): unknown {
    const first = this.#next();
    if (depth > MAX_DEPTH && (first === '{' || first === '[')) throw this.#unexpected('exceeded max depth');
    if (first === '{') return this.#object(path, depth);
    if (first === '[') return this.#array(path, depth);
    if (first === '"') return this.#string();
    const literal = LITERALS[first];
    if (literal !== undefined) return this.#literal(literal);
    if (first === '-' || (first >= '0' && first <= '9')) return this.#number();
    throw this.#unexpected('looking for beginning of value');
  }

  end(): void {
    if (this.#next() !== '') throw this.#unexpected('after top-level value');
  }

  /** The next character that is no space; '' at the end. */
  #next(): string {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
    return this.#text.charAt(this.#at);
  }

  #unexpected(where: string): JsonSyntaxError {
    const character = this.#text.codePointAt(this.#at);
    // Go looks at bytes.
    const code =
      character === undefined || character < 0x80 ? character : Buffer.from(String.fromCodePoint(character))[0];
    if (code === undefined) return new JsonSyntaxError('unexpected end of JSON input');
    const shown = code === 0x27 ? `'\\''` : code === 0x22 ? `'"'` : printable(code);
    return new JsonSyntaxError(`invalid character ${shown} ${where}`);
  }

  #object(path: string, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#at++;
    if (this.#next() === '}') {
      this.#at++;
      return object;
    }
    for (;;) {
      if (this.#next() !== '"') throw this.#unexpected('looking for beginning of object key string');
      const key = this.#string();
      if (this.#next() !== ':') throw this.#unexpected('after object key');
      this.#at++;
      const child = path === '' ? key : `${path}.${key}`;
      const repeated = Object.hasOwn(object, key);
      const before = this.duplicates.length;
      const value = this.value(child, depth + 1);
      // The key stands before what is in its value.
      if (repeated) this.duplicates.splice(before, 0, child);
      if (key === '__proto__')
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      else object[key] = value;
      const after = this.#next();
      if (after !== ',' && after !== '}') throw this.#unexpected('after object key:value pair');
      this.#at++;
      if (after === '}') return object;
    }
  }

  #array(path: string, depth: number): unknown[] {
    const array: unknown[] = [];
    this.#at++;
    if (this.#next() === ']') {
      this.#at++;
      return array;
    }
    for (;;) {
      array.push(this.value(`${path}[${array.length}]`, depth + 1));
      const after = this.#next();
      if (after !== ',' && after !== ']') throw this.#unexpected('after array element');
      this.#at++;
      if (after === ']') return array;
    }
  }

  #string(): string {
    this.#at++;
    let result = '';
    for (;;) {
      PLAIN_STRING.lastIndex = this.#at;
      PLAIN_STRING.test(this.#text);
      result += this.#text.slice(this.#at, PLAIN_STRING.lastIndex);
      this.#at = PLAIN_STRING.lastIndex;
      const stop = this.#text.charAt(this.#at);
      if (stop === '"') {
        this.#at++;
        return result;
      }
      if (stop !== '\\') throw this.#unexpected('in string literal');
      this.#at++;
      result += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text.charAt(this.#at);
    const simple = ESCAPES[letter];
    if (simple !== undefined) {
      this.#at++;
      return simple;
    }
    if (letter !== 'u') throw this.#unexpected('in string escape code');
    this.#at++;
    const start = this.#at;
    for (; this.#at < start + 4; this.#at++) {
      if (!/^[0-9a-fA-F]$/.test(this.#text.charAt(this.#at)))
        throw this.#unexpected('in \\u hexadecimal character escape');
    }
    return String.fromCharCode(Number.parseInt(this.#text.slice(start, this.#at), 16));
  }

  #literal({ word, value }: { word: string; value: unknown }): unknown {
    for (let index = 0; index < word.length; index++) {
      const expected = word.charAt(index);
      if (this.#text.charAt(this.#at) !== expected)
        throw this.#unexpected(`in literal ${word} (expecting '${expected}')`);
      this.#at++;
    }
    return value;
  }

  #number(): number {
    NUMBER.lastIndex = this.#at;
    if (!NUMBER.test(this.#text)) {
      this.#at++;
      throw this.#unexpected('in numeric literal');
    }
    const text = this.#text.slice(this.#at, NUMBER.lastIndex);
    this.#at = NUMBER.lastIndex;
    const after = this.#text.charAt(this.#at);
    if (after === '.' && !/[.eE]/.test(text)) {
      this.#at++;
      throw this.#unexpected('after decimal point in numeric literal');
    }
    if ((after === 'e' || after === 'E') && !/[eE]/.test(text)) {
      this.#at += /^[+-]$/.test(this.#text.charAt(this.#at + 1)) ? 2 : 1;
      throw this.#unexpected('in exponent of numeric literal');
    }
    return Number(text);
  }
}

function printable(code: number): string {
  if (code === 0x5c) return `'\\\\'`;
  if (code >= 0x20 && code !== 0x7f) return `'${String.fromCodePoint(code)}'`;
  const named: Readonly<Record<number, string>> = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r' };
  return `'${named[code] ?? `\\x${code.toString(16).padStart(2, '0')}`}'`;
}
