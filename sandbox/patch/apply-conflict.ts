/** The 409 of an apply that would change what others own. */
import { ApiFailure } from '../api/failure.ts';
import type { StatusCause } from '../api/types.ts';
import { type Path, pathText } from './field-element.ts';
import { type FieldSet, pathsOf } from './field-set.ts';
import type { Manager, Managers } from './managers.ts';

/** By manager identity. */
export type Conflicts = ReadonlyMap<string, FieldSet>;

export function applyConflict(conflicts: Conflicts, managers: Managers): ApiFailure {
  const causes: StatusCause[] = [];
  const lines: string[] = [];
  for (const id of [...conflicts.keys()].sort()) {
    const who = describe(managers.get(id));
    const paths: Path[] = pathsOf(conflicts.get(id) ?? new Map());
    lines.push(`conflicts with ${who}:`);
    for (const path of paths) {
      const field = pathText(path);
      lines.push(`- ${field}`);
      causes.push({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field });
    }
  }
  const [only] = causes;
  const message =
    causes.length === 1 && only !== undefined
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`;
  return new ApiFailure(409, 'Conflict', message, { causes });
}

/** `"kubectl" with subresource "status" using apps/v1`; appliers have no version. */
function describe(manager: Manager | undefined): string {
  if (manager === undefined) return '""';
  const name = JSON.stringify(manager.name);
  const whole = manager.subresource === '' ? name : `${name} with subresource ${JSON.stringify(manager.subresource)}`;
  return manager.operation === 'Update' ? `${whole} using ${manager.apiVersion}` : whole;
}
