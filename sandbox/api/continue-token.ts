/** The token of `continue`: where the next page begins, and in which state of the store. That of the real server, so that clients that look into it find what they know. */
import { posix } from 'node:path';
import { decodeJson, JsonSyntaxError } from '../kinds/decode-json.ts';
import { badRequest } from './failure.ts';

export interface ContinueToken {
  /** -1: go on in the present state, whatever has changed meanwhile. */
  revision: number;
  /** Compared with the keys of the list, without a slash in front. */
  start: string;
}

const VERSION = 'meta.k8s.io/v1';
const NOT_BASE64 = /[^A-Za-z0-9_-]/;

/** `slash`: pages begin their keys with one, the token of an expired list does not; both are read. */
export function encodeContinue({ revision, start }: ContinueToken, slash: boolean): string {
  const text = JSON.stringify({ v: VERSION, rv: revision, start: `${slash ? '/' : ''}${start}` });
  return Buffer.from(text).toString('base64url');
}

/** Throws the 400 of the real server. */
export function decodeContinue(token: string): ContinueToken {
  const { v, rv, start } = fieldsOf(token);
  if (v !== VERSION) throw invalid(`: server does not recognize this encoded version ${v}`);
  if (rv === 0) throw invalid(': incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (start === '') throw invalid(': encoded start key empty (version meta.k8s.io/v1)');
  const key = start.startsWith('/') ? start : `/${start}`;
  if (posix.normalize(key) !== key || (key.length > 1 && key.endsWith('/'))) throw invalid(`: ${start}`);
  return { revision: rv, start: key.slice(1) };
}

function fieldsOf(token: string): { v: string; rv: number; start: string } {
  const bad = NOT_BASE64.exec(token)?.index ?? (token.length % 4 === 1 ? token.length - 1 : undefined);
  if (bad !== undefined) throw invalid(`: illegal base64 data at input byte ${bad}`);
  const parsed = parse(Buffer.from(token, 'base64url').toString());
  if (typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw invalid(`: json: cannot unmarshal ${jsonType(parsed)} into Go value of type storage.continueToken`);
  }
  // As Go reads it, null is the same as nothing.
  const { v, rv, start } = (parsed as Record<string, unknown>) ?? {};
  return { v: text('v', v), rv: integer(rv), start: text('start', start) };
}

function text(field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  throw wrongType(jsonType(value), field, 'string');
}

function integer(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw wrongType(typeof value === 'number' ? `number ${value}` : jsonType(value), 'rv', 'int64');
}

const wrongType = (given: string, field: string, wanted: string) =>
  invalid(`: json: cannot unmarshal ${given} into Go struct field continueToken.${field} of type ${wanted}`);

/** As Go calls them. */
function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function parse(text: string): unknown {
  try {
    return decodeJson(text).value;
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw invalid(`: ${error.message}`);
    throw error;
  }
}

const invalid = (why: string) => badRequest(`invalid continue token: continue key is not valid${why}`);
