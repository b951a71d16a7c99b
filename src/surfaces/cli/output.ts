import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { AppError } from '../../kernel/errors.ts';
import type { CliIo, Writer } from './types.ts';

/** A writer that waits for slow readers and goes quiet when the reader has left (`k8s-mcp tools | head -1`). */
export function createWriter(stream: Writable): Writer {
  let gone = false;
  stream.on('error', () => {
    gone = true;
  });
  return {
    write(text) {
      if (gone || text === '') return Promise.resolve();
      return new Promise((resolve) => {
        stream.write(text, (error) => {
          if (error) gone = true;
          resolve();
        });
      });
    },
  };
}

/** The terminal of this process. */
export function processIo(): CliIo {
  const { stdin, stdout, stderr } = process;
  return {
    out: createWriter(stdout),
    err: createWriter(stderr),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    columns: stdout.isTTY === true ? stdout.columns : undefined,
    readInput: (maxBytes) => readAll(stdin, maxBytes),
    ask: (question, signal) => ask(question, stdin, stderr, signal),
  };
}

/** Everything `stream` has, as text. */
export async function readAll(stream: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) {
      throw new AppError('too_large', `The input is larger than ${maxBytes} bytes.`, { remedy: 'Send less at once.' });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** One line from `input`. Its end, ctrl-C and the signal all count as no answer. */
async function ask(question: string, input: Readable, output: Writable, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  lines.once('SIGINT', () => lines.close());
  try {
    return await Promise.race([lines.question(question, { signal }).catch(() => ''), closed]);
  } finally {
    lines.close();
  }
}
