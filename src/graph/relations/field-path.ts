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
  const legs = legsOf(steps);
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
    each: (object, visit) => follow(object, legs, 0, undefined, visit),
  };
}

/** Fields below each other, up to a list or to the end of the path. */
interface Leg {
  keys: readonly string[];
  /** The keys as a path. */
  text: string;
  list: boolean;
}

function legsOf(steps: readonly Step[]): readonly Leg[] {
  const legs: Leg[] = [];
  let keys: string[] = [];
  steps.forEach(({ key, list }, at) => {
    keys.push(key);
    if (!list && at < steps.length - 1) return;
    legs.push({ keys, text: keys.join('.'), list });
    keys = [];
  });
  return legs;
}

/** The member of a list through which the way leads. */
interface Way {
  before: Way | undefined;
  leg: Leg;
  member: unknown;
  index: number;
}

function follow(value: unknown, legs: readonly Leg[], at: number, way: Way | undefined, visit: Visitor): void {
  const leg = legs[at];
  if (leg === undefined) {
    visit(value, textOfWay(way, ''));
    return;
  }
  let next = value;
  for (const key of leg.keys) {
    if (!isRecord(next) || !Object.hasOwn(next, key)) return;
    next = next[key];
  }
  if (!leg.list) {
    visit(next, textOfWay(way, leg.text));
    return;
  }
  if (!Array.isArray(next) || next.length === 0) return;
  const end = Math.min(next.length, MAX_MEMBERS);
  const here: Way = { before: way, leg, member: undefined, index: 0 };
  for (let index = 0; index < end; index++) {
    here.member = next[index];
    here.index = index;
    follow(here.member, legs, at + 1, here, visit);
  }
}

/** Only made where the way has an end: most do not lead anywhere. */
function textOfWay(way: Way | undefined, end: string): string {
  if (way === undefined) return end;
  const member = `${way.leg.text}[${labelOf(way.member, way.index)}]`;
  return textOfWay(way.before, end === '' ? member : `${member}.${end}`);
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
