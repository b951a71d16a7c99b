import type { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { JsonObject } from '../kernel/vocabulary.ts';
import type { CommonInput, Operation } from './types.ts';

type Problem = { field: string; problem: string };

/** Splits off the field `kubeconfig`, which every tool accepts and none advertises. Throws unless `received` is an object. */
export function splitKubeconfig(received: unknown): { args: Record<string, unknown>; kubeconfig: string | undefined } {
  if (received === undefined || received === null) return { args: {}, kubeconfig: undefined };
  if (typeof received !== 'object' || Array.isArray(received)) {
    throw new AppError('invalid_argument', 'The arguments must be one JSON object.', {
      remedy: 'Send {"name": value, ...}.',
    });
  }
  const { kubeconfig, ...args } = received as Record<string, unknown>;
  if (kubeconfig === undefined || kubeconfig === null) return { args, kubeconfig: undefined };
  if (typeof kubeconfig !== 'string') {
    throw new AppError('invalid_argument', 'kubeconfig must be a base64 string.', {
      problems: [{ field: 'kubeconfig', problem: 'must be a base64 string' }],
    });
  }
  return { args, kubeconfig };
}

/**
 * The tool's typed input, or `invalid_argument` with every problem at once and the nearest right names.
 * Forgives what models do: alias names, null for "not given", "5" for 5, "true" for true, a list as text. `schema` is the tool's JSON Schema.
 */
export function parseArguments(operation: Operation, schema: JsonObject, args: Record<string, unknown>): CommonInput {
  const properties = asObject(schema['properties']);
  const named = applyAliases(operation, args);
  const given = [...named].filter(([, value]) => value !== null && value !== undefined);
  const relaxed = given.map(([name, value]) => [name, relax(value, asObject(properties[name])['type'])]);
  const parsed = operation.input.safeParse(Object.fromEntries(relaxed), { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => describeIssue(issue, properties));
  throw new AppError('invalid_argument', `The arguments of ${operation.name} are not valid.`, {
    problems,
    remedy: `Arguments of ${operation.name}: ${usage(schema)}.`,
  });
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function applyAliases(operation: Operation, args: Record<string, unknown>): Map<string, unknown> {
  const named = new Map<string, unknown>();
  for (const [given, value] of Object.entries(args)) {
    const name = Object.hasOwn(operation.aliases, given) ? (operation.aliases[given] ?? given) : given;
    if (named.has(name) && named.get(name) !== value && value !== null) {
      throw new AppError('invalid_argument', `${operation.name} got ${name} twice, with different values.`, {
        problems: [{ field: given, problem: `is another name of ${name}; send one of them` }],
      });
    }
    named.set(name, value);
  }
  return named;
}

function relax(value: unknown, type: unknown): unknown {
  if (typeof value !== 'string') return value;
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}$/.test(value.trim())) return Number(value);
  if (type === 'boolean' && /^(true|false)$/i.test(value.trim())) return value.trim().toLowerCase() === 'true';
  if (type === 'array') return listIn(value);
  return value;
}

/** `["a","b"]` as text, or `a, b`. */
function listIn(text: string): unknown[] {
  if (text.trimStart().startsWith('[')) {
    try {
      const list: unknown = JSON.parse(text);
      if (Array.isArray(list)) return list;
    } catch {
      // No JSON: words.
    }
  }
  return text.split(',').map((item) => item.trim());
}

function describeIssue(issue: z.core.$ZodIssue, properties: Readonly<Record<string, unknown>>): Problem[] {
  const field = issue.path.map(String).join('.') || 'arguments';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearest(key, Object.keys(properties), 1)[0];
      return {
        field: key.slice(0, 60),
        problem: near === undefined ? 'unknown argument' : `unknown argument; did you mean ${near}?`,
      };
    });
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) return [{ field, problem: 'is required' }];
  const range = issue.code === 'too_small' || issue.code === 'too_big' ? rangeOf(properties[field]) : undefined;
  return [{ field, problem: range ?? issue.message }];
}

/** Both ends of a number's range: whoever misses one is not to find the other by trying. */
function rangeOf(property: unknown): string | undefined {
  const { type, minimum, maximum } = asObject(property);
  if ((type !== 'integer' && type !== 'number') || !isBound(minimum) || !isBound(maximum)) return undefined;
  return `must be from ${minimum} to ${maximum}`;
}

/** Whole numbers without a bound of their own have the largest that there is. */
function isBound(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;
}

function usage(schema: JsonObject): string {
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  return Object.keys(asObject(schema['properties']))
    .map((name) => (required.has(name) ? `${name} (required)` : name))
    .join(', ');
}
