/** PodTopologyLabels: a pod that is bound carries the zone and region of its node. */
import type { KubeObject } from '../../types.ts';
import { textAt } from '../json.ts';
import { type Parts, stored } from '../parts.ts';
import type { Plugin } from './types.ts';

const KEYS = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'];

export const podTopologyLabels: Plugin = {
  mutate({ operation, resource, subresource, object }, parts) {
    if (operation !== 'create' || resource.id !== 'pods') return;
    if (subresource === '') copyLabels(parts, object, textAt(object, 'spec', 'nodeName'));
    else if (subresource === 'binding') copyLabels(parts, object, textAt(object, 'target', 'name'));
  },
};

function copyLabels(parts: Parts, object: KubeObject, node: string): void {
  const labels = node === '' ? undefined : stored(parts, 'nodes', '', node)?.metadata.labels;
  for (const key of KEYS) {
    const value = labels?.[key];
    if (value !== undefined) object.metadata.labels = { ...object.metadata.labels, [key]: value };
  }
}
