import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { markerOf } from './fingerprint.ts';
import { createRedactor } from './redactor.ts';

const KEY = new Uint8Array(32).fill(9);
const mark = (value: string) => markerOf(KEY, value);
const base64 = (value: string | Buffer) => Buffer.from(value).toString('base64');
const redactor = () => createRedactor(KEY, { secretData: 'base64' });
const ENCODED = base64(mark('hunter22'));

describe('markers of Secret data, base64 for a client that decodes', () => {
  it('are plain again in what the client prints, under any name', () => {
    for (const text of [`a: ${ENCODED}\n`, `password: ${ENCODED}\n`, `"token":"${ENCODED}",`, `x${ENCODED}x`]) {
      const plain = text.replace(ENCODED, mark('hunter22'));
      expect(redactor().text(text)).toBe(plain);
      expect(redactor().clusterText(text)).toBe(plain);
    }
    expect(createRedactor(KEY).text(`a: ${ENCODED}`)).toBe(`a: ${ENCODED}`);
  });

  it("are plain again where Go's JSON escapes them, and are not marked once more", () => {
    const shown = mark('hunter22');
    const escaped = shown.replace('<', '\\u003c').replace('>', '\\u003e');
    const text = `{"password":"${escaped}","a":"${escaped}"}`;
    expect(redactor().text(text)).toBe(`{"password":"${shown}","a":"${shown}"}`);
    for (const size of [1, 5, 20]) {
      const chunks = redactor().chunks();
      let out = '';
      for (let at = 0; at < text.length; at += size) out += chunks.push(text.slice(at, at + size));
      expect(out + chunks.end()).toBe(`{"password":"${shown}","a":"${shown}"}`);
    }
  });

  it('are plain again wherever the text is cut', () => {
    const text = `a: 1\n{"data":{"password":"${ENCODED}","b":"${ENCODED}"}}${'x'.repeat(70_000)} ${ENCODED}`;
    const plain = text.replaceAll(ENCODED, mark('hunter22'));
    for (const size of [1, 7, 36, 37, 70_010, 70_100]) {
      const chunks = redactor().chunks();
      let out = '';
      for (let at = 0; at < text.length; at += size) out += chunks.push(text.slice(at, at + size));
      expect(out + chunks.end()).toBe(plain);
    }
  });

  it('stay base64 in an object, last-applied included, for it is decoded once more', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', data: { password: base64('hunter22') } };
    const clean = redactor().object({
      ...secret,
      metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(secret) } },
    });
    const shown = { ...secret, data: { password: ENCODED } };
    expect(clean).toEqual({
      ...shown,
      metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(shown) } },
    });
    expect(redactor().object(clean)).toEqual(clean);
  });
});

describe("Argo CD's settings", () => {
  const settings = (name: string, time: string) => ({
    kind: 'Secret',
    metadata: { name },
    data: { 'admin.password': base64('hunter22'), 'admin.passwordMtime': base64(time), 'server.secretkey': '' },
  });

  it('keep the time of their password, which argocd has to read, and nothing else', () => {
    const asked = settings('argocd-secret', '2026-01-01T00:00:00Z');
    const clean = redactor().object(asked);
    expect(clean.data).toEqual({ ...asked.data, 'admin.password': ENCODED });
    expect(Object.keys(clean.data)).toEqual(Object.keys(asked.data));
  });

  it.each([
    ['another Secret', 'mine', '2026-01-01T00:00:00Z'],
    ['what is no time', 'argocd-secret', '2026-01-01T00:00:00Z hunter22'],
  ])('but not of %s', (_, name, time) => {
    const clean = redactor().object(settings(name, time));
    expect(clean.data['admin.passwordMtime']).toBe(base64(mark(time)));
  });
});

describe('an object that does not say what it is', () => {
  it('is what its caller knows it to be', () => {
    const item = { metadata: { name: 'a' }, data: { a: base64('hunter22') } };
    expect(redactor().object(item, 'Secret').data.a).toBe(ENCODED);
    expect(redactor().object({ ...item, kind: 'ConfigMap' }, 'Secret').data.a).toBe(base64('hunter22'));
    const list = { items: [item] };
    expect(redactor().object({ ...list, kind: 'SecretList' }).items[0]?.data.a).toBe(ENCODED);
  });
});

describe('what a caller writes', () => {
  it('is marked with markers that compare with nothing, in the object and afterwards in texts', () => {
    const call = redactor();
    const body = { kind: 'Secret', stringData: { pin: 'my-guess-1' } };
    const echoed = JSON.stringify(call.echoed(body));
    expect(echoed).toMatch(/"pin":"<redacted sha256:[0-9a-f]{8}>"/);
    expect(echoed).not.toContain(mark('my-guess-1'));
    expect(call.text('it is my-guess-1')).not.toContain(mark('my-guess-1'));
    expect(call.text('it is my-guess-1')).not.toContain('my-guess-1');
  });
});

describe('a Helm release', () => {
  const manifest = [
    '# Source: db/templates/secret.yaml',
    'apiVersion: v1',
    'kind: Secret',
    'metadata: {name: db}',
    'data:',
    `  odd: ${base64('from-the-manifest')}`,
    'stringData:',
    '  note: |',
    '    first secret line of it',
    '    second secret line of it',
    '---',
    'kind: ConfigMap',
    'data: {harmless: stays-as-it-is}',
    '---',
    'kind: Secret',
    'data:',
    `  broken: "${base64('from-broken-yaml')}`,
    '  - what',
  ].join('\n');
  const payload = {
    name: 'db',
    config: { auth: { password: 'from-the-values' }, size: 'large-and-public' },
    chart: { values: { apiKey: 'from-the-defaults' }, templates: [{ name: 't', data: base64('x') }] },
    info: { notes: 'log in with password: from-the-notes' },
    hooks: [{ manifest: `kind: Secret\nstringData:\n  a: from-the-hook\n` }],
    manifest,
  };
  const release = (value: unknown) => ({
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: { name: 'sh.helm.release.v1.db.v1' },
    data: { release: base64(base64(gzipSync(JSON.stringify(value)))) },
  });

  it('gives up its credentials: values, notes, and the Secrets of its manifests, hooks included', () => {
    const call = redactor();
    call.object(release(payload));
    const clean = call.text(
      'from-the-manifest first secret line of it; second secret line of it; from-the-values from-the-defaults from-the-notes from-the-hook from-broken-yaml ' +
        `${base64('from-the-manifest')} stays-as-it-is large-and-public`,
    );
    expect(clean).not.toMatch(/from-|secret line/);
    expect(clean).not.toContain(base64('from-the-manifest'));
    expect(clean).toContain('stays-as-it-is large-and-public');
    expect(clean).toContain(mark('from-the-manifest'));
  });

  it('that cannot be unpacked is redacted like any Secret', () => {
    const call = redactor();
    call.object({ ...release(payload), data: { release: base64('not a release at all') } });
    expect(call.text('not a release at all')).toBe(mark('not a release at all'));
  });
});
