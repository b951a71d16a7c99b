/** ControllerRevisions: the templates that a StatefulSet or DaemonSet has had. */

import { sameJson } from '../../../json-value.ts';
import type { KubeObject } from '../../../types.ts';
import { isFailure } from '../../create-machine.ts';
import type { Machine } from '../../types.ts';
import { safeHash } from './hash.ts';
import { controllerRef, isControlledBy } from './owners.ts';
import type { PodTemplate } from './shapes.ts';

export interface ControllerRevision extends KubeObject {
  data?: { spec?: { template?: PodTemplate & { $patch?: string } } };
  revision: number;
}

export const REVISIONS = 'controllerrevisions.apps';

interface RevisionsOf {
  owner: KubeObject;
  template: PodTemplate;
  /** The label that holds the hash. */
  hashLabel: string;
  collisions: number;
}

interface Revised {
  /** All, the oldest first. */
  all: readonly ControllerRevision[];
  /** The one of the current template. */
  update: ControllerRevision;
  /** Whether its name was taken by another template. */
  collisions: number;
}

/** Finds or makes the revision of the template; one that comes back gets the highest number. */
export function syncRevisions(of: RevisionsOf, machine: Machine): Revised {
  const { owner, template } = of;
  const namespace = owner.metadata.namespace ?? '';
  const all = machine
    .list<ControllerRevision>(REVISIONS, namespace)
    .filter((revision) => isControlledBy(revision, owner))
    .toSorted((a, b) => a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1));
  const data = { spec: { template: { ...template, $patch: 'replace' } } };
  const latest = all.at(-1);
  const next = (latest?.revision ?? 0) + 1;
  const equal = all.findLast((revision) => sameJson(revision.data, data));
  if (equal !== undefined && equal === latest) return { all, update: equal, collisions: of.collisions };
  if (equal !== undefined) {
    const renumbered =
      machine.modify<ControllerRevision>(REVISIONS, namespace, equal.metadata.name, (draft) => {
        draft.revision = next;
      }) ?? equal;
    const rest = all.filter((one) => one !== equal);
    return { all: [...rest, renumbered], update: renumbered, collisions: of.collisions };
  }
  const made = create(of, data, next, machine);
  return { all: [...all, made.revision], update: made.revision, collisions: made.collisions };
}

function create(of: RevisionsOf, data: ControllerRevision['data'], revision: number, machine: Machine) {
  const { owner, template, hashLabel } = of;
  const { name, namespace = '', annotations } = owner.metadata;
  // A name may be taken by another template of the same hash: then the count makes another one.
  for (let collisions = of.collisions; ; collisions++) {
    const hash = safeHash(data, collisions === 0 ? undefined : collisions);
    try {
      const created = machine.create(REVISIONS, {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: {
          name: `${name.slice(0, 223)}-${hash}`,
          namespace,
          labels: { ...template.metadata?.labels, [hashLabel]: hash },
          ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
          ownerReferences: [controllerRef(owner)],
        },
        data,
        revision,
      });
      return { revision: created as ControllerRevision, collisions };
    } catch (error) {
      if (!isFailure(error, 409) || collisions > of.collisions + 10) throw error;
    }
  }
}

/** The template as it was. */
export function templateOf(revision: ControllerRevision, fallback: PodTemplate): PodTemplate {
  const template = revision.data?.spec?.template;
  if (template === undefined) return fallback;
  const { $patch: _patch, ...rest } = template;
  return rest;
}

/** Removes the oldest ones beyond the limit that nothing uses. */
export function forgetRevisions(
  all: readonly ControllerRevision[],
  inUse: ReadonlySet<string>,
  limit: number,
  machine: Machine,
): void {
  const unused = all.filter(({ metadata }) => !inUse.has(metadata.name));
  for (const { metadata } of unused.slice(0, Math.max(0, unused.length - limit))) {
    machine.delete(REVISIONS, metadata.namespace ?? '', metadata.name);
  }
}
