/** What may change in a pod once it is there, and how the real server shows what may not. */
import type { Findings } from './field-errors.ts';
import { type Fields, has, itemsOf, numberOf, semanticEqual, textOf } from './fields.ts';
import { structDiff } from './struct-diff.ts';

const UPDATABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];
const MAX_INT32 = 2 ** 31 - 1;

/** Returns false when the lists cannot be compared any further. */
function sameContainers(found: Findings, field: string, list: readonly Fields[], old: readonly Fields[]): boolean {
  if (list.length !== old.length) {
    found.forbidden(field, 'pod updates may not add or remove containers');
    return false;
  }
  for (const [index, container] of list.entries()) {
    const image = textOf(container['image']);
    if (image === '') found.required(`${field}[${index}].image`);
    if (image !== image.trim()) {
      found.invalid(`${field}[${index}].image`, image, 'must not have leading or trailing whitespace');
    }
  }
  return true;
}

/** Returns false when nothing more is to be said. */
function deadline(found: Findings, spec: Fields, old: Fields): boolean {
  const field = 'spec.activeDeadlineSeconds';
  if (!has(spec, 'activeDeadlineSeconds')) {
    if (has(old, 'activeDeadlineSeconds')) {
      found.invalid(field, null, 'must not update from a positive integer to nil value');
    }
    return true;
  }
  const seconds = numberOf(spec['activeDeadlineSeconds']);
  if (seconds < 0 || seconds > MAX_INT32) {
    found.invalid(field, seconds, `must be between 0 and ${MAX_INT32}, inclusive`);
    return false;
  }
  if (has(old, 'activeDeadlineSeconds') && numberOf(old['activeDeadlineSeconds']) < seconds) {
    found.invalid(field, seconds, 'must be less than or equal to previous value');
    return false;
  }
  return true;
}

function tolerations(found: Findings, list: readonly Fields[], old: readonly Fields[]): void {
  const kept = old.every((toleration) =>
    list.some((candidate) =>
      semanticEqual({ ...toleration, tolerationSeconds: candidate['tolerationSeconds'] }, candidate),
    ),
  );
  if (!kept)
    found.forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds');
}

function gates(found: Findings, list: readonly Fields[], old: readonly Fields[]): void {
  const known = old.map((gate) => gate['name']);
  for (const [index, gate] of list.entries()) {
    if (known.includes(gate['name'])) continue;
    const why = `only deletion is allowed, but found new scheduling gate '${textOf(gate['name'])}'`;
    found.forbidden(`spec.schedulingGates[${index}].name`, why);
  }
}

const withImagesOf = (list: readonly Fields[], old: readonly Fields[]) =>
  list.map((container, index) => ({ ...container, image: old[index]?.['image'] }));

export function podUpdate(found: Findings, spec: Fields, old: Fields): void {
  for (const name of ['containers', 'initContainers']) {
    if (!sameContainers(found, `spec.${name}`, itemsOf(spec[name]), itemsOf(old[name]))) return;
  }
  if (!deadline(found, spec, old)) return;
  tolerations(found, itemsOf(spec['tolerations']), itemsOf(old['tolerations']));
  gates(found, itemsOf(spec['schedulingGates']), itemsOf(old['schedulingGates']));
  const rest: Fields = {
    ...spec,
    containers: withImagesOf(itemsOf(spec['containers']), itemsOf(old['containers'])),
    initContainers: withImagesOf(itemsOf(spec['initContainers']), itemsOf(old['initContainers'])),
    activeDeadlineSeconds: old['activeDeadlineSeconds'],
    schedulingGates: old['schedulingGates'],
    tolerations: old['tolerations'],
    // Containers to look into a pod come by their own subresource only, and a resize by its own.
    ephemeralContainers: spec['ephemeralContainers'],
  };
  const grace = old['terminationGracePeriodSeconds'];
  if (numberOf(grace) < 0 && rest['terminationGracePeriodSeconds'] === 1) rest['terminationGracePeriodSeconds'] = grace;
  if (itemsOf(old['schedulingGates']).length > 0) {
    rest['nodeSelector'] = old['nodeSelector'];
    rest['affinity'] = old['affinity'];
  }
  if (semanticEqual(rest, old)) return;
  const tail = structDiff(old, rest, 'core.PodSpec');
  found.forbidden('spec', `pod updates may not change fields other than ${UPDATABLE.join(',')}\n${tail}`);
}
