import { AppError, toAppError } from '../../kernel/errors.ts';
import type { LogQuery } from '../../kube/types.ts';
import { compilePattern } from '../query/pattern.ts';
import { parseDuration, parseTimestamp } from '../query/values.ts';
import { foldRepeats } from '../shape/fold.ts';
import type { CallContext } from '../types.ts';
import type { LogSource } from './containers.ts';
import { type LineFilter, readTail } from './lines.ts';

/** Lines of one container that a filter looks through. */
export const SEARCHED_LINES = 10_000;
/** Logs read at the same time: each holds a connection to a kubelet open. */
const AT_ONCE = 6;

export interface LogOptions {
  namespace: string;
  lines: number;
  previous: boolean;
  timestamps: boolean;
  since: Pick<LogQuery, 'sinceSeconds' | 'sinceTime'>;
  filter: LineFilter;
}

/** What was read of one container. */
export type LogSection = {
  pod: string;
  container: string;
  /** Folded, oldest first. */
  lines: string[];
  /** Why there are none, or what else is to know. */
  note: string;
};

/** `10m`, `2h`, or an RFC 3339 time. */
export function sinceOf(since: string | undefined): LogOptions['since'] {
  if (since === undefined) return {};
  if (parseTimestamp(since) !== undefined) return { sinceTime: since };
  const seconds = parseDuration(since);
  if (seconds !== undefined && seconds > 0) return { sinceSeconds: Math.min(Math.ceil(seconds), 2 ** 31) };
  throw new AppError('invalid_argument', `since: "${since.slice(0, 40)}" is neither a duration nor a time.`, {
    remedy: 'Use for example 10m, 2h, 1d, or 2026-01-02T03:04:05Z.',
  });
}

export function filterOf(include: string | undefined, exclude: string | undefined): LineFilter {
  return { include: testOf('include', include), exclude: testOf('exclude', exclude) };
}

function testOf(name: string, source: string | undefined): ((line: string) => boolean) | undefined {
  if (source === undefined || source === '') return undefined;
  const pattern = compilePattern(
    source,
    () =>
      new AppError('invalid_argument', `${name}: not a pattern in RE2 syntax (no look-around, no back references).`, {
        remedy: `Correct ${name}; (?i) makes it ignore case.`,
      }),
  );
  return (line) => pattern.matcher(line).find();
}

/** Reads all sources, a few at a time. What fails for one becomes its note; where all fail, the first failure is thrown. */
export async function readSources(
  sources: readonly LogSource[],
  options: LogOptions,
  ctx: CallContext,
): Promise<LogSection[]> {
  const sections: LogSection[] = [];
  const failures: AppError[] = [];
  for (let i = 0; i < sources.length; i += AT_ONCE) {
    const batch = sources.slice(i, i + AT_ONCE).map(async (source) => {
      try {
        return await readSource(source, options, ctx);
      } catch (error) {
        const failure = toAppError(error);
        if (failure.code === 'cancelled' || failure.code === 'deadline_exceeded' || failure.code === 'internal')
          throw error;
        failures.push(failure);
        return { pod: source.pod, container: source.container, lines: [], note: `not read: ${failure.message}` };
      }
    });
    sections.push(...(await Promise.all(batch)));
  }
  const [first] = failures;
  if (first !== undefined && failures.length === sources.length) throw first;
  return sections;
}

async function readSource(
  { pod, container, closed }: LogSource,
  options: LogOptions,
  ctx: CallContext,
): Promise<LogSection> {
  if (closed !== undefined) return { pod, container, lines: [], note: closed };
  const { namespace, lines, previous, timestamps, since, filter } = options;
  const filtered = filter.include !== undefined || filter.exclude !== undefined;
  const tailLines = filtered ? SEARCHED_LINES : lines;
  const query = { namespace, pod, container, previous, timestamps, ...since, tailLines };
  const tail = await readTail(ctx.cluster.client.logs(query, ctx.signal), filter, lines);
  const notes = [
    ...(filtered
      ? [`${tail.matched} of the ${tail.read >= SEARCHED_LINES ? 'last ' : ''}${tail.read} lines match`]
      : []),
    ...(tail.stopped ? ['the end was not read: too much text'] : []),
    ...(tail.read === 0 ? ['empty'] : []),
  ];
  return { pod, container, lines: foldRepeats(tail.lines), note: notes.join('; ') };
}
