/** RuntimeClass: it must exist, and brings its overhead and scheduling constraints. */
import { forbidden } from '../../api/failure.ts';
import { copyJson, ensureRecord, isRecord, recordAt, recordsAt, sameJson, textAt, textsAt, valueAt } from '../json.ts';
import { stored } from '../parts.ts';
import type { Attributes, Plugin } from './types.ts';

export const runtimeClass: Plugin = {
  mutate(attributes, parts) {
    const { operation, resource, subresource, object } = attributes;
    if (operation !== 'create' || resource.id !== 'pods' || subresource !== '') return;
    const name = textAt(object, 'spec', 'runtimeClassName');
    if (name === '') return;
    const found = stored(parts, 'runtimeclasses.node.k8s.io', '', name);
    if (found === undefined) throw refuse(attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
    setOverhead(attributes, valueAt(found, 'overhead', 'podFixed'));
    setScheduling(attributes, recordAt(found, 'scheduling'));
  },
  validate(attributes, parts) {
    const { operation, resource, subresource, object } = attributes;
    if (operation !== 'create' || resource.id !== 'pods' || subresource !== '') return undefined;
    const name = textAt(object, 'spec', 'runtimeClassName');
    const found = name === '' ? undefined : stored(parts, 'runtimeclasses.node.k8s.io', '', name);
    const given = valueAt(object, 'spec', 'overhead') !== undefined;
    if (given && valueAt(found, 'overhead', 'podFixed') === undefined) {
      throw refuse(attributes, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    }
    return undefined;
  },
};

const refuse = ({ resource, name }: Attributes, why: string) => forbidden(resource, name, why);

function setOverhead(attributes: Attributes, wanted: unknown): void {
  if (!isRecord(wanted)) return;
  const spec = ensureRecord(attributes.object, 'spec');
  if (spec['overhead'] !== undefined && !sameJson(spec['overhead'], wanted)) {
    throw refuse(attributes, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  }
  spec['overhead'] = copyJson(wanted);
}

function setScheduling(attributes: Attributes, scheduling: Record<string, unknown>): void {
  const spec = ensureRecord(attributes.object, 'spec');
  const wanted = textsAt(scheduling, 'nodeSelector');
  const given = textsAt(spec, 'nodeSelector');
  for (const [key, value] of Object.entries(wanted)) {
    const other = given[key];
    if (other === undefined || other === value) continue;
    const why = `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${other}`;
    throw refuse(attributes, why);
  }
  if (Object.keys(wanted).length > 0) spec['nodeSelector'] = { ...given, ...wanted };
  const tolerations = recordsAt(spec, 'tolerations');
  const added = recordsAt(scheduling, 'tolerations').filter(
    (one) => !tolerations.some((other) => sameJson(one, other)),
  );
  if (added.length > 0) spec['tolerations'] = [...tolerations, ...copyJson(added)];
}
