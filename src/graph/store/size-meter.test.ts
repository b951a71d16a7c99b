import { describe, expect, it } from 'vitest';
import { SizeMeter } from './size-meter.ts';

describe('the size of plain data', () => {
  it('counts objects, boxed numbers and texts, and what it has met only once', () => {
    const meter = new SizeMeter();
    const template = { image: 'registry/app:1' };
    // Head and four slots; a text of 14 characters; its own head and slots with a time that is no small integer.
    expect(meter.bytes({ template, started: 1_700_000_000_000, restarts: 3 })).toBe(56 + 56 + 32 + 16);
    expect(meter.bytes({ template, list: ['registry/app:1', 2] })).toBe(56 + 64);
  });
});
