import type { MiddlewareHandler } from 'hono';
import { AppError } from '../../kernel/errors.ts';
import { problem } from './problem.ts';
import type { HttpEnv } from './types.ts';

/** Deeper than any manifest; keeps later recursion over a body off the stack's end. */
const MAX_DEPTH = 200;

/**
 * Bytes of a refused body that are read and thrown away before the answer: to answer and close while the client still writes
 * resets the connection, and it would see that in place of the 413. What is longer is cut off.
 */
const MAX_DISCARDED = 32 * 1024 * 1024;

/** 413 for bodies over `max`, known by Content-Length or found while reading. */
export function limitBody(max: number): MiddlewareHandler<HttpEnv> {
  const refuse = (requestId: string) =>
    problem(
      new AppError('too_large', `The body is larger than ${max} bytes.`, {
        remedy: 'Send less at once, or let the operator raise the body limit.',
      }),
      { requestId, headers: { connection: 'close' } },
    );
  return async (c, next) => {
    const { headers } = c.env.incoming;
    if (headers['transfer-encoding'] === undefined) {
      // With a Content-Length node itself delivers no more than was announced.
      const announced = Number(headers['content-length'] ?? 0);
      if (announced <= max) return next();
      if (announced <= MAX_DISCARDED) await readBounded(c.req.raw, 0);
      return refuse(c.get('requestId'));
    }
    const body = await readBounded(c.req.raw, max);
    if (body === undefined) return refuse(c.get('requestId'));
    const { url, method, signal } = c.req.raw;
    // The fetch API knows no GET or HEAD with a body; what such a request carried is dropped.
    if (method !== 'GET' && method !== 'HEAD') {
      c.req.raw = new Request(url, { method, headers: c.req.raw.headers, signal, body });
    }
    return next();
  };
}

/** The body; undefined when it has more than `max` bytes, after reading what there is of it. */
async function readBounded(request: Request, max: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size <= max) chunks.push(chunk);
    else if (size > MAX_DISCARDED) return undefined;
    else chunks.length = 0;
  }
  if (size > max) return undefined;
  return new Uint8Array(Buffer.concat(chunks));
}

/** The body as a JSON object; an empty body is `{}`. */
export async function readJsonObject(request: Request): Promise<Record<string, unknown>> {
  const encoding = request.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') {
    throw new AppError('invalid_argument', 'Compressed bodies are not accepted.', { remedy: 'Send plain JSON.' });
  }
  const text = decode(await request.arrayBuffer());
  if (text.trim() === '') return {};
  if (depth(text) > MAX_DEPTH) {
    throw new AppError('invalid_argument', `The body is nested deeper than ${MAX_DEPTH} levels.`);
  }
  const value = parse(text);
  if (!isObject(value)) {
    throw new AppError('invalid_argument', 'The body must be one JSON object.', {
      remedy: 'Send the arguments as {"name": value, ...}.',
    });
  }
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AppError('invalid_argument', 'The body is not UTF-8.');
  }
}

/** The parser's own message quotes the body, which may hold a kubeconfig: only the place is kept, where it ends with one. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const place = /\((line \d{1,10}) (column \d{1,10})\)$/.exec(thrown instanceof Error ? thrown.message : '');
    const at = place === null ? '' : `: ${place[1]}, ${place[2]}`;
    throw new AppError('invalid_argument', `The body is not JSON${at}.`, { remedy: 'Send one JSON object.' });
  }
}

/** How deep brackets nest, strings left out. */
function depth(text: string): number {
  let open = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (inString) {
      if (char === 0x5c) i++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, ++open);
    else if (char === 0x7d || char === 0x5d) open--;
  }
  return deepest;
}
