/** Names and labels that every object of the shop has. */
import type { KubeObject, ObjectMeta } from '../../types.ts';

export interface Named {
  name: string;
  namespace: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** What the labels app.kubernetes.io/* say. */
export interface Identity {
  name: string;
  component: string;
  partOf: string;
  version?: string;
}

/** What pods of a workload are selected by. */
export const selectorOf = (name: string): Record<string, string> => ({ 'app.kubernetes.io/name': name });

export const labelsOf = ({ name, component, partOf, version }: Identity): Record<string, string> => ({
  ...selectorOf(name),
  'app.kubernetes.io/component': component,
  'app.kubernetes.io/part-of': partOf,
  ...(version === undefined ? {} : { 'app.kubernetes.io/version': version }),
  'app.kubernetes.io/managed-by': 'deployer',
});

/** With `namespace` empty: an object of the whole cluster. */
export function object(apiVersion: string, kind: string, meta: Named, rest: Record<string, unknown> = {}): KubeObject {
  const { name, namespace, labels, annotations } = meta;
  const metadata: ObjectMeta = {
    name,
    ...(namespace === '' ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { apiVersion, kind, metadata, ...rest };
}
