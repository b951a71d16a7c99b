import { decodeBase64, decodeUtf8 } from './fingerprint.ts';
import { redactedManifest } from './manifest-text.ts';
import type { CallRedactor } from './redactor.ts';
import { packRelease, unpackRelease } from './release.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The Secret in which helm keeps a release, without the credentials of its values, notes and manifests. A command that only looks at a
 * release can be made to print any of it in any spelling, by `get all --template` or by a dry run of a chart of the caller's own: what
 * it is not given it cannot spell. Templates and files of the chart are left out. What cannot be read is redacted whole.
 */
export function shownRelease(secret: Fields, redactor: CallRedactor): unknown {
  // Remembers what is secret in it before anything of it is shown.
  const redacted = redactor.object(secret, 'Secret');
  const data = secret['data'];
  const payload = isFields(data) ? data['release'] : undefined;
  const packed = typeof payload === 'string' ? decodeBase64(payload) : undefined;
  const release = packed === undefined ? undefined : unpackRelease(decodeUtf8(packed) ?? '');
  if (!isFields(data) || release === undefined) return redacted;
  const shown = packRelease(shownParts(release, redactor));
  return { ...secret, data: { release: Buffer.from(shown).toString('base64') } };
}

function shownParts(release: Fields, redactor: CallRedactor): Fields {
  const { config, chart, info, manifest, hooks } = release;
  // Values are no object of the cluster: a field `data` of theirs is not a Secret's.
  const values = (value: unknown): unknown => redactor.object(value, 'Values');
  const text = (value: unknown) => (typeof value === 'string' ? redactedManifest(value, redactor) : value);
  return {
    ...release,
    config: values(config),
    info: values(info),
    chart: isFields(chart) ? shownChart(chart, values) : chart,
    manifest: text(manifest),
    hooks: Array.isArray(hooks)
      ? hooks.map((hook) => (isFields(hook) ? { ...hook, manifest: text(hook['manifest']) } : hook))
      : hooks,
  };
}

function shownChart({ metadata, lock, values }: Fields, shown: (value: unknown) => unknown): Fields {
  return { metadata: shown(metadata), lock, templates: [], values: shown(values), schema: null, files: [] };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
