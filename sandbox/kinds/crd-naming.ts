/** Which names a definition gets, and what its conditions say of it. */
import type { KubeObject } from '../types.ts';
import { type CrdNames, namesIn } from './custom-resource.ts';
import { type Fields, fieldsAt, itemsOf, textOf } from './json-fields.ts';

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

export interface Naming {
  accepted: CrdNames;
  condition: Condition;
}

/** Names that the other definitions of the group have. */
function taken(others: readonly KubeObject[]): { resources: Set<string>; kinds: Set<string> } {
  const names = others.map((crd) => namesIn(fieldsAt(crd, 'status', 'acceptedNames')));
  return {
    resources: new Set(names.flatMap(({ plural, singular, shortNames }) => [plural, singular, ...shortNames])),
    kinds: new Set(names.flatMap(({ kind, listKind }) => [kind, listKind])),
  };
}

/** `others` are the other definitions of the same group. Of several conflicts the last one is told, as by the real controller. */
export function acceptNames(crd: KubeObject, others: readonly KubeObject[]): Naming {
  const wanted = namesIn(fieldsAt(crd, 'spec', 'names'));
  const before = namesIn(fieldsAt(crd, 'status', 'acceptedNames'));
  const { resources, kinds } = taken(others);
  const accepted: CrdNames = { ...before, categories: wanted.categories };
  let condition: Condition | undefined;
  const refuse = (reason: string, names: readonly string[]) => {
    const texts = names.map((name) => `${JSON.stringify(name)} is already in use`);
    const message = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
    condition = { type: 'NamesAccepted', status: 'False', reason, message };
  };
  const accept = (field: 'plural' | 'singular' | 'kind' | 'listKind', used: ReadonlySet<string>, reason: string) => {
    const name = wanted[field];
    if (name !== before[field] && used.has(name)) refuse(reason, [name]);
    else accepted[field] = name;
  };
  accept('plural', resources, 'PluralConflict');
  accept('singular', resources, 'SingularConflict');
  const doubled = wanted.shortNames.filter((name) => !before.shortNames.includes(name) && resources.has(name));
  if (doubled.length > 0) refuse('ShortNamesConflict', doubled);
  else accepted.shortNames = wanted.shortNames;
  accept('kind', kinds, 'KindConflict');
  accept('listKind', kinds, 'ListKindConflict');
  const fine: Condition = {
    type: 'NamesAccepted',
    status: 'True',
    reason: 'NoConflicts',
    message: 'no conflicts found',
  };
  return { accepted, condition: condition ?? fine };
}

/** What follows for `Established`: once it is true, it stays. */
export function established(crd: KubeObject, { condition }: Naming): Condition {
  const old = conditionOf(crd, 'Established');
  if (old?.['status'] !== 'True' && condition.status === 'True') {
    return {
      type: 'Established',
      status: 'True',
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
    };
  }
  if (old !== undefined) {
    return {
      type: 'Established',
      status: old['status'] === 'True' ? 'True' : 'False',
      reason: textOf(old['reason']),
      message: textOf(old['message']),
    };
  }
  return { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
}

export function conditionOf(crd: KubeObject, type: string): Fields | undefined {
  return itemsOf(fieldsAt(crd, 'status')['conditions']).find((each) => each['type'] === type);
}

/** Sets a condition on a draft; its time changes with its status. `now` is RFC 3339. */
export function setCrdCondition(draft: KubeObject, condition: Condition, now: string): void {
  const status = fieldsAt(draft, 'status');
  draft['status'] = status;
  const conditions = itemsOf(status['conditions']);
  status['conditions'] = conditions;
  const old = conditions.find((each) => each['type'] === condition.type);
  if (old === undefined) {
    const { type, ...said } = condition;
    conditions.push({ type, ...said, lastTransitionTime: now });
    return;
  }
  if (old['status'] !== condition.status) old['lastTransitionTime'] = now;
  Object.assign(old, condition);
}

/** Names as they stand in `status.acceptedNames`: empty lists are left out. */
export function writtenNames({ shortNames, categories, ...names }: CrdNames): Fields {
  return {
    ...names,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
}
