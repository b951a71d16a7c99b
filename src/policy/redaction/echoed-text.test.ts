import { describe, expect, it } from 'vitest';
import { markerOf } from './fingerprint.ts';
import { createRedactor } from './redactor.ts';

const KEY = new Uint8Array(32).fill(5);
const mark = (value: string) => markerOf(KEY, value);

describe('text that may repeat what a caller wrote', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { pin: '1234567' } };

  it('gives a guess no marker that a Secret has, so that guesses cannot be compared', () => {
    const marker = mark('1234567');
    expect(JSON.stringify(createRedactor(KEY).object(secret))).toContain(marker);
    const echoed = createRedactor(KEY).text('no Secret named "password=1234567"');
    expect(echoed).toMatch(/^no Secret named "password=<redacted sha256:[0-9a-f]{8}>"$/);
    expect(echoed).not.toContain(marker);
    expect(JSON.stringify(createRedactor(KEY).texts({ note: ['password=1234567'] }))).not.toContain(marker);
  });

  it('still marks a value this call read from a Secret as the Secret does', () => {
    const redactor = createRedactor(KEY);
    redactor.object(secret);
    expect(redactor.text('connected with 1234567')).toBe(`connected with ${mark('1234567')}`);
  });
});
