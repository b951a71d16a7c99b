/** Paths into objects: `spec.listeners[].tls.certificateRefs[]` leads to every member of every list on the way, and says where it found it. */

/** Longest list that is followed: those of the API's own kinds have some dozen members. */
const MAX_MEMBERS = 500;
/** Longer names of list members are told by index. */
const MAX_LABEL = 63;

export type Visitor = (value: unknown, where: string) => void;

export interface FieldPath {
  /** Without indexes, as Relation.fields has it. */
  readonly field: string;
  /** Where list members on the way have the names that `where` tells. */
  readonly labels: readonly string[];
  each(object: unknown, visit: Visitor): void;
}

interface Step {
  key: string;
  list: boolean;
}

export function fieldPath(path: string): FieldPath {
  const steps = path.split('.').map((part): Step => {
    const list = part.endsWith('[]');
    return { key: list ? part.slice(0, -2) : part, list };
  });
  return {
    field: steps.map(({ key }) => key).join('.'),
    labels: steps.flatMap(({ list }, at) =>
      list
        ? [
            `${steps
              .slice(0, at + 1)
              .map(({ key }) => key)
              .join('.')}.name`,
          ]
        : [],
    ),
    each: (object, visit) => follow(object, steps, 0, '', visit),
  };
}

function follow(value: unknown, steps: readonly Step[], at: number, where: string, visit: Visitor): void {
  const step = steps[at];
  if (step === undefined) {
    visit(value, where);
    return;
  }
  if (!isRecord(value) || !Object.hasOwn(value, step.key)) return;
  const next = value[step.key];
  const path = where === '' ? step.key : `${where}.${step.key}`;
  if (!step.list) {
    follow(next, steps, at + 1, path, visit);
    return;
  }
  if (!Array.isArray(next)) return;
  for (const [index, member] of next.slice(0, MAX_MEMBERS).entries()) {
    follow(member, steps, at + 1, `${path}[${labelOf(member, index)}]`, visit);
  }
}

/** List members are told by name where they have one. */
export function labelOf(member: unknown, index: number): string {
  const name = isRecord(member) ? member['name'] : undefined;
  return typeof name === 'string' && name !== '' && name.length <= MAX_LABEL ? name : String(index);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
