/** Priority: the number behind a PriorityClass's name, and one default class at most. */
import { forbidden } from '../../api/failure.ts';
import type { KubeObject } from '../../types.ts';
import { ensureRecord, numberAt, textAt, valueAt } from '../json.ts';
import { type Parts, stored, storedIn } from '../parts.ts';
import type { Attributes, Plugin } from './types.ts';

const CLASSES = 'priorityclasses.scheduling.k8s.io';

export const priority: Plugin = {
  mutate(attributes, parts) {
    const { operation, resource, subresource, object, old } = attributes;
    if (resource.id !== 'pods' || subresource !== '') return;
    if (operation === 'create') setPriority(attributes, parts);
    else if (operation === 'update') {
      const spec = ensureRecord(object, 'spec');
      spec['priority'] ??= valueAt(old, 'spec', 'priority');
      spec['preemptionPolicy'] ??= valueAt(old, 'spec', 'preemptionPolicy');
      for (const key of ['priority', 'preemptionPolicy']) if (spec[key] === undefined) delete spec[key];
    }
  },
  validate({ operation, resource, subresource, name, object }, parts) {
    if (resource.id !== CLASSES || subresource !== '' || operation === 'delete') return undefined;
    if (object['globalDefault'] !== true) return undefined;
    const other = defaultClass(parts);
    if (other !== undefined && (operation === 'create' || other.metadata.name !== object.metadata.name)) {
      const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
      throw forbidden(resource, name, why);
    }
    return undefined;
  },
};

function setPriority({ resource, name, object }: Attributes, parts: Parts): void {
  const spec = ensureRecord(object, 'spec');
  const className = textAt(spec, 'priorityClassName');
  const found = className === '' ? defaultClass(parts) : stored(parts, CLASSES, '', className);
  if (className !== '' && found === undefined) {
    throw forbidden(resource, name, `no PriorityClass with name ${className} was found`);
  }
  const value = numberAt(found, 'value') ?? 0;
  const policy = textAt(found, 'preemptionPolicy') || 'PreemptLowerPriority';
  const given = numberAt(spec, 'priority');
  if (given !== undefined && given !== value) {
    const why = `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
    throw forbidden(resource, name, why);
  }
  const givenPolicy = textAt(spec, 'preemptionPolicy');
  if (givenPolicy !== '' && givenPolicy !== policy) {
    const why = `the string value of PreemptionPolicy (${givenPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`;
    throw forbidden(resource, name, why);
  }
  if (found !== undefined) spec['priorityClassName'] = found.metadata.name;
  spec['priority'] = value;
  spec['preemptionPolicy'] = policy;
}

/** The lowest, should there be several. */
function defaultClass(parts: Parts): KubeObject | undefined {
  const marked = storedIn(parts, CLASSES).filter((found) => found['globalDefault'] === true);
  return marked.sort((a, b) => (numberAt(a, 'value') ?? 0) - (numberAt(b, 'value') ?? 0))[0];
}
