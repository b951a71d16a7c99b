/** Generic ephemeral volumes: a claim for each, which goes with its pod. */
import type { KubeObject } from '../../types.ts';
import type { Controller, Machine } from '../types.ts';
import { keyOf, managed, ownKey, splitKey } from './kit/keys.ts';
import { controllerOf, controllerRef, isControlledBy } from './kit/owners.ts';
import type { Pod } from './kit/shapes.ts';
import type { Claim } from './volumes/shapes.ts';

const CLAIMS = 'persistentvolumeclaims';

interface Template {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: object;
}

export function ephemeralVolumeController(): Controller {
  return {
    ...managed('ephemeral_volume', 'ephemeral-volume-controller'),
    watches: {
      pods: (event) => (templatesOf(event.version.body.object() as Pod).length === 0 ? [] : ownKey(event)),
      // One that is gone is made anew.
      [CLAIMS]: ({ type, version }) => {
        const claim = version.body.object();
        const owner = controllerOf(claim);
        return type === 'DELETED' && owner?.kind === 'Pod' ? [`${version.namespace}/${owner.name}`] : [];
      },
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const pod = machine.get<Pod>('pods', namespace, name);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined;
      for (const [volume, template] of templatesOf(pod)) {
        try {
          provide(pod, volume, template, machine);
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          machine.event(pod, 'Warning', 'FailedBinding', `ephemeral volume ${volume}: ${why}`);
          throw error;
        }
      }
      return undefined;
    },
  };
}

function templatesOf({ spec }: Pod): [volume: string, template: Template][] {
  return (spec.volumes ?? []).flatMap(({ name, ephemeral }) => {
    const template = (ephemeral as { volumeClaimTemplate?: Template } | undefined)?.volumeClaimTemplate;
    return template === undefined ? [] : [[name, template]];
  });
}

function provide(pod: Pod, volume: string, { metadata = {}, spec }: Template, machine: Machine): void {
  const { namespace = '' } = pod.metadata;
  const name = `${pod.metadata.name}-${volume}`;
  const known = machine.get<Claim>(CLAIMS, namespace, name);
  if (known !== undefined) {
    if (isControlledBy(known, pod)) return;
    throw new Error(`PVC ${keyOf(known)} was not created for pod ${keyOf(pod)} (pod is not owner)`);
  }
  const { labels, annotations } = metadata;
  const claim: KubeObject = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      ownerReferences: [controllerRef(pod)],
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec,
  };
  try {
    machine.create(CLAIMS, claim);
  } catch (error) {
    throw new Error(`create PVC ${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
