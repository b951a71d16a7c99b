import { dirname, resolve } from 'node:path';
import { base64Text, field, type Place, text, wrong } from './field-reader.ts';
import type { PemSource } from './types.ts';

/** `<name>-data` wins over the file `<name>`, as in client-go. */
export function pemSource(place: Place, name: string): PemSource | undefined {
  const pem = base64Text(field(place, `${name}-data`));
  if (pem !== undefined) return { from: 'inline', pem };
  const path = filePath(field(place, name));
  return path === undefined ? undefined : { from: 'file', path };
}

/** A path, made absolute against the folder of the file that holds it. */
export function filePath(place: Place): string | undefined {
  const path = text(place);
  if (path === undefined) return undefined;
  if (path.includes('\0')) throw wrong(place, 'is not a file path');
  return resolve(dirname(place.source.file), path);
}
