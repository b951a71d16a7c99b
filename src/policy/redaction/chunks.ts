import type { CallRedactor } from './redactor.ts';

/** A line longer than this is given out before its end; what is cut then is cut between words where it can be. */
const MAX_HELD = 65_536;
/** Kept back of an overlong line: most credentials are shorter. */
const KEEP = 16_384;

export interface ChunkRedactor {
  /** Takes the next piece and gives what can be shown already. */
  push(chunk: string): string;
  /** Gives the rest. */
  end(): string;
}

/** Redacts text that comes in pieces: whole lines only, less what could be the beginning of a secret over several lines. */
export function createChunkRedactor(redactor: Pick<CallRedactor, 'clusterText' | 'holdFrom'>): ChunkRedactor {
  let held = '';
  return {
    push(chunk) {
      held += chunk;
      const cut = safeCut(held, redactor);
      if (cut === 0) return '';
      const ready = held.slice(0, cut);
      held = held.slice(cut);
      return redactor.clusterText(ready);
    },
    end() {
      const rest = held;
      held = '';
      return redactor.clusterText(rest);
    },
  };
}

function safeCut(held: string, redactor: Pick<CallRedactor, 'holdFrom'>): number {
  const lines = held.lastIndexOf('\n') + 1;
  const overlong = held.length - lines > MAX_HELD;
  const cut = overlong ? held.length - KEEP : lines;
  // What would be given out: a secret that begins in it and goes on after it is kept back.
  const ready = held.slice(0, cut);
  const safe = Math.min(cut, redactor.holdFrom(ready), openKey(ready), openBlock(ready));
  if (safe >= cut && !overlong) return cut;
  // Beyond the cap something must go: memory is bounded, whatever is sent.
  const forced = held.length > 4 * MAX_HELD ? Math.max(safe, held.length - 2 * MAX_HELD) : safe;
  if (forced === 0) return 0;
  const lineStart = held.lastIndexOf('\n', forced - 1) + 1;
  if (!overlong || lineStart === forced) return lineStart;
  const space = Math.max(held.lastIndexOf(' ', forced), held.lastIndexOf('\n', forced)) + 1;
  return space > forced - KEEP && space > 0 ? space : forced;
}

/** Where a private key begins that has not ended yet. */
function openKey(held: string): number {
  const begin = held.lastIndexOf('-----BEGIN ');
  return begin >= 0 && held.indexOf('-----END ', begin) < 0 ? begin : held.length;
}

/** Where `name: |` begins, when all that follows could belong to it. */
function openBlock(held: string): number {
  const at = Math.max(held.lastIndexOf(': |'), held.lastIndexOf(': >'));
  if (at < 0) return held.length;
  const start = held.lastIndexOf('\n', at) + 1;
  const indent = /^[ \t-]*/.exec(held.slice(start, start + 200))?.[0].length ?? 0;
  const body = held.slice(start).split('\n').slice(1);
  const open = body.every((line) => line.trim() === '' || (/^[ \t]*/.exec(line)?.[0].length ?? 0) > indent);
  return open ? start : held.length;
}
