/**
 * Estimates the o200k tokens of `text` in one linear pass, without a tokenizer's 2 MB of tables.
 * Weights were fitted against gpt-tokenizer on pod tables, YAML, JSON, logs, diffs, base64, prose and CJK: between -5 % and +25 % on each
 * (tokens.test.ts holds them there).
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isLetter(code)) {
      const end = runOf(text, at, isLetter);
      const beside = isDigit(text.charCodeAt(end)) || (at > 0 && isDigit(text.charCodeAt(at - 1)));
      tokens += wordCost(text, at, end, beside);
      at = end;
    } else if (isDigit(code)) {
      const end = runOf(text, at, isDigit);
      // Digits go in groups of up to three.
      tokens += Math.ceil((end - at) / 3);
      at = end;
    } else if (code === SPACE || code === NEWLINE || code === TAB || code === RETURN) {
      const end = runOf(text, at, isSpace);
      // One space joins the word after it; a longer run is one token more, whatever its length.
      tokens +=
        end - at === 1 && code === SPACE ? (isDigit(text.charCodeAt(end)) ? 1 : 0.05) : spaceCost(text, at, end);
      at = end;
    } else if (code < 0x80) {
      const end = runOf(text, at, isPunctuation);
      tokens +=
        code === DOT && end - at === 1 && isLetter(text.charCodeAt(end))
          ? 0.4
          : punctuationCost(end - at, isLetter(text.charCodeAt(end)));
      at = end;
    } else {
      tokens += foreignCost(code);
      at++;
    }
  }
  return Math.ceil(tokens);
}

/** No text is estimated at more: what a UTF-16 unit costs at most, and what rounding adds. */
export const mostTokens = ({ length }: string): number => 1.3 * length + 1;

const SPACE = 0x20;
const NEWLINE = 0x0a;
const TAB = 0x09;
/** `.example` is mostly one token. */
const DOT = 0x2e;
const RETURN = 0x0d;

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}
function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}
function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
function isSpace(code: number): boolean {
  return code === SPACE || code === NEWLINE || code === TAB || code === RETURN;
}
function isPunctuation(code: number): boolean {
  return code < 0x80 && !isLetter(code) && !isDigit(code) && !isSpace(code);
}

function runOf(text: string, from: number, belongs: (code: number) => boolean): number {
  let end = from + 1;
  while (end < text.length && belongs(text.charCodeAt(end))) end++;
  return end;
}

/** Words split where the case changes; letters beside digits are hashes and versions, which split into pairs. */
function wordCost(text: string, from: number, to: number, besideDigit: boolean): number {
  let cost = 0;
  let start = from;
  for (let i = from + 1; i <= to; i++) {
    const turns = i < to && isUpper(text.charCodeAt(i)) && !isUpper(text.charCodeAt(i - 1));
    if (i < to && !turns) continue;
    cost += partCost(text, start, i, besideDigit);
    start = i;
  }
  return cost;
}

function partCost(text: string, from: number, to: number, besideDigit: boolean): number {
  const length = to - from;
  if (besideDigit) return Math.max(1, length / 1.72);
  const vowels = vowelsIn(text, from, to);
  // No vowel in sight: a random suffix or an unknown abbreviation.
  if (length >= 4 && vowels * 5 < length) return length / 2;
  if (isUpper(text.charCodeAt(from)) && length > 1 && isUpper(text.charCodeAt(from + 1)))
    return Math.max(1, length / 3.4);
  return length <= 9 ? 1.05 : 1.05 + (length - 9) / 12;
}

function vowelsIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const lower = text.charCodeAt(i) | 0x20;
    if (lower === 0x61 || lower === 0x65 || lower === 0x69 || lower === 0x6f || lower === 0x75 || lower === 0x79)
      count++;
  }
  return count;
}

function spaceCost(text: string, from: number, to: number): number {
  const afterPunctuation = from > 0 && isPunctuation(text.charCodeAt(from - 1));
  const newline = text.charCodeAt(from) === NEWLINE;
  const indent = newline ? to - from - 1 : to - from;
  // A newline after punctuation joins it; a lone tab or space joins the word behind it.
  const newlineCost = newline ? (afterPunctuation ? 0.45 : 1) : 0;
  const indentCost = indent === 0 ? 0 : indent === 1 && isLetter(text.charCodeAt(to)) ? 0.1 : newline ? 0.6 : 1;
  // The last space before a digit stands alone.
  return newlineCost + indentCost + (indent > 1 && isDigit(text.charCodeAt(to)) ? 1 : 0);
}

/** Runs such as `":"` and `"},` are mostly one token; a single character often joins the word after it (`.example`, `/api`). */
function punctuationCost(length: number, beforeLetter: boolean): number {
  if (length === 1) return beforeLetter ? 0.75 : 1;
  return length <= 4 ? 1.05 : Math.ceil(length / 4);
}

/** Per UTF-16 unit. */
function foreignCost(code: number): number {
  if (code < 0x250) return 0.7;
  if (code < 0x530) return 0.36;
  if (code < 0x700) return 0.5;
  if (code < 0x2000) return 0.85;
  if (code < 0x2e80) return 1.1;
  if (code >= 0x3040 && code <= 0x30ff) return 0.66;
  if (code >= 0xac00 && code <= 0xd7a3) return 0.8;
  // Two units make one character beyond the basic plane: three tokens for many an emoji.
  if (code >= 0xd800 && code <= 0xdfff) return 1.3;
  return 0.85;
}
