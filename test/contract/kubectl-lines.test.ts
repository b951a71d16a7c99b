import { describe, expect, it } from 'vitest';
import { kubectl } from '../../src/exec/binaries/kubectl.ts';
import { createCommandLines } from '../../src/exec/command-line/parse.ts';
import { parseFilter } from '../../src/exec/filters/parse.ts';
import { toAppError } from '../../src/kernel/errors.ts';
import type { CommandLine } from '../attacks/command-line.ts';
import { KUBECTL_ACCEPTED } from '../attacks/kubectl-accepted.ts';
import { KUBECTL_CHANGES } from '../attacks/kubectl-changes.ts';
import { KUBECTL_REFUSED } from '../attacks/kubectl-refused.ts';

const lines = createCommandLines({ kubectl }, parseFilter);

function outcome(line: Parameters<typeof lines.parse>[0]): string {
  try {
    return `accepted: ${lines.parse(line).argv.join(' ')}`;
  } catch (error) {
    return toAppError(error).code;
  }
}

/** Hostile characters stay out of the report. */
function titled<T extends CommandLine>(list: readonly T[]): { title: string; line: T }[] {
  return list.map((line) => ({
    title: JSON.stringify(line.command)
      .slice(0, 100)
      .replace(/[^ -~]/g, '?'),
    line,
  }));
}

describe('command lines for kubectl', () => {
  it.each(titled(KUBECTL_REFUSED))('refuses $title', ({ line: { code, ...line } }) => {
    expect(outcome({ tool: 'kubectl', ...line })).toBe(code);
  });

  it.each(titled(KUBECTL_ACCEPTED))('accepts $title', ({ line: { argv, ...line } }) => {
    expect(lines.parse({ tool: 'kubectl', ...line }).argv).toEqual(argv);
  });

  it.each(titled(KUBECTL_CHANGES))('knows what $title does', ({ line: { effect, gates, ...line } }) => {
    const parsed = lines.parse({ tool: 'kubectl', ...line });
    expect({ effect: parsed.effect, gates: [...parsed.gates].sort() }).toEqual({ effect, gates: [...gates].sort() });
  });

  it('holds enough of each', () => {
    expect(KUBECTL_REFUSED.length).toBeGreaterThanOrEqual(120);
    expect(KUBECTL_ACCEPTED.length).toBeGreaterThanOrEqual(80);
  });
});
