/** The spec of a PersistentVolumeClaim, standing alone or as a template. */
import { dnsSubdomain, labelSelector, positiveQuantity } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, semanticEqual, stringsOf, textOf, textsOf } from './fields.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

export function accessModes(found: Findings, field: string, modes: readonly string[]): void {
  for (const mode of modes) if (!ACCESS_MODES.includes(mode)) found.notSupported(field, mode, ACCESS_MODES);
  const others = modes.some((mode) => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(mode));
  if (modes.includes('ReadWriteOncePod') && others) {
    found.forbidden(field, 'may not use ReadWriteOncePod with other access modes');
  }
}

export function volumeMode(found: Findings, field: string, mode: unknown): void {
  if (mode !== undefined && mode !== 'Block' && mode !== 'Filesystem')
    found.notSupported(field, mode, ['Block', 'Filesystem']);
}

function source(found: Findings, field: string, reference: Fields): void {
  const kind = textOf(reference['kind']);
  const group = textOf(reference['apiGroup']);
  if (textOf(reference['name']) === '') found.required(`${field}.name`);
  if (kind === '') found.required(`${field}.kind`);
  if (group === '' && kind !== 'PersistentVolumeClaim') {
    found.invalid(field, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  }
  if (group !== '') dnsSubdomain(found, `${field}.apiGroup`, group);
}

export function claimSpec(found: Findings, field: string, spec: Fields): void {
  const modes = stringsOf(spec['accessModes']);
  if (modes.length === 0) found.required(`${field}.accessModes`, 'at least 1 access mode is required');
  if (has(spec, 'selector')) labelSelector(found, `${field}.selector`, spec['selector']);
  accessModes(found, `${field}.accessModes`, modes);
  const storage = textsOf(fieldsOf(spec['resources'])['requests'])['storage'];
  if (storage === undefined) found.required(`${field}.resources[storage]`);
  else positiveQuantity(found, `${field}.resources[storage]`, storage);
  const className = textOf(spec['storageClassName']);
  if (className !== '') dnsSubdomain(found, `${field}.storageClassName`, className);
  volumeMode(found, `${field}.volumeMode`, spec['volumeMode']);
  for (const name of ['dataSource', 'dataSourceRef']) {
    if (has(spec, name)) source(found, `${field}.${name}`, fieldsOf(spec[name]));
  }
  if (
    has(spec, 'dataSource') &&
    has(spec, 'dataSourceRef') &&
    !semanticEqual(spec['dataSource'], spec['dataSourceRef'])
  ) {
    found.invalid(field, `${field}.dataSource`, 'must match dataSourceRef');
  }
}
