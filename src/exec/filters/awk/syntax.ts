/** The part of awk that is accepted, as a tree. */
import type { RE2JS } from 're2js';

export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^';
export type Comparison = '<' | '<=' | '==' | '!=' | '>' | '>=';

/** What can be assigned to. */
export type Target =
  | { kind: 'variable'; name: string }
  | { kind: 'element'; name: string; keys: readonly Expression[] }
  | { kind: 'field'; index: Expression };

export type Expression =
  | Target
  | { kind: 'number'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'regex'; pattern: RE2JS }
  | { kind: 'assign'; operator: Arithmetic | undefined; target: Target; value: Expression }
  | { kind: 'step'; target: Target; by: 1 | -1; before: boolean }
  | { kind: 'arithmetic'; operator: Arithmetic; left: Expression; right: Expression }
  | { kind: 'compare'; operator: Comparison; left: Expression; right: Expression }
  | { kind: 'concat' | 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'not' | 'minus' | 'plus'; of: Expression }
  | { kind: 'choose'; test: Expression; yes: Expression; no: Expression }
  | { kind: 'match'; negated: boolean; text: Expression; pattern: Expression }
  | { kind: 'in'; keys: readonly Expression[]; name: string }
  | { kind: 'call'; name: string; args: readonly Expression[] }
  /** `(a, b)`: only before `in`, and after `print`. */
  | { kind: 'list'; items: readonly Expression[] };

export type Statement =
  | { kind: 'expression'; value: Expression }
  | { kind: 'print' | 'printf'; items: readonly Expression[] }
  | { kind: 'if'; test: Expression; yes: Statement; no: Statement | undefined }
  | { kind: 'while'; test: Expression; body: Statement; testFirst: boolean }
  | {
      kind: 'for';
      start: Statement | undefined;
      test: Expression | undefined;
      next: Statement | undefined;
      body: Statement;
    }
  | { kind: 'for-in'; variable: string; array: string; body: Statement }
  | { kind: 'delete'; name: string; keys: readonly Expression[] | undefined }
  | { kind: 'block'; body: readonly Statement[] }
  | { kind: 'next' | 'break' | 'continue' }
  | { kind: 'exit'; code: Expression | undefined };

export type Pattern =
  | { kind: 'begin' | 'end' | 'always' }
  | { kind: 'when'; test: Expression }
  | { kind: 'range'; from: Expression; to: Expression };

export interface Rule {
  pattern: Pattern;
  /** undefined: print the line. */
  body: Statement | undefined;
}

export interface Program {
  rules: readonly Rule[];
}
