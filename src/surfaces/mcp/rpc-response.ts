/** HTTP answers that carry a JSON-RPC error, and the one place where a request body is read and parsed. */
import { isJsonContentType, readRequestBody } from '@modelcontextprotocol/server';

export type ParsedBody = { ok: true; body: unknown } | { ok: false; response: Response };

export function rpcError(
  status: number,
  code: number,
  message: string,
  body?: unknown,
  headers?: Record<string, string>,
): Response {
  const init = headers === undefined ? { status } : { status, headers };
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: requestId(body) }, init);
}

export function tooManySessions(body?: unknown): Response {
  return rpcError(503, -32000, 'Too many sessions; retry later', body, { 'retry-after': '30' });
}

export async function parseBody(request: Request, maxBytes: number): Promise<ParsedBody> {
  if (!isJsonContentType(request.headers.get('content-type'))) {
    return refused(415, -32000, 'Unsupported Media Type: Content-Type must be application/json');
  }
  try {
    const read = await readRequestBody(request, maxBytes);
    if (read.tooLarge) return refused(413, -32000, `Payload too large: at most ${maxBytes} bytes`);
    return { ok: true, body: JSON.parse(read.text) };
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not valid JSON' : 'could not be read';
    return refused(400, -32700, `Parse error: the request body ${reason}`);
  }
}

/** `response` with `onEnd` called once, when its body has been sent or given up. */
export function whenSent(response: Response, onEnd: () => void): Response {
  const { body, status, statusText, headers } = response;
  if (body === null) {
    onEnd();
    return response;
  }
  const reader = body.getReader();
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      onEnd();
    },
    cancel(reason) {
      onEnd();
      return reader.cancel(reason);
    },
  });
  return new Response(watched, { status, statusText, headers });
}

function refused(status: number, code: number, message: string): ParsedBody {
  return { ok: false, response: rpcError(status, code, message) };
}

function requestId(body: unknown): string | number | null {
  const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
