import { describe, expect, it } from 'vitest';
import { base64, GUARD_KEY, mark } from '../../test/support/guard.ts';
import { AppError } from '../kernel/errors.ts';
import type { ResourceRequest, Verb } from '../kernel/vocabulary.ts';
import { packRelease, unpackRelease } from '../policy/redaction/release.ts';
import { isRelease, isReleaseStorage, resolveRelease } from './helm-releases.ts';

const NAME = 'sh.helm.release.v1.db.v1';
const TYPED = 'application/vnd.kubernetes.protobuf,application/json';

function asked(verb: Verb, over: Partial<ResourceRequest> = {}): ResourceRequest {
  return {
    type: 'resource',
    verb,
    group: '',
    version: 'v1',
    resource: 'secrets',
    namespace: 'a',
    dryRun: false,
    ...over,
  };
}

describe('requests of helm for its own records', () => {
  const helm = { tool: 'helm', effect: 'write' } as const;
  const storage = (
    api: ResourceRequest,
    { command = helm as { tool: 'helm' | 'kubectl'; effect: 'read' | 'write' }, accept = TYPED, name = NAME } = {},
  ) => isReleaseStorage(api, command, { accept, name });

  it('are told by tool, kind, name and by how a typed client asks', () => {
    for (const verb of ['get', 'create', 'update', 'patch', 'delete', 'list', 'watch'] as const) {
      expect(storage(asked(verb))).toBe(true);
      expect(storage(asked(verb), { accept: 'application/json, */*' })).toBe(true);
      // As a chart's lookup asks, and whatever else is a dynamic client.
      expect(storage(asked(verb), { accept: 'application/json' })).toBe(false);
      expect(storage(asked(verb), { accept: ' application/json;q=0.9 ' })).toBe(false);
      expect(storage(asked(verb), { accept: '' })).toBe(false);
      expect(storage(asked(verb), { command: { tool: 'kubectl', effect: 'write' } })).toBe(false);
      expect(storage(asked(verb, { resource: 'configmaps' }))).toBe(false);
      expect(storage(asked(verb, { group: 'x.io' }))).toBe(false);
    }
    expect(storage(asked('deletecollection'))).toBe(false);
    expect(storage(asked('get'), { name: 'db' })).toBe(false);
    expect(storage(asked('create'), { name: 'db-sh.helm.release.v1.' })).toBe(false);
  });

  it('that write belong to commands that write', () => {
    const command = { tool: 'helm', effect: 'read' } as const;
    expect(storage(asked('get'), { command })).toBe(true);
    for (const verb of ['create', 'update', 'patch', 'delete'] as const)
      expect(storage(asked(verb), { command })).toBe(false);
  });

  it('concern Secrets of its type and name only', () => {
    const record = { type: 'helm.sh/release.v1', metadata: { name: NAME } };
    expect(isRelease(record)).toBe(true);
    expect(isRelease({ ...record, type: 'Opaque' })).toBe(false);
    expect(isRelease({ ...record, metadata: { name: 'db' } })).toBe(false);
    expect(isRelease(null)).toBe(false);
  });
});

describe('a record without markers', () => {
  const live = {
    kind: 'Secret',
    metadata: { name: 'db' },
    data: { password: base64('hunter22'), other: base64('zzzzzzzz') },
  };
  const shown = base64(mark('hunter22'));
  const read = async (namespace: string, name: string) => (namespace === 'a' && name === 'db' ? live : undefined);
  const manifest = (value: string, kind = 'Secret') =>
    `---\n# Source: x\nkind: ${kind}\nmetadata:\n  name: db\ndata:\n  password: ${value}\n---\nkind: ConfigMap\ndata: {a: b}\n`;
  const secretOf = (release: Record<string, unknown>) => ({
    kind: 'Secret',
    metadata: { name: NAME },
    type: 'helm.sh/release.v1',
    data: { release: base64(packRelease({ name: 'db', namespace: 'a', ...release })) },
  });
  const released = (secret: { data: { release: string } }) =>
    unpackRelease(Buffer.from(secret.data.release, 'base64').toString());
  const problem = (release: Record<string, unknown>) =>
    resolveRelease(secretOf(release), read, GUARD_KEY).then(
      () => 'stored',
      (thrown) => (thrown instanceof AppError ? thrown.message : thrown),
    );

  it('has the live values where a chart put back what it looked up, in manifests and hooks', async () => {
    const hooks = [{ name: 'h', manifest: manifest(`"${shown}"`) }];
    const resolved = await resolveRelease(secretOf({ manifest: manifest(shown), hooks }), read, GUARD_KEY);
    expect(released(resolved)).toEqual({
      name: 'db',
      namespace: 'a',
      manifest: manifest(base64('hunter22')),
      hooks: [{ name: 'h', manifest: manifest(`"${base64('hunter22')}"`) }],
    });
  });

  it('is stored as it is', async () => {
    const secret = secretOf({ manifest: manifest(base64('x')), config: { password: 'own' } });
    expect(await resolveRelease(secret, read, GUARD_KEY)).toBe(secret);
  });

  it('is not to be had where a marker stands anywhere else', async () => {
    const outside = /would keep a redaction marker/;
    expect(await problem({ config: { a: mark('hunter22') } })).toMatch(outside);
    expect(await problem({ manifest: manifest(shown, 'ConfigMap') })).toMatch(outside);
    expect(await problem({ manifest: manifest(shown).replace('password', 'other') })).toMatch(
      /stand for no live value/,
    );
    expect(await problem({ manifest: manifest(shown).replace('name: db', 'name: none') })).toMatch(
      /stand for no live value/,
    );
    expect(await problem({ manifest: `${manifest(shown)}# ${mark('hunter22')}\n` })).toMatch(outside);
    expect(
      await problem({ manifest: `kind: Secret\nmetadata: {name: db}\nstringData: {password: "${mark('hunter22')}"}` }),
    ).toMatch(outside);
    expect(await problem({ info: { notes: `it is ${mark('hunter22')}` } })).toMatch(outside);
    const broken = { kind: 'Secret', data: { release: base64('no release') } };
    await expect(resolveRelease(broken, read, GUARD_KEY)).rejects.toThrow(/cannot be read/);
  });
});
