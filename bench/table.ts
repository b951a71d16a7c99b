/** One measured number of one contender. */
export interface Sample {
  measure: string;
  unit: string;
  contender: string;
  value: number;
}

export interface Target {
  measure: string;
  /** Fails (is marked) when ours is above it. */
  limit: number;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** 0 is the least, 1 the most. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Rows of measure, ours, each rival with its ratio to ours, and the target. */
export function renderSamples(samples: readonly Sample[], targets: readonly Target[], ours: string): string {
  const measures = [...new Set(samples.map((s) => s.measure))];
  return measures
    .map((measure) => {
      const rows = samples.filter((s) => s.measure === measure);
      const own = rows.find((s) => s.contender === ours);
      const target = targets.find((t) => t.measure === measure);
      const lines = rows.map((s) => {
        const ratio = own === undefined || s === own ? '' : `  ${(s.value / own.value).toFixed(2)}x ours`;
        return `    ${s.contender.padEnd(30)} ${s.value.toFixed(s.value < 10 ? 3 : 1).padStart(10)} ${s.unit}${ratio}`;
      });
      const verdict =
        target === undefined || own === undefined
          ? ''
          : `  [target <= ${target.limit}: ${own.value <= target.limit ? 'met' : 'MISSED'}, ${(own.value / target.limit).toFixed(2)} of it]`;
      return `${measure}${verdict}\n${lines.join('\n')}`;
    })
    .join('\n');
}
