import { StringDecoder } from 'node:string_decoder';
import { cleanPiece, type OutputRules } from './child-output.ts';

export interface ProgressRules extends OutputRules {
  send: (text: string) => void;
  /** Quiet for this long first: most commands have ended by then. */
  firstAfterMs: number;
}

/** Between two messages. */
const ROUND_MS = 500;
/** Read of one round (bytes); what comes beyond it is only in the answer. Bounds the time that redaction takes. */
const ROUND_BYTES = 16_384;
/** Shown of one round (UTF-16 units): the newest lines. */
const SHOWN = 2000;

/** Shows what a command prints while it runs, cleaned and redacted as its answer will be, whole lines at a time. */
export function createProgress({ send, firstAfterMs, redactor, masks }: ProgressRules) {
  let chunks = redactor.chunks();
  let decoder = new StringDecoder('utf8');
  /** The beginning of a line; undefined: the rest of a line of which the beginning was left out. */
  let line: string | undefined = '';
  let room = ROUND_BYTES;
  let pending = '';
  let gap = false;
  let timer: NodeJS.Timeout | undefined;
  let wait = firstAfterMs;

  const flush = () => {
    timer = undefined;
    wait = ROUND_MS;
    room = ROUND_BYTES;
    if (gap) startAfterGap();
    if (pending === '') return;
    send(newest(pending));
    pending = '';
  };
  const startAfterGap = () => {
    // What was held back may be half a secret, whose other half was left out.
    chunks = redactor.chunks();
    decoder = new StringDecoder('utf8');
    line = undefined;
    gap = false;
  };
  const take = (text: string) => {
    const whole = line === undefined ? text.indexOf('\n') + 1 : 0;
    if (line === undefined && whole === 0) return;
    const all = (line ?? '') + text.slice(whole);
    const end = all.lastIndexOf('\n') + 1;
    line = all.slice(end);
    pending += chunks.push(cleanPiece(all.slice(0, end), masks).clean);
  };

  return {
    push(chunk: Buffer): void {
      timer ??= setTimeout(flush, wait);
      timer.unref();
      if (room <= 0 || chunk.length > room) gap = true;
      if (room > 0) take(decoder.write(chunk.subarray(0, room)));
      room -= chunk.length;
    },
    end(): void {
      clearTimeout(timer);
    },
  };
}

function newest(text: string): string {
  if (text.length <= SHOWN) return text;
  const from = text.indexOf('\n', text.length - SHOWN) + 1;
  return `…\n${text.slice(from === 0 ? text.length - SHOWN : from)}`;
}
