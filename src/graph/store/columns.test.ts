import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Columns } from './columns.ts';

const object = (uid: string, resourceVersion: string) => ({
  uid,
  resourceVersion,
  created: 1_700_000_000_123,
  deleting: undefined,
  health: 'ok' as const,
});

describe('columns of nodes', () => {
  it('give back every uid and version as it was written, usual or not', () => {
    const near = fc.constantFrom(
      '6e0b1c5a-9f3d-4c1e-8a77-00f0ffa1b2c3',
      '6E0B1C5A-9f3d-4c1e-8a77-00f0ffa1b2c3',
      '',
      'a',
    );
    const versions = fc.oneof(fc.nat().map(String), fc.constantFrom('0', '007', '-1', '9007199254740993', '', 'abc'));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(fc.uuid(), near, fc.string()), versions), { minLength: 1 }), (pairs) => {
        const columns = new Columns();
        columns.reserve(4);
        for (const [uid, version] of pairs) {
          columns.write(2, object(uid, version));
          expect([columns.uid(2), columns.version(2)]).toEqual([uid, version]);
          expect([columns.hasUid(2, uid), columns.hasVersion(2, version)]).toEqual([true, true]);
          expect([columns.hasUid(2, `${uid}x`), columns.hasVersion(2, `${version}1`)]).toEqual([false, false]);
        }
        columns.erase(2);
        expect([columns.uid(2), columns.version(2), columns.isPresent(2), columns.created(2)]).toEqual([
          '',
          '',
          false,
          0,
        ]);
      }),
      { seed: 16 },
    );
  });
});
