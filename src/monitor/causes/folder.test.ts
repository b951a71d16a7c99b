import { describe, expect, it } from 'vitest';
import { graphOf } from '../../graph/testing.ts';
import type { Finding } from '../types.ts';
import { createFolder } from './folder.ts';

const finding = (name: string): Finding => ({
  id: `crash-loop:Pod/a/${name}`,
  detector: 'crash-loop',
  class: 'incident',
  object: { kind: 'Pod', namespace: 'a', name },
  cause: undefined,
  severity: 4,
  title: 'crash-loop',
  evidence: [],
  since: 0,
  without: [],
});

/** A folder of findings that are given, with a clock of which each look takes `tick` ms. */
function folderOf(tick: number) {
  const { view } = graphOf([]);
  let [time, findings, tell, broken] = [1_000_000, ['x'], () => {}, false];
  const folder = createFolder({
    source: {
      findings: () =>
        findings.map((name) => (broken ? { ...finding(name), object: undefined as never } : finding(name))),
      waiting: () => [],
      onIncidents(listener) {
        tell = listener;
      },
      asOf: () => time,
    },
    view: () => view,
    clock: {
      now: () => time,
      monotonic() {
        time += tick;
        return time;
      },
      after: () => () => {},
    },
    now: () => time,
  });
  return {
    folder,
    time: () => time,
    breakDown(is: boolean) {
      broken = is;
    },
    pass(ms: number) {
      time += ms;
    },
    find(...names: string[]) {
      findings = names;
      tell();
    },
    told: async (ms: number) => {
      const { anomalies, asOf } = await folder.by(time + ms);
      return { names: anomalies.map(({ root }) => root.name).sort(), old: time - asOf };
    },
  };
}

const turns = async (count: number) => {
  for (let at = 0; at < count; at++) await new Promise(setImmediate);
};

describe('anomalies of findings that change', () => {
  it('are those of now where that takes little', async () => {
    const { told, find, pass } = folderOf(0);
    expect(await told(10)).toEqual({ names: ['x'], old: 0 });
    find('x', 'y');
    expect(await told(10)).toEqual({ names: ['x', 'y'], old: 0 });
    pass(3_600_000);
    find('y');
    expect(await told(10)).toEqual({ names: ['y'], old: 0 });
  });

  it('are those of before, and say so, while new ones take longer than an answer may', async () => {
    const { told, find, pass } = folderOf(1);
    expect((await told(10)).names).toEqual(['x']);
    find(...Array.from({ length: 20 }, (_, at) => `p${at}`));
    pass(100);
    await told(10);
    find('y');
    pass(100);
    const { names, old } = await told(10);
    expect(names).not.toContain('y');
    expect(old).toBeGreaterThanOrEqual(100);
    // It has gone on behind the answers.
    await turns(60);
    pass(2_000);
    await told(10);
    await turns(20);
    expect((await told(10)).names).toEqual(['y']);
  });

  it('are waited for where what is known was outdated long ago', async () => {
    const { told, find, pass } = folderOf(1);
    await told(10);
    find('x', 'y', 'z');
    pass(60_000);
    expect(await told(0)).toMatchObject({ names: ['x', 'y', 'z'] });
  });

  it('are made anew at once for who cannot wait', () => {
    const { folder, find, time } = folderOf(1);
    expect(folder.now().anomalies).toHaveLength(1);
    find('x', 'y');
    const { anomalies, asOf } = folder.now();
    expect(anomalies).toHaveLength(2);
    expect(time() - asOf).toBe(0);
  });

  it('a fold that fails behind answers ends nothing; who waits for one is told, and the next one is whole', async () => {
    const { folder, told, find, pass, breakDown } = folderOf(1);
    await folder.inSlices();
    breakDown(true);
    find('y');
    pass(1_000);
    // Too little time: the last one is told, and the next one is begun behind it.
    expect((await told(0)).names).toEqual(['x']);
    await turns(5);
    pass(10_000);
    await expect(told(100)).rejects.toThrow(TypeError);
    breakDown(false);
    expect((await told(100)).names).toEqual(['y']);
  });
});
