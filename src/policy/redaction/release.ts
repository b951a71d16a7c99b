import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeBase64 } from './fingerprint.ts';
import { parsedDocument } from './manifest-text.ts';

/** Helm keeps a release in at most 1 MiB of Secret; unpacked it is rarely above 10 MiB. */
const MAX_RELEASE = 16 * 1024 * 1024;
const MAX_ALIASES = 50;

/** What of a Helm release can hold credentials and is shown by helm. Templates and schemas are left out. */
export interface ReleaseParts {
  config: unknown;
  values: unknown;
  info: unknown;
  /** YAML of what was applied, hooks included. */
  manifests: string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Helm's payload, base64 of gzip of JSON, unpacked; undefined where it cannot be read. */
export function unpackRelease(payload: string): Fields | undefined {
  const packed = decodeBase64(payload);
  if (packed === undefined) return undefined;
  try {
    const plain = packed[0] === 0x1f ? gunzipSync(packed, { maxOutputLength: MAX_RELEASE }) : packed;
    const release: unknown = JSON.parse(plain.toString('utf8'));
    return isFields(release) ? release : undefined;
  } catch {
    // Truncated, too large or not a release.
    return undefined;
  }
}

/** The payload of a release, as helm writes it. */
export function packRelease(release: Fields): string {
  return gzipSync(JSON.stringify(release)).toString('base64');
}

/** The parts of a payload that can hold credentials; undefined where it cannot be read. */
export function readRelease(payload: string): ReleaseParts | undefined {
  const release = unpackRelease(payload);
  if (release === undefined) return undefined;
  const { config, chart, info, manifest, hooks } = release;
  const texts = [manifest, ...(Array.isArray(hooks) ? hooks : []).map((hook) => isFields(hook) && hook['manifest'])];
  return {
    config,
    info,
    values: isFields(chart) ? chart['values'] : undefined,
    manifests: texts.filter((text) => typeof text === 'string'),
  };
}

/** The documents of a manifest that are Secrets, or lists with some among them. One that cannot be parsed is read line by line. */
export function* secretsInManifest(manifest: string): Generator<unknown> {
  for (const text of manifest.split(/^---/m)) {
    if (!/Secret/.test(text)) continue;
    yield parsedDocument(text)?.toJS({ maxAliasCount: MAX_ALIASES }) ?? dataLines(text);
  }
}

const FIELD = /^([ ]*)(?:- )?["']?([\w.-]{1,253})["']?:[ ]*(.*)$/;

/** A Secret with whatever stands below `data` and `stringData`, one value a line. */
function dataLines(text: string): unknown {
  const data: Record<string, string> = {};
  let below: number | undefined;
  for (const line of text.split('\n')) {
    const [, indent = '', key = '', value = ''] = FIELD.exec(line.slice(0, 1_100_000)) ?? [];
    if (key === '') continue;
    if (below !== undefined && indent.length <= below) below = undefined;
    if (key === 'data' || key === 'stringData') below = indent.length;
    else if (below !== undefined) data[`${key}.${Object.keys(data).length}`] = value.trim().replace(/^["']|["']$/g, '');
  }
  return { kind: 'Secret', data };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
