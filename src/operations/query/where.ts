import type { Expression, Operand, Path } from './ast.ts';
import { evaluateWhere } from './evaluate.ts';
import { type CompiledPath, compiled, isMetadataOnly } from './jsonpath.ts';
import { parseWhere } from './parse.ts';

/** A condition ready to run over many objects. */
export interface CompiledWhere {
  test(object: unknown, now: number): boolean;
  readonly metadataOnly: boolean;
  /** The paths it looks at, for a table that shows why a row is there. */
  readonly paths: readonly CompiledPath[];
}

/** Compiles a condition or throws `invalid_argument` with the position and what was expected there. */
export function compileWhere(text: string): CompiledWhere {
  const expression = parseWhere(text);
  const paths = pathsOf(expression).filter((path) => path.root === 'object');
  const distinct = new Map(paths.map((path) => [JSON.stringify(path), path]));
  return {
    test: (object, now) => evaluateWhere(expression, object, now),
    metadataOnly: paths.every(isMetadataOnly),
    paths: [...distinct.values()].map(compiled),
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
