import type { Expression, Operand, Path } from './ast.ts';
import { evaluateWhere } from './evaluate.ts';
import { isMetadataOnly } from './jsonpath.ts';
import { parseWhere } from './parse.ts';

/** A condition ready to run over many objects. */
export interface CompiledWhere {
  test(object: unknown, now: number): boolean;
  readonly metadataOnly: boolean;
}

/** Compiles a condition or throws `invalid_argument` with the position and what was expected there. */
export function compileWhere(text: string): CompiledWhere {
  const expression = parseWhere(text);
  return {
    test: (object, now) => evaluateWhere(expression, object, now),
    metadataOnly: pathsOf(expression).every((path) => path.root === 'item' || isMetadataOnly(path)),
  };
}

function pathsOf(e: Expression): Path[] {
  switch (e.type) {
    case 'or':
    case 'and':
      return e.terms.flatMap(pathsOf);
    case 'not':
      return pathsOf(e.term);
    case 'truthy':
      return operandPaths(e.operand);
    case 'match':
      return operandPaths(e.left);
    case 'in':
      return [e.left, ...e.values].flatMap(operandPaths);
    case 'compare':
      return [...operandPaths(e.left), ...operandPaths(e.right)];
  }
}

/** Paths that start at the object; a filter inside a path reads below it or starts at the object itself. */
function operandPaths(operand: Operand): Path[] {
  if (operand.type === 'literal') return [];
  const inner = operand.path.steps.flatMap((step) => (step.type === 'filter' ? pathsOf(step.test) : []));
  return [operand.path, ...inner];
}
