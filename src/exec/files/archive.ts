import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { checkPath } from './file-names.ts';
import { tooLarge, wrongFile } from './problems.ts';

export interface UnpackedFile {
  /** Below the archive's one folder, which is left out. */
  path: string;
  bytes: Uint8Array;
}

const inflate = promisify(gunzip);

const REMEDY = 'Make it with `helm package`, or give the files of the chart one by one.';
const TOO_MUCH = 'Give only the files that the command needs.';

/** Headers and padding of a thousand files, besides what is in them. */
const TAR_OVERHEAD = 2 * 1024 * 1024;

/**
 * The files of a gzipped tar archive with one folder at its top, as `helm package` makes them. The tool never sees the archive:
 * what it reads is exactly what was looked at here. No more than `maxBytes` are unpacked.
 */
export async function unpackArchive(name: string, archive: Uint8Array, maxBytes: number): Promise<UnpackedFile[]> {
  const entries = await readEntries(name, archive, maxBytes);
  const roots = new Set<string>();
  const files = new Map<string, Uint8Array>();
  for (const { header, data } of entries) {
    const path = header.name.replace(/^(?:\.\/)+/, '');
    const inside = `${name}!${path}`;
    if (header.type === 'directory' && /^\.?\/?$/.test(path)) continue;
    if (header.type !== 'file' && header.type !== 'directory') {
      throw wrongFile(inside, `is a ${header.type ?? 'thing of no known type'}`, 'Archives hold plain files only.');
    }
    checkPath(path.replace(/\/$/, ''));
    const [root = '', ...rest] = path.split('/');
    roots.add(root);
    if (roots.size > 1) throw wrongFile(name, 'has more than one folder at its top', REMEDY);
    if (header.type === 'directory') continue;
    const inner = rest.join('/');
    if (inner === '') throw wrongFile(inside, 'lies outside the folder of the chart', REMEDY);
    if (files.has(inner)) throw wrongFile(inside, 'is there twice', REMEDY);
    files.set(inner, data ?? new Uint8Array());
  }
  if (files.size === 0) throw wrongFile(name, 'holds no files', REMEDY);
  return [...files].map(([path, bytes]) => ({ path, bytes }));
}

async function readEntries(name: string, archive: Uint8Array, maxBytes: number) {
  const tar = await gunzipped(name, archive, maxBytes + TAR_OVERHEAD);
  try {
    return await unpackTar(tar, { strict: true });
  } catch {
    throw wrongFile(name, 'is not a tar archive that can be read', REMEDY);
  }
}

async function gunzipped(name: string, archive: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  try {
    return await inflate(archive, { maxOutputLength });
  } catch (thrown) {
    if (thrown instanceof RangeError) throw tooLarge('an archive unpacks to more than is taken', TOO_MUCH);
    throw wrongFile(name, 'is not gzip data that can be read', REMEDY);
  }
}
