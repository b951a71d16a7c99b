/** Longest line kept, in characters; the rest of it is dropped and said. */
const MAX_LINE = 2000;
/** Text read of one container before reading stops, in characters. */
const MAX_READ = 16 * 1024 * 1024;

/** Whole lines of text that arrives in pieces. Lines longer than MAX_LINE are cut while they arrive. */
export async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let open = '';
  let dropped = 0;
  const extend = (piece: string) => {
    const room = Math.max(0, MAX_LINE - open.length);
    open += piece.slice(0, room);
    dropped += Math.max(0, piece.length - room);
  };
  const close = () => {
    const line = dropped === 0 ? open : `${open}… (${dropped} more characters)`;
    open = '';
    dropped = 0;
    return line.replace(/\r$/, '');
  };
  for await (const chunk of chunks) {
    const pieces = chunk.split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      extend(piece);
      yield close();
    }
    extend(last);
  }
  if (open !== '') yield close();
}

export interface LineFilter {
  include: ((line: string) => boolean) | undefined;
  exclude: ((line: string) => boolean) | undefined;
}

export interface Tail {
  lines: string[];
  /** Lines that were read, and that passed the filter. */
  read: number;
  matched: number;
  /** True when there was more text than is read. */
  stopped: boolean;
}

/** The last `keep` lines that pass the filter. */
export async function readTail(chunks: AsyncIterable<string>, filter: LineFilter, keep: number): Promise<Tail> {
  const tail: Tail = { lines: [], read: 0, matched: 0, stopped: false };
  let characters = 0;
  for await (const line of splitLines(chunks)) {
    tail.read++;
    characters += line.length + 1;
    if (filter.include?.(line) !== false && filter.exclude?.(line) !== true) {
      tail.matched++;
      tail.lines.push(line);
      if (tail.lines.length > 2 * keep) tail.lines = tail.lines.slice(-keep);
    }
    if (characters > MAX_READ) {
      tail.stopped = true;
      break;
    }
  }
  tail.lines = tail.lines.slice(-keep);
  return tail;
}
