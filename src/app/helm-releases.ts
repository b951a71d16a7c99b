import type { ParsedCommand } from '../exec/types.ts';
import { AppError } from '../kernel/errors.ts';
import type { ApiRequest } from '../kernel/vocabulary.ts';
import { parseDocuments } from '../operations/manifests/parse.ts';
import { decodeBase64, decodeUtf8 } from '../policy/redaction/fingerprint.ts';
import { packRelease, unpackRelease } from '../policy/redaction/release.ts';
import { containsMarker, resolveMarkers } from '../policy/redaction/resolve.ts';
import { isSecret } from '../policy/transit/body.ts';
import { isFields } from '../policy/transit/fields.ts';

const RELEASE_NAME = /^sh\.helm\.release\.v1\./;
const RELEASE_TYPE = 'helm.sh/release.v1';

/** helm's own record of a release, as its Secret storage keeps it. */
export function isRelease(object: unknown): boolean {
  if (!isFields(object) || object['type'] !== RELEASE_TYPE || !isFields(object['metadata'])) return false;
  const { name } = object['metadata'];
  return typeof name === 'string' && RELEASE_NAME.test(name);
}

/**
 * Whether helm reads or writes its records here. A chart's `lookup` can ask for the same Secrets, and would print what is in them: it asks
 * as the dynamic client does, for JSON and nothing else, where helm's storage is a typed client that takes protobuf or anything.
 */
export function isReleaseStorage(
  api: ApiRequest,
  { tool, effect }: Pick<ParsedCommand, 'tool' | 'effect'>,
  { accept = '', name }: { accept: string | undefined; name: string | undefined },
): boolean {
  if (tool !== 'helm' || api.type !== 'resource' || !isSecret(api) || api.subresource !== undefined) return false;
  if (accept.trim() === '' || /^\s*application\/json\s*(?:;[^,]*)?$/i.test(accept)) return false;
  if (api.verb === 'list' || api.verb === 'watch') return true;
  if (name === undefined || !RELEASE_NAME.test(name)) return false;
  return api.verb === 'get' || (api.verb !== 'deletecollection' && effect !== 'read' && effect !== 'local');
}

/** Reads the live Secret of a manifest; undefined where there is none. */
export type ReadSecret = (namespace: string, name: string) => Promise<unknown>;

/**
 * A record that helm is to store, without redaction markers. A chart that keeps a generated password looks the live Secret up and puts
 * it back: helm then has the marker in its manifest, and a later rollback would write it. Where it stands in the Secret's own data the
 * live value takes its place; anywhere else it is refused. The same object where there is none.
 */
export async function resolveRelease<T>(secret: T, read: ReadSecret, key: Uint8Array): Promise<T> {
  const data = isFields(secret) ? secret['data'] : undefined;
  const encoded = isFields(data) ? data['release'] : undefined;
  const payload = typeof encoded === 'string' ? decodeUtf8(decodeBase64(encoded) ?? Buffer.of(0xff)) : undefined;
  const release = payload === undefined ? undefined : unpackRelease(payload);
  if (release === undefined) {
    throw new AppError('invalid_manifest', 'The record of the release cannot be read, so that it was not stored.', {
      remedy: 'Make the chart smaller: 16 MiB unpacked are read.',
    });
  }
  const hits = containsMarker(release);
  if (hits.length === 0) return secret;
  const namespace = typeof release['namespace'] === 'string' ? release['namespace'] : 'default';
  const texts = new Map<string, string>();
  for (const { path } of hits) {
    const manifest = manifestAt(release, path);
    if (manifest === undefined) throw refused(`in ${path.slice(0, 4).join('.')}`);
    if (!texts.has(manifest)) texts.set(manifest, await resolvedManifest(manifest, namespace, read, key));
  }
  const clean = structuredClone(release);
  const replaced = (holder: Record<string, unknown>) => {
    const text = typeof holder['manifest'] === 'string' ? texts.get(holder['manifest']) : undefined;
    if (text !== undefined) holder['manifest'] = text;
  };
  replaced(clean);
  for (const hook of Array.isArray(clean['hooks']) ? clean['hooks'] : []) if (isFields(hook)) replaced(hook);
  const packed = Buffer.from(packRelease(clean)).toString('base64');
  // A copy with another text in one field of its data.
  return { ...secret, data: { ...(isFields(data) ? data : {}), release: packed } };
}

function manifestAt(
  release: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
): string | undefined {
  const [first, at, last] = path;
  if (path.length === 1 && first === 'manifest') return textOf(release['manifest']);
  const { hooks } = release;
  if (path.length !== 3 || first !== 'hooks' || last !== 'manifest' || !Array.isArray(hooks)) return undefined;
  const hook: unknown = typeof at === 'number' ? hooks[at] : undefined;
  return isFields(hook) ? textOf(hook['manifest']) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function resolvedManifest(
  manifest: string,
  namespace: string,
  read: ReadSecret,
  key: Uint8Array,
): Promise<string> {
  const parts: string[] = [];
  for (const text of manifest.split(/(?=^---)/m)) {
    const marked = containsMarker(text).length > 0;
    parts.push(marked ? await resolvedDocument(text, namespace, read, key) : text);
  }
  return parts.join('');
}

async function resolvedDocument(text: string, namespace: string, read: ReadSecret, key: Uint8Array): Promise<string> {
  const [document] = parseDocuments(text);
  const object = document?.value;
  const metadata = isFields(object) && isFields(object['metadata']) ? object['metadata'] : {};
  const { name, namespace: own = namespace } = metadata;
  if (!isFields(object) || object['kind'] !== 'Secret' || typeof name !== 'string' || typeof own !== 'string') {
    throw refused('outside of a Secret');
  }
  const before = object['data'];
  const { data } = resolveMarkers({ ...object }, await read(own, name), key);
  let out = text;
  for (const { path, encoding } of containsMarker(object)) {
    const [root, field] = path;
    if (root !== 'data' || path.length !== 2 || encoding !== 'base64')
      throw refused(`in ${path.slice(0, 4).join('.')}`);
    const written = isFields(before) && typeof field === 'string' ? before[field] : undefined;
    const real = isFields(data) && typeof field === 'string' ? data[field] : undefined;
    // Base64 on both sides: no character of it means anything to YAML.
    if (typeof written !== 'string' || typeof real !== 'string') throw refused(`in data.${String(field)}`);
    out = out.split(written).join(real);
  }
  if (containsMarker(out).length > 0) throw refused('in a comment or a key');
  return out;
}

function refused(where: string): AppError {
  return new AppError(
    'invalid_manifest',
    `The release would keep a redaction marker ${where}, and a rollback would write it to the cluster.`,
    {
      remedy:
        'Give the real values; a chart that looks up a Secret (lookup) can only put it back into the data of the same Secret.',
    },
  );
}
