import type { Sample } from './table.ts';

export const OURS = 'k8s-mcp';

/** `contender`: ours unless it is said. */
export type Add = (measure: string, unit: string, value: number, contender?: string) => void;

export const say = (line: string) => process.stderr.write(`bench: ${line}\n`);

/** Names of measures begin with `part`. It takes minutes: what is known is told. */
export function collect(part: string): { samples: readonly Sample[]; add: Add } {
  const samples: Sample[] = [];
  return {
    samples,
    add(measure, unit, value, contender = OURS) {
      samples.push({ measure: `${part}: ${measure}`, unit, contender, value });
      say(`${measure}: ${value.toFixed(2)} ${unit}${contender === OURS ? '' : ` (${contender})`}`);
    },
  };
}
