import { join } from 'node:path';
import { createRotatingFile, type LineSink } from './rotating-file.ts';
import { withoutSensitive } from './sensitive.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'warning' | 'error' | 'fatal' | 'silent';

/** Takes a message, fields with a message, or an error. */
type Write = (what: unknown, message?: string) => void;

export interface Logger {
  debug: Write;
  info: Write;
  warn: Write;
  error: Write;
  /** Waits until the log files are written. */
  close(): Promise<void>;
}

export interface LoggerOptions {
  level: LogLevel;
  /** The same as level `debug`. */
  debug?: boolean;
  /** Where k8s-mcp.log and error.log go; without it there is only stderr. */
  logDir?: string;
  /** Removes credential shapes from every text that is logged. */
  scrub?: (text: string) => string;
  /** In place of stderr. */
  stderr?: { write(line: string): unknown };
}

/** Longest text of one field, UTF-16 units. */
const MAX_TEXT = 8192;

/** JSON lines on stderr, never on stdout (which is the protocol's), and in files that rotate daily and by size. */
export async function createLogger(options: LoggerOptions): Promise<Logger> {
  // Loaded late: a start that answers only the handshake logs nothing.
  const { pino } = await import('pino');
  const level = options.debug ? 'debug' : options.level === 'warning' ? 'warn' : options.level;
  const stderr = options.stderr ?? { write: (line: string) => process.stderr.write(line) };
  const files = openFiles(options.logDir, (error) =>
    stderr.write(`${JSON.stringify({ level: 50, msg: `no log file: ${nameOf(error)}` })}\n`),
  );
  const streams = [
    {
      level: level === 'silent' ? ('fatal' as const) : level,
      stream: { write: (line: string) => void stderr.write(line) },
    },
    ...files.map(({ sink, from }) => ({
      level: from ?? (level === 'silent' ? ('fatal' as const) : level),
      stream: sink,
    })),
  ];
  const log = pino(
    { level, base: { pid: process.pid }, serializers: { err: (fields: unknown) => fields } },
    pino.multistream(streams),
  );
  const clean = (text: string) => (options.scrub ?? ((same: string) => same))(text).slice(0, MAX_TEXT);
  const write = (to: 'debug' | 'info' | 'warn' | 'error'): Write => {
    return (what, message) => {
      // Nothing is cleaned that is not written.
      if (!log.isLevelEnabled(to)) return;
      if (typeof what === 'string') log[to](clean(what));
      else if (what instanceof Error) log[to]({ err: errorFields(what, clean) }, clean(message ?? what.message));
      else log[to](withoutSensitive(what, clean) ?? {}, message === undefined ? undefined : clean(message));
    };
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    async close() {
      await Promise.all(files.map(({ sink }) => sink.close()));
    },
  };
}

function openFiles(
  logDir: string | undefined,
  onError: (error: unknown) => void,
): { sink: LineSink; from?: 'error' }[] {
  if (logDir === undefined) return [];
  const file = (name: string) => createRotatingFile({ path: join(logDir, name), daily: true, onError });
  return [{ sink: file('k8s-mcp.log') }, { sink: file('error.log'), from: 'error' }];
}

/** An error's message may quote anything: each text is cleaned, and the chain of causes is bounded. */
function errorFields(error: Error, clean: (text: string) => string, depth = 0): Record<string, unknown> {
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: clean(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: clean(error.stack) }),
    ...(error.cause instanceof Error && depth < 4 ? { cause: errorFields(error.cause, clean, depth + 1) } : {}),
  };
}

/** The system's code alone: a path may name a person's folder. */
function nameOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown failure';
}
