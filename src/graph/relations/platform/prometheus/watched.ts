/** The selectors of the Prometheus operator: labels of what is watched, and namespaces by name, by label, or all. */
import type { KubeObject } from '../../../../kernel/vocabulary.ts';
import type { KindKey, Reference } from '../../../types.ts';
import { namespaceOf } from '../../define.ts';
import { isRecord } from '../../field-path.ts';
import { selectorOf } from '../../selectors.ts';

/** `namespaceSelector: {any, matchNames}` of monitors; its own namespace where it says nothing. */
export function watchedByMonitor(object: KubeObject, kind: KindKey): readonly Reference[] {
  const spec = object['spec'];
  const selector = isRecord(spec) ? selectorOf(spec['selector']) : undefined;
  if (!isRecord(spec) || selector === undefined) return [];
  const places = isRecord(spec['namespaceSelector']) ? spec['namespaceSelector'] : {};
  const path = 'spec.selector';
  if (places['any'] === true) return [{ by: 'selector', kind, namespace: undefined, selector, path }];
  const named = Array.isArray(places['matchNames']) ? places['matchNames'] : [];
  const names = named.filter((name): name is string => typeof name === 'string' && name !== '').slice(0, 100);
  const namespaces = names.length > 0 ? names : [namespaceOf(object)];
  return namespaces
    .filter((namespace) => namespace !== '')
    .map((namespace) => ({ by: 'selector', kind, namespace, selector, path }));
}

/** `podMonitorSelector` and `podMonitorNamespaceSelector`: none is nothing, an empty one is all; without one for namespaces, its own. */
export function watchedByServer(object: KubeObject, prefix: string, kind: KindKey): readonly Reference[] {
  const spec = object['spec'];
  if (!isRecord(spec)) return [];
  const selector = selectorOf(spec[`${prefix}Selector`]);
  if (selector === undefined) return [];
  const path = `spec.${prefix}Selector`;
  const places = spec[`${prefix}NamespaceSelector`];
  if (places === undefined || places === null) {
    const namespace = namespaceOf(object);
    return namespace === '' ? [] : [{ by: 'selector', kind, namespace, selector, path }];
  }
  const namespaceSelector = selectorOf(places);
  if (namespaceSelector === undefined) return [];
  return [{ by: 'selector', kind, namespace: undefined, namespaceSelector, selector, path }];
}
