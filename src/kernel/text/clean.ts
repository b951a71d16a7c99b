/** UTF-16 units shown of one line by default. */
const DEFAULT_MAX_LINE = 2000;

/** Nothing to remove: plain characters, Latin letters, and what answers draw and punctuate with (`·`, `…`, `→`, `└`). */
const HARMLESS = /^[\n\t\x20-\x7e\xa0-\xac\xae-\u024f\u2010-\u2027\u2190-\u25ff]*$/;

/**
 * Terminal sequences, 7-bit and 8-bit: CSI; OSC, DCS, SOS, PM and APC up to their terminator, the line's end or 4096 characters; other escapes.
 * Each part is one character class that excludes ESC, so the time is linear.
 */
const ANSI =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?/g;

/** Carriage returns and Unicode's own line ends become line ends: what they would hide is shown. */
const LINE_ENDS = /\r\n?|[\u2028\u2029\u0085]/g;

/**
 * Invisible or reordering: C0 and C1 controls but for \n and \t, soft hyphen, bidi controls, zero-width characters, fillers, interlinear
 * marks, variation selectors and tag characters (both can carry hidden text), lone surrogates.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is removed by itself, whatever it would combine with
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}\p{Cs}]/gu;

/** Text from a cluster as it may be shown: no terminal sequences, no invisible characters, no endless lines. Linear time. */
export function cleanText(text: string, { maxLine = DEFAULT_MAX_LINE }: { maxLine?: number } = {}): string {
  const clean = HARMLESS.test(text) ? text : text.replace(ANSI, '').replace(LINE_ENDS, '\n').replace(INVISIBLE, '');
  return clean.length <= maxLine ? clean : capLines(clean, maxLine);
}

function capLines(text: string, maxLine: number): string {
  return text
    .split('\n')
    .map((line) => (line.length <= maxLine || isCapped(line, maxLine) ? line : capLine(line, maxLine)))
    .join('\n');
}

/** What a cut leaves behind, longest. */
const CUT_MARK = /… [[(]\d{1,12} more characters[\])]$/;
const CUT_MARK_LENGTH = 32;

/** Answers are cleaned more than once: a line that was cut keeps its mark, whose count a second cut would make wrong. */
function isCapped(line: string, maxLine: number): boolean {
  return line.length <= maxLine + CUT_MARK_LENGTH && CUT_MARK.test(line.slice(-CUT_MARK_LENGTH));
}

function capLine(line: string, maxLine: number): string {
  const unit = line.charCodeAt(maxLine - 1);
  // Not between the halves of a character.
  const end = unit >= 0xd800 && unit <= 0xdbff ? maxLine - 1 : maxLine;
  return `${line.slice(0, end)}… [${line.length - end} more characters]`;
}
