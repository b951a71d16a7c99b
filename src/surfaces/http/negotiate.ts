/** True when `Accept` asks for text/plain more than for JSON. Nothing, and a wildcard, mean JSON. */
export function prefersText(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  let text = 0;
  let json = 0;
  for (const range of accept.slice(0, 1000).split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    const q = quality === undefined ? 1 : Number(quality.slice(2)) || 0;
    if (type === 'text/plain') text = Math.max(text, q);
    if (type === 'application/json' || type === 'application/*') json = Math.max(json, q);
    // A wildcard is less than a named type of the same quality.
    if (type === '*/*') json = Math.max(json, q - 0.0005);
  }
  return text > json;
}
