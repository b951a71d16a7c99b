import type { Coverage } from '../../../graph/access.ts';
import { usefulFirst } from '../../../graph/queries/useful-first.ts';
import { jsonBytes } from '../../../monitor/summary/fit.ts';
import { bareVerdict, shrink } from '../../../monitor/summary/shrink.ts';
import type { CompactCoverage, ShrunkSummary, Summary, TypedSummary } from '../../../monitor/summary/types.ts';
import { cleaned } from '../cleaned.ts';

/** Kinds named of each sort in the typed answer. */
const NAMED = 10;

export type SummaryAnswer = ShrunkSummary & {
  /** `bytes`: of the whole answer as JSON. `cut`: more is known than there was room for. */
  size: { max_size_kb: number; bytes: number; cut: boolean };
  text: string;
};

/** The typed answer with its text: together they have no more bytes as JSON than the caller allows. */
export function fitAnswer(
  summary: Summary,
  { kb, text, textOf }: { kb: number; text: string; textOf: (bytes: number) => string },
): SummaryAnswer {
  const most = kb * 1024;
  const typed = typedOf(cleaned(summary));
  const whole = sized(typed, { kb, text, cut: false });
  if (whole.size.bytes <= most) return whole;
  // Of what is neither the text nor the summary as many bytes as there may be: `bytes` has at most five digits.
  const room = most - sizedBytes({ kb, text: '', cut: true }) - 4;
  const forText = Math.max(Math.floor(room / 2), room - jsonBytes(typed));
  const first = textWithin(Math.min(forText, room - jsonBytes(bareVerdict(typed))), textOf);
  const shrunk = shrink(typed, room - (jsonBytes(first) - 2));
  // What is left of the summary's part is the text's.
  return sized(shrunk, { kb, text: textWithin(room - jsonBytes(shrunk), textOf), cut: true });
}

/** JSON writes a line end or a quote as two bytes: what has too many of them is made anew for fewer. */
function textWithin(room: number, textOf: (bytes: number) => string): string {
  for (let bytes = room; bytes > 0; ) {
    const text = textOf(bytes);
    const written = jsonBytes(text) - 2;
    if (written <= room) return text;
    bytes = Math.floor((bytes * room) / written);
  }
  return '';
}

interface Around {
  kb: number;
  text: string;
  cut: boolean;
}

/** Bytes of what stands beside the summary, with the commas and braces, as if `bytes` had one digit. */
const sizedBytes = ({ kb, text, cut }: Around): number =>
  jsonBytes({ size: { max_size_kb: kb, bytes: 0, cut }, text }) - 1;

function sized(summary: ShrunkSummary, around: Around): SummaryAnswer {
  const others = jsonBytes(summary) + sizedBytes(around) - 1;
  let bytes = others;
  // Its own digits count.
  while (bytes !== others + String(bytes).length) bytes = others + String(bytes).length;
  return { ...summary, size: { max_size_kb: around.kb, bytes, cut: around.cut }, text: around.text };
}

function typedOf({ coverage, ...summary }: Summary): TypedSummary {
  return { ...summary, coverage: compact(coverage) };
}

function compact({ synced, asOf, ...coverage }: Coverage): CompactCoverage {
  const { syncing, forbidden, stale, left } = coverage;
  return {
    ...coverage,
    as_of: new Date(asOf).toISOString(),
    synced: synced.length,
    totals: { syncing: syncing.length, forbidden: forbidden.length, stale: stale.length, left: left.length },
    syncing: usefulFirst(syncing).slice(0, NAMED),
    forbidden: usefulFirst(forbidden).slice(0, NAMED),
    stale: usefulFirst(stale).slice(0, NAMED),
    left: usefulFirst(left).slice(0, NAMED),
    namespaces: coverage.namespaces?.slice(0, NAMED),
  };
}
