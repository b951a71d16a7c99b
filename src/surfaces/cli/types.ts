import type { Gateway } from '../../operations/gateway.ts';

/** A stream to print on. Never rejects: a reader that went away ends the printing, not the program. */
export interface Writer {
  write(text: string): Promise<void>;
}

/** The terminal, or what stands for it. */
export interface CliIo {
  out: Writer;
  err: Writer;
  /** A person sits at both ends: stdin and stderr are terminals. */
  interactive: boolean;
  /** Width of the output in characters; undefined where it is no terminal. */
  columns: number | undefined;
  /** All of stdin as UTF-8; throws `too_large` beyond `maxBytes`. */
  readInput(maxBytes: number): Promise<string>;
  /** Asks on stderr; the empty string where no answer comes. */
  ask(question: string, signal: AbortSignal): Promise<string>;
}

export interface CliPorts {
  gateway: Gateway;
  io: CliIo;
  signal: AbortSignal;
}
