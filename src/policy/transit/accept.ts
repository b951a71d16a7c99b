/** Which forms of an answer a guard can read: JSON in the shapes that API servers give it, and the text of logs. */

/** Values of `as=` whose answers are understood. */
const SHAPES: ReadonlySet<string> = new Set([
  'Table',
  'PartialObjectMetadata',
  'PartialObjectMetadataList',
  'APIGroupDiscoveryList',
]);

/** The ranges of `accept` that ask for JSON; plain JSON where none does. Protobuf, CBOR and what is not known are left out. */
export function jsonAccept(accept: string | undefined): string {
  const kept = (accept ?? '')
    .split(',')
    .map((range) => range.trim())
    .filter(isReadable);
  return kept.length === 0 ? 'application/json' : kept.join(',');
}

function isReadable(range: string): boolean {
  const [type, ...parameters] = range.split(';').map((part) => part.trim());
  if (type?.toLowerCase() !== 'application/json') return false;
  return parameters.every((parameter) => {
    const [name = '', value = ''] = parameter.split('=').map((part) => part.trim());
    return name.toLowerCase() === 'as' ? SHAPES.has(value) : /^(?:g|v|q|charset)$/i.test(name);
  });
}

/** A media type without its parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
