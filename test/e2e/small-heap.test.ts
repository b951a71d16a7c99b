import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Fills a heap of which some is kept and then keeps changing a little of it, as a watch of a cluster does. V8 by itself gives nothing back
 * then, and takes more. Ends with what came of it.
 */
const PROGRAM = `
import { getHeapStatistics } from 'node:v8';
import { keepHeapSmall } from ${JSON.stringify(join(import.meta.dirname, '../../src/app/small-heap.ts'))};
keepHeapSmall();
const made = (i) => ({ i, name: 'name-' + i, list: [i, i + 1, i + 2] });
const kept = [];
for (let round = 0; round < 30; round++) {
  const page = Array.from({ length: 20_000 }, (_, i) => made(i));
  await new Promise((resolve) => setImmediate(resolve));
  kept.push(...page.filter((_, i) => i % 8 === 0));
}
const share = () => getHeapStatistics().total_heap_size / filled;
const filled = getHeapStatistics().total_heap_size;
setInterval(() => {
  for (let i = 0; i < 1000; i++) kept[i] = made(i);
}, 50);
const began = Date.now();
setInterval(() => {
  if (share() > 0.75 && Date.now() - began < 60_000) return;
  process.stdout.write(share() > 0.75 ? 'kept all' : 'gave some back');
  process.exit();
}, 100);
`;

describe('keepHeapSmall', () => {
  it('gives memory back at rest, also while a little goes on', { timeout: 120_000 }, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await once(child, 'close');
    expect(said).toBe('gave some back');
  });
});
