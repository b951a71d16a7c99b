/** Calls of awk's functions. */
import { eachMatch } from '../regex/posix.ts';
import type { Evaluator } from './evaluate.ts';
import { format } from './format.ts';
import { indexOf, MATHS, replacement, substr } from './functions.ts';
import { splitBy, splitText } from './record.ts';
import type { Expression, Target } from './syntax.ts';
import { Field, toNumber, type Value } from './values.ts';

const LINE: Target = { kind: 'field', index: { kind: 'number', value: 0 } };

export function callFunction(evaluator: Evaluator, name: string, args: readonly Expression[]): Value {
  const [first, second, third] = args;
  const maths = MATHS[name];
  if (maths !== undefined && first !== undefined)
    return maths(evaluator.number(first), second === undefined ? 0 : evaluator.number(second));
  if (name === 'length') return lengthOf(evaluator, first);
  if (name === 'sprintf') return formatted(evaluator, args);
  if (first === undefined) return undefined;
  const text = () => evaluator.text(first);
  if (name === 'tolower') return text().toLowerCase();
  if (name === 'toupper') return text().toUpperCase();
  if (second === undefined) return undefined;
  switch (name) {
    case 'substr':
      return substr(
        text(),
        evaluator.number(second),
        third === undefined ? Number.POSITIVE_INFINITY : evaluator.number(third),
      );
    case 'index':
      return indexOf(text(), evaluator.text(second));
    case 'match':
      return matched(evaluator, text(), second);
    case 'split':
      return split(evaluator, text(), second, third);
    default:
      return substitute(evaluator, first, second, third ?? LINE, name === 'gsub');
  }
}

/** Of text, or the number of an array's entries. */
function lengthOf(evaluator: Evaluator, of: Expression | undefined): number {
  if (of?.kind === 'variable' && evaluator.memory.isArray(of.name)) return evaluator.memory.array(of.name).size;
  return [...evaluator.text(of ?? LINE)].length;
}

export function formatted(evaluator: Evaluator, args: readonly Expression[]): string {
  const [template, ...rest] = args;
  if (template === undefined) return '';
  const values = rest.map((arg) => evaluator.value(arg));
  return format(evaluator.text(template), () => {
    if (values.length === 0) return undefined;
    const value = values.shift();
    return { text: evaluator.memory.textOf(value), number: toNumber(value), isNumber: typeof value === 'number' };
  });
}

function matched(evaluator: Evaluator, text: string, pattern: Expression): number {
  let [start, length] = [0, -1];
  eachMatch(evaluator.pattern(pattern), text, (match) => {
    start = [...text.slice(0, match.start)].length + 1;
    length = [...text.slice(match.start, match.end)].length;
    return false;
  });
  evaluator.memory.set('RSTART', start);
  evaluator.memory.set('RLENGTH', length);
  return start;
}

function split(evaluator: Evaluator, text: string, into: Expression, by: Expression | undefined): number {
  if (into.kind !== 'variable') throw new Error('split needs the name of an array');
  const { memory } = evaluator;
  const pieces =
    by?.kind === 'regex'
      ? text === ''
        ? []
        : splitBy(by.pattern, text)
      : splitText(text, by === undefined ? memory.text('FS') : evaluator.text(by), (source) =>
          memory.patterns.of(source),
        );
  memory.remove(into.name, undefined);
  for (const [index, piece] of pieces.entries()) memory.setElement(into.name, String(index + 1), new Field(piece));
  return pieces.length;
}

function substitute(
  evaluator: Evaluator,
  pattern: Expression,
  by: Expression,
  target: Expression,
  all: boolean,
): number {
  if (target.kind !== 'variable' && target.kind !== 'element' && target.kind !== 'field')
    throw new Error('sub and gsub need a variable or a field to change');
  const make = replacement(evaluator.text(by));
  const text = evaluator.text(target);
  let [result, copied, count] = ['', 0, 0];
  eachMatch(evaluator.pattern(pattern), text, ({ start, end }) => {
    count += 1;
    result += text.slice(copied, start) + make(text.slice(start, end));
    copied = end;
    return all;
  });
  if (count > 0) evaluator.write(target, result + text.slice(copied));
  return count;
}
