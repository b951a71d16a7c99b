/** tr: characters for characters. Works on characters where the real one works on bytes, so that none is torn. */
import { invalid, refuseFiles } from './errors.ts';
import { readOptions } from './options.ts';
import { isCaseClass, readSet, type TrSet } from './tr-set.ts';
import { DONE, type RunStage } from './types.ts';

const TABLE = {
  letters: 'dscCt',
  long: { delete: 'd', 'squeeze-repeats': 's', complement: 'c', 'truncate-set1': 't' },
};

interface Plan {
  /** undefined: deleted. */
  map: (char: string) => string | undefined;
  squeezes: (char: string) => boolean;
}

export function tr(args: readonly string[]): RunStage {
  const { options, operands } = readOptions('tr', args, TABLE);
  const is = (letters: string) => options.some(({ name }) => letters.includes(name));
  const plan = readPlan(operands, { remove: is('d'), squeeze: is('s'), complement: is('cC'), truncate: is('t') });
  return (input, out) => {
    let last = '';
    let kept: string[] = [];
    for (const char of input) {
      const next = plan.map(char);
      if (next === undefined || (next === last && plan.squeezes(next))) continue;
      last = next;
      kept.push(next);
      if (kept.length === 65536) {
        out.write(kept.join(''));
        kept = [];
      }
    }
    out.write(kept.join(''));
    return DONE;
  };
}

interface Flags {
  remove: boolean;
  squeeze: boolean;
  complement: boolean;
  truncate: boolean;
}

function readPlan(operands: readonly string[], flags: Flags): Plan {
  const [first, second, ...more] = operands;
  if (first === undefined) throw invalid('tr', 'a set of characters is missing.');
  if (more.length > 0) refuseFiles('tr', more);
  const { remove, squeeze, complement } = flags;
  const one = readSet(first);
  const inOne = (char: string) => one.members.has(char) !== complement;
  if (remove) {
    if (second !== undefined && !squeeze) throw invalid('tr', 'with -d alone there is one set.');
    if (second === undefined && squeeze) throw invalid('tr', '-d with -s needs two sets.');
    const two = second === undefined ? undefined : readSet(second).members;
    return { map: (char) => (inOne(char) ? undefined : char), squeezes: (char) => two?.has(char) === true };
  }
  if (second === undefined) {
    if (!squeeze) throw invalid('tr', 'two sets are needed, or -d or -s.');
    return { map: (char) => char, squeezes: inOne };
  }
  const two = readSet(second, complement ? 1 : one.list.length);
  return { map: mapping(one, two, flags), squeezes: (char) => squeeze && two.members.has(char) };
}

function mapping(one: TrSet, two: TrSet, { complement, truncate }: Flags): (char: string) => string {
  const last = two.list.at(-1);
  if (last === undefined && !truncate) throw invalid('tr', 'the second set may not be empty.');
  if (two.classes.length > 0 && !two.classes.every(isCaseClass))
    throw invalid('tr', 'the second set may name no classes but [:lower:] and [:upper:].');
  if (complement) return (char) => (one.members.has(char) ? char : (last ?? char));
  const table = new Map<string, string>();
  one.list.forEach((char, index) => {
    const to = two.list[index] ?? (truncate ? undefined : last);
    if (to !== undefined) table.set(char, to);
  });
  return (char) => table.get(char) ?? char;
}
