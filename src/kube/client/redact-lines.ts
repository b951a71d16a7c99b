/** A line longer than this is passed on in pieces, so that a log without line ends cannot fill the memory. Characters. */
const MAX_LINE = 256 * 1024;

/** `chunks` as whole lines, each run of them redacted together: a secret cut by the border of two chunks is still seen whole. */
export async function* redactLines(
  chunks: AsyncIterable<string>,
  redact: (text: string) => string,
): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of chunks) {
    held += chunk;
    const end = cutAt(held);
    if (end === 0) continue;
    yield redact(held.slice(0, end));
    held = held.slice(end);
  }
  if (held !== '') yield redact(held);
}

/** After the last line end; in an overlong line after its last space, as secrets hold none, else at its end. */
function cutAt(held: string): number {
  const line = held.lastIndexOf('\n') + 1;
  if (line > 0 || held.length <= MAX_LINE) return line;
  const space = held.lastIndexOf(' ') + 1;
  return space > 0 ? space : held.length;
}
