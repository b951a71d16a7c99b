import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments, parseDocument, stringify } from 'yaml';
import { markerOf } from './fingerprint.ts';
import { redactedManifest } from './manifest-text.ts';
import { createRedactor } from './redactor.ts';
import { packRelease } from './release.ts';
import { shownRelease } from './shown-release.ts';

const KEY = new Uint8Array(32).fill(9);
const mark = (value: string) => markerOf(KEY, value);
const base64 = (value: string) => Buffer.from(value).toString('base64');
const redactor = () => createRedactor(KEY, { secretData: 'base64' });
const shown = (manifest: string) => redactedManifest(manifest, redactor());

describe('the text of a manifest', () => {
  it('keeps its layout and comments, and what was secret is replaced where it stands, however short', () => {
    const manifest = `---
# Source: shop/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata: {name: shop} # ours
stringData:
  pin: "4711"
  user: 'bob'
  plain: swordfish
  block: |
    short one
    two
  after: last
data:
  encoded: ${base64('swordfish')}
---
kind: ConfigMap
data:
  greeting: hello   # stays
  pin: "4711"
`;
    expect(shown(manifest)).toBe(`---
# Source: shop/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata: {name: shop} # ours
stringData:
  pin: "${mark('4711')}"
  user: "${mark('bob')}"
  plain: ${mark('swordfish')}
  block: "${mark('short one\ntwo\n')}"
  after: ${mark('last')}
data:
  encoded: "${mark('swordfish')}"
---
kind: ConfigMap
data:
  greeting: hello   # stays
  pin: "4711"
`);
  });

  it('stays YAML where a part of a block is replaced', () => {
    const manifest =
      'kind: ConfigMap\ndata:\n  app.env: |\n    MODE=fast\n    DB_PASSWORD=swordfish\n\n    # end\n  more: x\n';
    expect(shown(manifest)).toBe(
      `kind: ConfigMap\ndata:\n  app.env: |\n    MODE=fast\n    DB_PASSWORD=${mark('swordfish')}\n\n    # end\n  more: x\n`,
    );
    const folded = 'kind: ConfigMap\ndata:\n  text: >-\n    the password=swordfish\n    is there\n  more: x\n';
    expect(parse(shown(folded))).toEqual({
      kind: 'ConfigMap',
      data: { text: `the password=${mark('swordfish')} is there`, more: 'x' },
    });
  });

  it('is the same text where nothing is secret', () => {
    for (const text of ['', '---\n', 'kind: ConfigMap\ndata: {a: b}\n', 'a: [1, 2\n', '{{ not yaml'])
      expect(shown(text)).toBe(text);
  });

  it('hides what it cannot parse line by line', () => {
    const broken = `kind: Secret\nstringData:\n  password: "swordfish\n  - what\n`;
    expect(shown(broken)).not.toContain('swordfish');
  });

  it('hides every value of every Secret, whatever the style of its YAML (property)', () => {
    const awkward = fc.constantFrom('a', ' ', '\n', ':', '#', '"', "'", '-');
    // Long ones are taken out of all of the text, so that they must not look like a part of its YAML.
    const value = fc.oneof(
      fc.string({ unit: awkward, minLength: 1, maxLength: 5 }),
      fc.oneof(fc.string(), fc.string({ unit: awkward })).map((text) => `z${text}z`),
    );
    const secret = fc.dictionary(fc.stringMatching(/^[a-y]{1,8}$/), value, { minKeys: 1 });
    const styles = fc.record({
      defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
      indent: fc.integer({ min: 2, max: 6 }),
      lineWidth: fc.constantFrom(0, 20, 80),
    } as const);
    fc.assert(
      fc.property(secret, styles, (data, style) => {
        const manifest = stringify({ kind: 'Secret', stringData: data, type: 'Opaque' }, style);
        // The writer itself does not get every text right.
        fc.pre(parseDocument(manifest).errors.length === 0);
        const [document] = parseAllDocuments(shown(manifest));
        const clean: { stringData: Record<string, string>; type: string } = document?.toJS();
        // What YAML makes of it: not every text survives every style.
        const before: typeof clean = parse(manifest);
        fc.pre(Object.values(before.stringData).every((text) => text.length < 6 || text.includes('z')));
        for (const [name, was] of Object.entries(before.stringData)) {
          const harmless = createRedactor(KEY).object({ kind: 'Secret', stringData: { [name]: was } }).stringData[name];
          expect(clean.stringData[name]).toBe(harmless);
        }
        expect(clean.type).toBe('Opaque');
      }),
    );
  });
});

describe('a release as a command that only looks has it', () => {
  const release = {
    name: 'db',
    config: {
      auth: { password: 'from-the-values' },
      data: { size: 'public' },
      conn: 'swordfish',
      lines: 'short\nof it\n',
    },
    chart: {
      metadata: { name: 'db', version: '1.0.0' },
      values: { apiKey: 'from-the-defaults' },
      templates: [{ name: 't', data: base64('swordfish') }],
      files: [{ name: 'f', data: base64('swordfish') }],
      schema: base64('{}'),
    },
    info: { status: 'deployed', notes: 'log in with swordfish' },
    hooks: [{ name: 'h', manifest: 'kind: Secret\nstringData:\n  a: from-the-hook\n' }],
    manifest: 'kind: Secret\nstringData:\n  conn: swordfish\n  lines: |\n    short\n    of it\n',
    version: 3,
  };
  const secret = (payload: string) => ({
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: { name: 'sh.helm.release.v1.db.v3', labels: { owner: 'helm' } },
    data: { release: base64(payload) },
  });

  it('has none of its credentials, in whatever place they stand', () => {
    const clean = shownRelease(secret(packRelease(release)), redactor()) as ReturnType<typeof secret>;
    const payload = Buffer.from(clean.data.release, 'base64').toString();
    const read = JSON.parse(gunzipSync(Buffer.from(payload, 'base64')).toString());
    expect(read).toEqual({
      name: 'db',
      config: {
        auth: { password: mark('from-the-values') },
        data: { size: 'public' },
        conn: mark('swordfish'),
        lines: mark('short\nof it\n'),
      },
      chart: {
        metadata: release.chart.metadata,
        values: { apiKey: mark('from-the-defaults') },
        templates: [],
        files: [],
        schema: null,
      },
      info: { status: 'deployed', notes: `log in with ${mark('swordfish')}` },
      hooks: [{ name: 'h', manifest: `kind: Secret\nstringData:\n  a: ${mark('from-the-hook')}\n` }],
      manifest: `kind: Secret\nstringData:\n  conn: ${mark('swordfish')}\n  lines: "${mark('short\nof it\n')}"\n`,
      version: 3,
    });
    expect({ ...clean, data: {} }).toEqual({ ...secret(''), data: {} });
  });

  it('is redacted whole where it cannot be read', () => {
    const clean = shownRelease(secret('H4sIAAAA-no-release'), redactor()) as ReturnType<typeof secret>;
    expect(clean.data.release).toBe(base64(mark('H4sIAAAA-no-release')));
  });
});
