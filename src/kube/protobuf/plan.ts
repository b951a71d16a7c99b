/** Which fields of a message are read: the table of its fields cut to a mask of paths, by field number. */
import { type FieldMask, fieldMask } from '../watch/field-mask.ts';
import { type Field, fieldsOf, NAMED_MESSAGES } from './messages.ts';

/** What to do with the field of a number. */
export interface Step {
  field: Field;
  /** For messages, and for maps and lists of them. */
  plan: Plan | undefined;
  /** A map's entry that is not read. */
  withoutKey: string | undefined;
}

/** Steps by field number; what has none is passed over. */
export interface Plan {
  steps: readonly (Step | undefined)[];
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const whole = new Map<number, Plan>();

/** By the list of fields itself: a target's is one list for all its pages, and known messages (known-messages.ts) are known by their plan. */
const plans = new WeakMap<readonly string[], Map<number, Plan>>();

/** The plan for an object: its `fields`, and metadata but managedFields. */
export function planOf(message: number, fields: readonly string[]): Plan {
  const known = plans.get(fields) ?? new Map<number, Plan>();
  plans.set(fields, known);
  const plan = known.get(message) ?? newPlan(message, fields);
  known.set(message, plan);
  return plan;
}

function newPlan(message: number, fields: readonly string[]): Plan {
  const plan = compile(message, fieldMask(fields));
  const steps = [...plan.steps];
  const metadata = fieldsOf(message).find(({ json }) => json === 'metadata');
  if (metadata?.type.is === 'message') {
    steps[metadata.number] = { field: metadata, plan: metadataPlan(metadata.type.message), withoutKey: undefined };
  }
  return { steps };
}

/** Every field of a message. */
export function wholePlan(message: number): Plan {
  const known = whole.get(message);
  if (known !== undefined) return known;
  const steps: (Step | undefined)[] = [];
  const plan = { steps };
  // Before its fields: messages may hold themselves.
  whole.set(message, plan);
  for (const field of fieldsOf(message)) steps[field.number] = step(field, 'all');
  return plan;
}

/** For JSON that is either a schema or something simpler. */
export function schemaPlan(): Plan {
  return wholePlan(NAMED_MESSAGES.JSONSchemaProps);
}

function metadataPlan(message: number): Plan {
  const steps = wholePlan(message).steps.map((one) => {
    if (one?.field.json === 'managedFields') return undefined;
    return one?.field.json === 'annotations' ? { ...one, withoutKey: LAST_APPLIED } : one;
  });
  return { steps };
}

function compile(message: number, mask: FieldMask): Plan {
  if (mask === 'all') return wholePlan(message);
  const steps: (Step | undefined)[] = [];
  for (const field of fieldsOf(message)) {
    if (field.shape === 'inline') {
      const one = step(field, mask);
      if (one.plan?.steps.some((inner) => inner !== undefined)) steps[field.number] = one;
      continue;
    }
    const below = mask.get(field.json);
    // Keys of a map are no fields: all of them are read.
    if (below !== undefined) steps[field.number] = step(field, field.shape === 'map' ? 'all' : below);
  }
  return { steps };
}

function step(field: Field, mask: FieldMask): Step {
  const plan = field.type.is === 'message' ? compile(field.type.message, mask) : undefined;
  return { field, plan, withoutKey: undefined };
}
