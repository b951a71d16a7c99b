import type { Readable } from 'node:stream';

export interface CappedOutput {
  /** What was kept, decoded as UTF-8; a character split by the cap is left out. */
  text(): string;
  truncated(): boolean;
}

/** Reads `stream` to its end but keeps only the first `maxBytes`: a chatty child can never fill our memory, nor block on a full pipe. */
export function capOutput(stream: Readable, maxBytes: number): CappedOutput {
  const chunks: Buffer[] = [];
  let kept = 0;
  let truncated = false;
  stream.on('data', (chunk: Buffer) => {
    const room = maxBytes - kept;
    if (chunk.length > room) truncated = true;
    if (room <= 0) return;
    const part = chunk.length > room ? Buffer.from(chunk.subarray(0, room)) : chunk;
    chunks.push(part);
    kept += part.length;
  });
  // A pipe that breaks while the child is being killed is the end of its output, not a failure of ours.
  stream.on('error', () => undefined);
  return {
    text: () => new TextDecoder().decode(Buffer.concat(chunks), { stream: truncated }),
    truncated: () => truncated,
  };
}
