import { setImmediate } from 'node:timers/promises';
import { abortReason } from '../kernel/async.ts';
import { cleanText } from '../kernel/text/clean.ts';

/** What takes secrets out of a call's texts: the call's redactor. */
export interface OutputRedactor {
  /**
   * For text that may repeat what the caller wrote: what only looks like a secret is marked where it stands, with a marker that
   * compares with nothing. A word that was taken for a password must not vanish from the whole answer.
   */
  text(text: string): string;
  /** The same for text that comes in pieces. */
  chunks(): { push(chunk: string): string; end(): string };
}

/** Our own words in a child's text, and what a plain tool would have said there. Longer ones first. */
export type Masks = readonly (readonly [ours: string, shown: string])[];

export interface OutputRules {
  redactor: OutputRedactor;
  masks: Masks;
}

export interface TidyText {
  text: string;
  /** Control characters, terminal sequences or invisible ones were taken out. */
  cleaned: boolean;
  /** A secret was taken out. */
  redacted: boolean;
}

/** Redaction takes about 0.13 s a MB: pieces of this size (UTF-16 units) leave the event loop free between them. */
const PIECE = 16_384;
/** A line longer than this is cut into pieces. */
const MAX_PIECE = 262_144;
/** The loop may be held for this long. */
const SLICE_MS = 8;

/** A child's text as it may be shown: ours masked, cleaned, redacted. Nothing else of it changes. Rejects when `signal` aborts. */
export async function tidyText(text: string, rules: OutputRules, signal?: AbortSignal): Promise<TidyText> {
  if (text.length <= PIECE) {
    const { clean, cleaned } = cleanPiece(text, rules.masks);
    const shown = rules.redactor.text(clean);
    return { text: shown, cleaned, redacted: shown !== clean };
  }
  const chunks = rules.redactor.chunks();
  const before: string[] = [];
  const after: string[] = [];
  let anyCleaned = false;
  let since = performance.now();
  for (let from = 0; from < text.length; ) {
    const to = pieceEnd(text, from);
    const { clean, cleaned } = cleanPiece(text.slice(from, to), rules.masks);
    anyCleaned ||= cleaned;
    before.push(clean);
    after.push(chunks.push(clean));
    from = to;
    if (performance.now() - since < SLICE_MS) continue;
    await setImmediate();
    if (signal?.aborted) throw abortReason(signal);
    since = performance.now();
  }
  after.push(chunks.end());
  const shown = after.join('');
  return { text: shown, cleaned: anyCleaned, redacted: shown !== before.join('') };
}

function pieceEnd(text: string, from: number): number {
  const end = from + PIECE;
  if (end >= text.length) return text.length;
  const newline = text.indexOf('\n', end);
  return Math.min(newline < 0 ? text.length : newline + 1, from + MAX_PIECE);
}

/** One piece, for text that is shown while it comes. */
export function cleanPiece(text: string, masks: Masks): { clean: string; cleaned: boolean } {
  const masked = masks.reduce((rest, [ours, shown]) => rest.replaceAll(ours, shown), text);
  // One line of JSON may be the whole answer: it stays whole.
  const clean = cleanText(masked, { maxLine: Number.POSITIVE_INFINITY });
  return { clean, cleaned: clean !== masked };
}

/** The first `max` UTF-16 units, without half a character at the end. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}
