import type { ChunkRedactor } from '../redaction/chunks.ts';

/** Text on its way to a child (logs), whole lines at a time. Bytes that are no UTF-8 become U+FFFD. */
export async function* transitText(
  chunks: AsyncIterable<Uint8Array>,
  redacted: ChunkRedactor,
): AsyncGenerator<Uint8Array> {
  // A byte order mark is part of the text.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const chunk of chunks) {
    const ready = redacted.push(decoder.decode(chunk, { stream: true }));
    if (ready !== '') yield Buffer.from(ready);
  }
  const rest = redacted.push(decoder.decode()) + redacted.end();
  if (rest !== '') yield Buffer.from(rest);
}
