/** Answers that are changed as a whole: JSON documents that are edited, bodies whose encoding goes wrong. */
import { gzipSync } from 'node:zlib';
import { parsed } from './frames.ts';
import { applyEdits, type PageFacts } from './json-edits.ts';
import type { Edit, Encoding } from './plan.ts';

export async function gathered(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** Undefined for what is no JSON. */
export function editedDocument(body: Buffer, edits: readonly Edit[], page: PageFacts): Buffer | undefined {
  const document = parsed(body);
  if (document === undefined) return undefined;
  applyEdits(document, edits, page);
  return Buffer.from(JSON.stringify(document));
}

/** The body, and what its `Content-Encoding` says: null none. */
export function garbled(body: Buffer, as: Encoding): { body: Buffer; says: 'gzip' | null } {
  const zipped = gzipSync(body);
  const middle = Math.floor(zipped.length / 2);
  switch (as) {
    case 'gzip':
      return { body: zipped, says: 'gzip' };
    case 'truncated-gzip':
      return { body: zipped.subarray(0, middle), says: 'gzip' };
    case 'corrupt-gzip':
      zipped[middle] = ~(zipped[middle] ?? 0);
      return { body: zipped, says: 'gzip' };
    case 'says-gzip':
      return { body, says: 'gzip' };
    case 'hides-gzip':
      return { body: zipped, says: null };
  }
}

/** Without protobuf where JSON would do as well: what has to be edited has to be JSON. */
export function preferJson(accept: string): string {
  const others = accept.split(',').filter((part) => !part.includes('protobuf'));
  return others.length > 0 ? others.join(',').trim() : accept;
}
