/** One condition on labels, checked and compiled. */
import { labelKeyProblems, labelValueProblems } from './label-syntax.ts';

export type Labels = Readonly<Record<string, string>>;

/** As apimachinery spells them. */
export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  /** Sorted, each once. */
  readonly values: readonly string[];
  matches(labels: Labels): boolean;
}

/** What is wrong with a selector, in the words of the real one. */
export class SelectorError extends Error {}

const INTEGER = /^[+-]?\d+$/;
const MAX_INT64 = 2n ** 63n - 1n;

/** As Go's ParseInt reads 64 bits. */
function integerOf(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value > MAX_INT64 || value < -MAX_INT64 - 1n ? undefined : value;
}

/** Throws `SelectorError`. */
export function requirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  const sorted = [...new Set(values)].sort();
  const problems: string[] = [];
  const ofKey = labelKeyProblems(key);
  if (ofKey.length > 0) problems.push(invalidValue('key', key, ofKey));
  if (operator === 'gt' || operator === 'lt') {
    for (const [index, value] of sorted.entries()) {
      if (integerOf(value) === undefined) {
        problems.push(
          invalidValue(`values[${index}]`, value, ["for 'Gt', 'Lt' operators, the value must be an integer"]),
        );
      }
    }
  }
  if ((operator === 'in' || operator === 'notin') && sorted.length === 0) {
    problems.push("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
  }
  for (const [index, value] of sorted.entries()) {
    const ofValue = labelValueProblems(value);
    if (ofValue.length > 0) problems.push(invalidValue(`values[${index}][${key}]`, value, ofValue));
  }
  if (problems.length > 0) throw new SelectorError(problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`);
  return { key, operator, values: sorted, matches: compiled(key, operator, sorted) };
}

/** A field error as Go prints it. */
export function invalidValue(path: string, value: string, problems: readonly string[]): string {
  return `${path}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`;
}

/** Labels are parsed JSON: what is no string (`constructor`) was not given, it came with the language. */
const labelOf = (labels: Labels, key: string): string | undefined => {
  const value: unknown = labels[key];
  return typeof value === 'string' ? value : undefined;
};

function compiled(key: string, operator: Operator, values: readonly string[]): (labels: Labels) => boolean {
  const only = values.length === 1 ? values[0] : undefined;
  const set = new Set(values);
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      if (only !== undefined) return (labels) => labels[key] === only;
      return (labels) => {
        const value = labelOf(labels, key);
        return value !== undefined && set.has(value);
      };
    case '!=':
    case 'notin':
      if (only !== undefined) return (labels) => labels[key] !== only;
      return (labels) => {
        const value = labelOf(labels, key);
        return value === undefined || !set.has(value);
      };
    case 'exists':
      return (labels) => labelOf(labels, key) !== undefined;
    case '!':
      return (labels) => labelOf(labels, key) === undefined;
    case 'gt':
    case 'lt': {
      const bound = integerOf(only ?? '') ?? 0n;
      return (labels) => {
        const value = integerOf(labelOf(labels, key) ?? '');
        return value !== undefined && (operator === 'gt' ? value > bound : value < bound);
      };
    }
  }
}
