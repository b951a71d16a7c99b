/** What the definition of a custom kind says of its objects: which fields name others, and whether there is more to read than metadata. */

import type { ClusterReader } from '../../kube/cluster-reader.ts';
import type { ApiResource } from '../../kube/types.ts';
import { depthOf, schemaFactsOf, schemaRelation } from '../relations/schema/index.ts';
import type { Relation } from '../types.ts';

export interface KindSchema {
  relation: Relation | undefined;
  depth: 'object' | 'metadata';
  /** Equal where what is read of an object, and what it refers to, is the same. */
  signature: string;
}

export interface Schemas {
  /** undefined where there is no definition that may be read: a built-in kind, an aggregated one. */
  of(resource: ApiResource, signal: AbortSignal): Promise<KindSchema | undefined>;
}

/** Definitions weigh up to 1.5 MB: few are read at a time, and none is kept. */
const AT_ONCE = 3;
/** Groups with dots that are of Kubernetes itself. */
const BUILT_IN =
  /^(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io$/;

/** Whether a kind may come from a definition. */
export function mayBeCustom({ group }: ApiResource): boolean {
  return group.includes('.') && !BUILT_IN.test(group);
}

/** `definitions`: the resource of CustomResourceDefinitions; undefined where they are not to be read. */
export function createSchemas(reader: ClusterReader, definitions: () => ApiResource | undefined): Schemas {
  let running = 0;
  const queue: (() => void)[] = [];

  return {
    async of({ resource, group }, signal) {
      const own = definitions();
      if (own === undefined) return undefined;
      if (running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
      running += 1;
      try {
        const crd = await reader.get({ resource: own, depth: 'object', fields: [] }, `${resource}.${group}`, signal);
        if (crd === undefined) return undefined;
        const facts = schemaFactsOf(crd);
        const depth = depthOf(crd);
        return { relation: facts && schemaRelation(facts), depth, signature: JSON.stringify([depth, facts]) };
      } catch {
        // Without its schema a kind is read as any other is.
        return undefined;
      } finally {
        running -= 1;
        queue.shift()?.();
      }
    },
  };
}
