import { isCredentialName } from '../redaction/credential-names.ts';

/** Sixteen digits in a row that could be a number: beyond 2^53 a double is not exact. */
const LONG_NUMBER = /[:,[\s]-?\d{16}/;

/** `JSON.parse` with the source of each number (V8 since 11.4), and JSON that is written as it is; not yet in TypeScript's library. */
interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON?(text: string): unknown;
}

/** JSON whose long integers are written out again as they came. Throws SyntaxError. */
export function parseExact(text: string): unknown {
  // The properties above are the platform's own.
  const json = JSON as unknown as ExactJson;
  if (json.rawJSON === undefined || !LONG_NUMBER.test(text)) return JSON.parse(text);
  return json.parse(text, (key, value, { source }) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value)) return value;
    // A number under a credential's name has to look like one to redaction.
    return source === undefined || key === 'value' || isCredentialName(key) ? value : json.rawJSON?.(source);
  });
}
