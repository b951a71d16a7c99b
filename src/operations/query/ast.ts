import type { RE2JS } from 're2js';
import type { Amount } from './values.ts';

/** A parsed JSONPath: where it starts and the steps from there. */
export interface Path {
  root: 'object' | 'item';
  steps: readonly Step[];
}

export type Step =
  | { type: 'field'; name: string }
  | { type: 'index'; index: number }
  | { type: 'slice'; from: number | undefined; to: number | undefined; by: number }
  | { type: 'wildcard' }
  | { type: 'union'; members: readonly (string | number)[] }
  | { type: 'descend' }
  | { type: 'filter'; test: Expression };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Expression =
  | { type: 'or' | 'and'; terms: readonly Expression[] }
  | { type: 'not'; term: Expression }
  | { type: 'compare'; op: Comparison; left: Operand; right: Operand }
  | { type: 'match'; left: Operand; pattern: RE2JS; negated: boolean }
  | { type: 'in'; left: Operand; values: readonly Operand[]; negated: boolean }
  | { type: 'truthy'; operand: Operand };

export type Literal = string | boolean | null | Amount;

export type Operand =
  | { type: 'literal'; value: Literal }
  | { type: 'path'; path: Path }
  | { type: 'call'; name: 'exists' | 'age' | 'len'; path: Path };
