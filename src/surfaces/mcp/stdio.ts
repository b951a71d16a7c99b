/** MCP over stdio: the handshake at once, the SDK and the gateway with the first message that needs them. */
import type { Readable, Writable } from 'node:stream';
import { describeError, toAppError } from '../../kernel/errors.ts';
import type { Principal } from '../../kernel/vocabulary.ts';
import type { Gateway, ManifestTool } from '../../operations/gateway.ts';
import { createHandshake } from './handshake.ts';
import type { ServerFace } from './server-face.ts';
import type { SdkConnection } from './stdio-sdk.ts';
import { errorResponse, openStdioWire } from './stdio-wire.ts';

export interface StdioOptions extends ServerFace {
  /** What tools/list shows: the same tools as the gateway's. */
  tools: readonly ManifestTool[];
  principal: Principal;
  loadGateway(): Promise<Gateway>;
  input: Readable;
  output: Writable;
  /** Faults of the protocol, for the log. */
  onError?(error: unknown): void;
  /** How long calls may run on when the input has ended, ms; default 5 s. */
  drainMs?: number;
}

/** Serves one connection; settles when it has ended. */
export function runStdio(options: StdioOptions): Promise<void> {
  const handshake = createHandshake(options, options.tools);
  const queue: unknown[] = [];
  let connection: SdkConnection | undefined;
  let connecting = false;

  const wire = openStdioWire(options.input, options.output, onMessage, options);

  function onMessage(message: unknown): void {
    if (connection !== undefined) connection.receive(message);
    else if (connecting) queue.push(message);
    else begin(message);
  }

  function begin(message: unknown): void {
    const step = handshake.answer(message);
    if (step.kind === 'handover') void handOver(message);
    if (step.kind !== 'reply') return;
    void wire.send(step.message);
    if (isToolList(message)) setImmediate(warmUp);
  }

  /** A host that has listed the tools is about to call one. */
  function warmUp(): void {
    // A failure shows, with its reason, at the call that needs the gateway.
    load().catch(() => {});
  }

  let loading: Promise<[typeof import('./stdio-sdk.ts'), Gateway]> | undefined;
  function load() {
    loading ??= Promise.all([import('./stdio-sdk.ts'), options.loadGateway()]).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  async function handOver(first: unknown): Promise<void> {
    connecting = true;
    queue.push(first);
    try {
      const [{ connectSdk }, gateway] = await load();
      const { info, instructions, listToolsTtlMs, principal, onError } = options;
      const face = { info, listToolsTtlMs, ...(instructions !== undefined && { instructions }) };
      connection = await connectSdk({ ...face, gateway, principal }, wire, handshake.replay(), onError ?? (() => {}));
      for (const message of queue.splice(0)) connection.receive(message);
    } catch (error) {
      options.onError?.(error);
      const text = describeError(toAppError(error));
      for (const message of queue.splice(0)) {
        if (hasId(message)) void wire.send(errorResponse(message.id, -32603, text));
      }
    } finally {
      connecting = false;
    }
  }

  return wire.closed;
}

function isToolList(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'method' in message && message.method === 'tools/list';
}

function hasId(message: unknown): message is { id: unknown } {
  return typeof message === 'object' && message !== null && 'id' in message && 'method' in message;
}
