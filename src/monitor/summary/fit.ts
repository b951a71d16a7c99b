/** A text that never has more bytes than it may: what does not fit is counted, and the argument that gets it is named. */

/** Part of a text. They stand in the order given; what is shown of each when space is short follows `rank`. */
export interface Section {
  /** '' for none. */
  heading: string;
  lines: readonly string[];
  /** The lower, the earlier it is given space. */
  rank: number;
  /** So many lines are given space before any other section gets its rest. */
  least: number;
  /** How to get what is left out: `max_size_kb: 50`. */
  more: string;
}

/** UTF-8 bytes of one line are capped, so that one never takes all the space. */
const LINE_BYTES = 700;

/** For the names of sections that found no space at all: no more than this, and this share of a small text. */
const NAMED_BYTES = 120;
const NAMED_SHARE = 1 / 8;
/** Most of a small text is for what stands between the first line and the last, which gives way to what is most important. */
const FIRST_SHARE = 2 / 5;
const LAST_SHARE = 1 / 5;
const LEAST_LAST_SHARE = 1 / 10;
/** The first line of what is most important is cut rather than left out, unless less than this would be left of it. */
const LEAST_LINE = 40;

const addLine = (bytes: number, line: string) => bytes + bytesOf(line) + 1;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');

export const bytesOf = (text: string): number => Buffer.byteLength(text);

export const jsonBytes = (value: unknown): number => bytesOf(JSON.stringify(value) ?? '');

/** The first bytes of `text`, never half a character; ends with an ellipsis where something is missing. */
export function cutBytes(text: string, most: number): string {
  if (bytesOf(text) <= most) return text;
  const mark = '…';
  const room = most - bytesOf(mark);
  if (room < 0) return '';
  const bytes = encoder.encode(text);
  let end = room;
  // A byte 10xxxxxx continues the character before it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${decoder.decode(bytes.subarray(0, end))}${mark}`;
}

const restLine = (left: number, more: string) => `… and ${left} more (${more})`;

interface Share {
  section: Section;
  lines: string[];
  taken: number;
  /** Bytes with its heading and its rest line, each with the line end before it. */
  bytes: number;
}

/**
 * `first` and `last` frame the text and are kept, cut where even they do not fit; so is the first line of what has the lowest rank.
 * At most `most` bytes come out, whatever goes in.
 */
export function fitText(input: { first: string; sections: readonly Section[]; last: string }, most: number): string {
  const first = cutBytes(oneLine(input.first), Math.floor(most * FIRST_SHARE));
  const shares = input.sections
    .filter(({ lines }) => lines.length > 0)
    .map(
      (section): Share => ({
        section,
        lines: section.lines.map((line) => cutBytes(oneLine(line), LINE_BYTES)),
        taken: 0,
        bytes: 0,
      }),
    );
  const ranked = [...shares].sort((a, b) => a.section.rank - b.section.rank);
  const [leading] = ranked;
  const namedBytes = Math.min(NAMED_BYTES, Math.floor(most * NAMED_SHARE));
  const besides = bytesOf(first) + (leading === undefined ? 0 : costOf(leading, 1)) + namedBytes + 2;
  const lastRoom = Math.min(most * LAST_SHARE, Math.max(most * LEAST_LAST_SHARE, most - besides));
  const last = cutBytes(oneLine(input.last), Math.floor(lastRoom));
  let room = most - bytesOf(first) - (last === '' ? 0 : bytesOf(last) + 1);
  const whole = shares.reduce(
    (bytes, { section, lines }) => bytes + lines.reduce(addLine, bytesOf(section.heading) + 1),
    0,
  );
  // Where not all fits, a section may go without a line: then it is at least named.
  if (whole > room) room -= namedBytes + 1;
  if (leading !== undefined) cutFirstLine(leading, room);
  for (const share of ranked) room -= grow(share, share.section.least, room);
  for (const share of ranked) room -= grow(share, share.lines.length, room);
  const unseen = shares.filter(({ taken, section: { heading } }) => taken === 0 && heading !== '');
  const names = unseen.map(({ section }) => section.heading.replace(/:$/, '')).join('; ');
  const named = names === '' ? [] : [cutBytes(`no room for: ${names}`, namedBytes)];
  const parts = [first, ...shares.flatMap(textOf), ...named, ...(last === '' ? [] : [last])];
  return cutBytes(parts.join('\n'), most);
}

/** To what there is room for. */
function cutFirstLine(share: Share, room: number): void {
  const [line = ''] = share.lines;
  const over = costOf(share, 1) - room;
  const left = bytesOf(line) - over;
  if (over > 0 && left >= LEAST_LINE) share.lines[0] = cutBytes(line, left);
}

/** Takes up to `upTo` lines of a section as far as there is room. Returns the bytes it took. */
function grow(share: Share, upTo: number, room: number): number {
  const before = share.bytes;
  while (share.taken < Math.min(upTo, share.lines.length)) {
    const bytes = costOf(share, share.taken + 1);
    if (bytes - before > room) break;
    share.taken++;
    share.bytes = bytes;
  }
  return share.bytes - before;
}

function costOf({ section, lines, taken, bytes }: Share, count: number): number {
  const left = lines.length - count;
  const rest = left === 0 ? 0 : bytesOf(restLine(left, section.more)) + 1;
  const oldLeft = lines.length - taken;
  const oldRest = taken === 0 || oldLeft === 0 ? 0 : bytesOf(restLine(oldLeft, section.more)) + 1;
  const heading = taken === 0 && section.heading !== '' ? bytesOf(section.heading) + 1 : 0;
  return bytes - oldRest + heading + bytesOf(lines[count - 1] ?? '') + 1 + rest;
}

function textOf({ section, lines, taken }: Share): string[] {
  if (taken === 0) return [];
  const left = lines.length - taken;
  return [
    ...(section.heading === '' ? [] : [section.heading]),
    ...lines.slice(0, taken),
    ...(left === 0 ? [] : [restLine(left, section.more)]),
  ];
}

const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ');
