/** What one container of a pod refers to. */
import { type Dict, dict, has, list, word } from '../../project/read.ts';
import { type Named, named } from './targets.ts';

export interface ContainerReference {
  of: 'configMaps' | 'secrets' | 'images';
  reference: Named;
}

/** `path`: where the container stands. */
export function containerReferences(container: Dict, path: string, namespace: string): readonly ContainerReference[] {
  const found: ContainerReference[] = [];
  const add = (of: ContainerReference['of'], reference: Named | undefined): void => {
    if (reference !== undefined) found.push({ of, reference });
  };
  const configMap = (from: Dict, at: string): void => {
    add('configMaps', named('ConfigMap', namespace, from['name'], `${at}.name`, from['optional']));
  };
  const secret = (from: Dict, at: string): void => {
    add('secrets', named('Secret', namespace, from['name'], `${at}.name`, from['optional']));
  };
  // In no namespace.
  add('images', named('~Image', '', container['image'], `${path}.image`, false));
  for (const entry of list(container['env'])) {
    const variable = dict(entry);
    if (!has(variable['valueFrom'])) continue;
    const from = dict(variable['valueFrom']);
    const at = `${path}.env[${word(variable['name']).slice(0, 63)}].valueFrom`;
    configMap(dict(from['configMapKeyRef']), `${at}.configMapKeyRef`);
    secret(dict(from['secretKeyRef']), `${at}.secretKeyRef`);
  }
  list(container['envFrom']).forEach((entry, at) => {
    configMap(dict(dict(entry)['configMapRef']), `${path}.envFrom[${at}].configMapRef`);
    secret(dict(dict(entry)['secretRef']), `${path}.envFrom[${at}].secretRef`);
  });
  return found;
}
