/** What a CustomResourceDefinition is given that it does not say. */
import type { KubeObject } from '../../types.ts';
import { ensure, fieldsOf, has, setDefault, textOf } from './fields.ts';

export function crdDefaults(object: KubeObject): void {
  const spec = ensure(object, 'spec');
  const names = ensure(spec, 'names');
  const kind = textOf(names['kind']);
  setDefault(names, 'singular', kind.toLowerCase(), true);
  if (kind !== '') setDefault(names, 'listKind', `${kind}List`, true);
  setDefault(spec, 'conversion', { strategy: 'None' });
  const service = fieldsOf(fieldsOf(spec['conversion'])['webhook'])['clientConfig'];
  if (has(fieldsOf(service), 'service')) setDefault(fieldsOf(fieldsOf(service)['service']), 'port', 443);
}
