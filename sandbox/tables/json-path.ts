/** The simple JSONPaths of printer columns: `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`, `.spec.names[0]`. */

export type PathStep =
  | { kind: 'field'; name: string }
  | { kind: 'index'; at: number }
  | { kind: 'all' }
  /** The members whose `field` (a path) equals a text. */
  | { kind: 'filter'; field: readonly string[]; value: string }
  /** A form that is not understood: finds nothing. */
  | { kind: 'unknown' };

const STEP =
  /^(?:\.([A-Za-z_$][\w$-]*|\*)|\['((?:[^'\\]|\\.){1,200})'\]|\[(-?\d{1,9})\]|\[(\*)\]|\[\?\(@\.([\w.-]{1,200})\s*==\s*(?:"([^"]{0,200})"|'([^']{0,200})')\)\])/;

/** Dots within a name may be escaped: `.metadata.annotations.example\.com/x`. */
const ESCAPED = /^\.((?:[^.[\\]|\\.){1,300})/;

export function parsePath(path: string): readonly PathStep[] {
  const steps: PathStep[] = [];
  let rest = path
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .replace(/^\$/, '');
  while (rest !== '' && steps.length < 64) {
    const match = STEP.exec(rest);
    const escaped =
      match === null || rest[match[0].length] === '\\' || rest[match[0].length] === '/' ? ESCAPED.exec(rest) : null;
    const taken = escaped?.[0] ?? match?.[0];
    if (taken === undefined) return [{ kind: 'unknown' }];
    steps.push(escaped === null ? step(match) : { kind: 'field', name: (escaped[1] ?? '').replaceAll(/\\(.)/g, '$1') });
    rest = rest.slice(taken.length);
  }
  return steps;
}

function step(match: RegExpExecArray | null): PathStep {
  const [, name, quoted, index, star, field, double, single] = match ?? [];
  if (name === '*' || star !== undefined) return { kind: 'all' };
  if (name !== undefined || quoted !== undefined) return { kind: 'field', name: name ?? quoted ?? '' };
  if (index !== undefined) return { kind: 'index', at: Number(index) };
  return { kind: 'filter', field: (field ?? '').split('.'), value: double ?? single ?? '' };
}

export function findInPath(root: unknown, steps: readonly PathStep[]): readonly unknown[] {
  let found: unknown[] = [root];
  for (const each of steps) found = found.flatMap((value) => take(value, each));
  return found;
}

function take(value: unknown, each: PathStep): unknown[] {
  switch (each.kind) {
    case 'field':
      return own(value, each.name);
    case 'index':
      return Array.isArray(value) && value.at(each.at) !== undefined ? [value.at(each.at)] : [];
    case 'all':
      return typeof value === 'object' && value !== null ? Object.values(value) : [];
    case 'filter':
      if (!Array.isArray(value)) return [];
      return value.filter((member) => {
        const [found] = findInPath(
          member,
          each.field.map((name) => ({ kind: 'field', name })),
        );
        return typeof found !== 'object' && found !== undefined && String(found) === each.value;
      });
    case 'unknown':
      return [];
  }
}

function own(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return [(value as Record<string, unknown>)[name]];
}
