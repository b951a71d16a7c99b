/** What a write of a subresource may change of its object: everything else stays as it is stored. */
import type { KubeObject } from '../../types.ts';
import { assign, copyOf, ensureRecord, isRecord, type Json, recordsAt, textAt, valueAt } from '../json.ts';
import type { Target } from '../types.ts';

type Narrow = (next: KubeObject, draft: KubeObject, target: Target) => void;

const SUBRESOURCES: Readonly<Record<string, Narrow>> = {
  status: takeStatus,
  ephemeralcontainers(next, draft) {
    assign(ensureRecord(next, 'spec'), 'ephemeralContainers', valueAt(draft, 'spec', 'ephemeralContainers'));
  },
  resize: takeResources,
  approval(next, draft) {
    assign(ensureRecord(next, 'status'), 'conditions', valueAt(draft, 'status', 'conditions'));
  },
  finalize(next, draft) {
    assign(ensureRecord(next, 'spec'), 'finalizers', valueAt(draft, 'spec', 'finalizers'));
    assign(next.metadata, 'finalizers', draft.metadata.finalizers);
  },
};

/** The draft of a whole object as it is; that of a subresource laid over what is stored. */
export function narrow(target: Target, live: KubeObject, draft: KubeObject): KubeObject {
  const take = SUBRESOURCES[target.subresource ?? ''];
  if (take === undefined) return draft;
  const next = copyOf(live);
  take(next, draft, target);
  assign(next.metadata, 'resourceVersion', draft.metadata.resourceVersion);
  assign(next.metadata, 'managedFields', draft.metadata.managedFields);
  return next;
}

/** Kinds whose status writes keep the labels that are stored. */
const KEEPS_LABELS: ReadonlySet<string> = new Set(['deployments.apps']);

/** The status, and the metadata that the real strategies let through; custom kinds take the status alone. */
function takeStatus(next: KubeObject, draft: KubeObject, { resource }: Target): void {
  assign(next, 'status', draft['status']);
  if (resource.origin === 'custom') return;
  const { labels, annotations, finalizers } = draft.metadata;
  assign(next.metadata, 'annotations', annotations);
  if (!KEEPS_LABELS.has(resource.id)) assign(next.metadata, 'labels', labels);
  assign(next.metadata, 'finalizers', finalizers);
}

function takeResources(next: KubeObject, draft: KubeObject): void {
  for (const list of ['containers', 'initContainers']) {
    const wanted = new Map(recordsAt(draft, 'spec', list).map((container) => [textAt(container, 'name'), container]));
    for (const container of recordsAt(next, 'spec', list)) {
      const found: Json | undefined = wanted.get(textAt(container, 'name'));
      if (found === undefined) continue;
      assign(container, 'resources', isRecord(found['resources']) ? found['resources'] : {});
      if (found['resizePolicy'] !== undefined) container['resizePolicy'] = found['resizePolicy'];
    }
  }
}
