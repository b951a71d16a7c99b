/** Sequences of manifests that are refused. */
import { post, type Sequence, sequence } from './sequence.ts';

export type Fields = Record<string, unknown>;
/** What is wrong with it, and the fields that are. */
export type Bad = readonly [name: string, spec: Fields];

export const dry = (path: string) => `${path}?dryRun=All`;

/** Sequences of at most so many refusals, so that one difference does not hide the others. */
const AT_MOST = 4;

export function refusals(
  what: string,
  path: string,
  build: (spec: Fields) => unknown,
  list: readonly Bad[],
): Sequence[] {
  return Array.from({ length: Math.ceil(list.length / AT_MOST) }, (_, at) => {
    const some = list.slice(at * AT_MOST, (at + 1) * AT_MOST);
    return sequence(
      `${what}: ${some.map(([name]) => name).join(', ')}`,
      ...some.map(([, spec]) => post(dry(path), build(spec))),
    );
  });
}
