/** What a CustomResourceDefinition makes the server serve. */
import type { KubeObject, PrinterColumn, ResourceInfo, ServedVersion, Subresource } from '../types.ts';
import { type Fields, fieldsAt, isFields, itemsOf, textOf, textsOf } from './json-fields.ts';
import type { Schema } from './schema.ts';
import { compareVersions } from './version-order.ts';

export const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';

/** In the order of discovery. */
const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
/** While the definition goes, its objects can only go too. */
const TERMINATING_VERBS = ['delete', 'deletecollection', 'get', 'list', 'watch'];
const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];

/** `spec.names` or `status.acceptedNames`. */
export interface CrdNames {
  plural: string;
  singular: string;
  kind: string;
  listKind: string;
  shortNames: string[];
  categories: string[];
}

export function namesIn(value: unknown): CrdNames {
  const names = isFields(value) ? value : {};
  return {
    plural: textOf(names['plural']),
    singular: textOf(names['singular']),
    kind: textOf(names['kind']),
    listKind: textOf(names['listKind']),
    shortNames: textsOf(names['shortNames']),
    categories: textsOf(names['categories']),
  };
}

/** The resource of an established definition: with the names that were accepted, and the versions that are served. */
export function customResource(crd: KubeObject): ResourceInfo | undefined {
  const spec = fieldsAt(crd, 'spec');
  const names = namesIn(fieldsAt(crd, 'status', 'acceptedNames'));
  const group = textOf(spec['group']);
  const versions = itemsOf(spec['versions']);
  const served = versions.filter((version) => version['served'] === true);
  const storage = versions.find((version) => version['storage'] === true);
  if (storage === undefined || served.length === 0 || names.plural === '' || names.kind === '') return undefined;
  const terminating = crd.metadata.deletionTimestamp !== undefined;
  return {
    id: `${names.plural}.${group}`,
    group,
    plural: names.plural,
    singular: names.singular,
    kind: names.kind,
    listKind: names.listKind,
    namespaced: spec['scope'] === 'Namespaced',
    shortNames: names.shortNames,
    categories: names.categories,
    versions: served
      .map((version) => servedVersion(version, group, names.kind, terminating))
      .sort((a, b) => compareVersions(a.version, b.version)),
    storageVersion: textOf(storage['name']),
    origin: 'custom',
  };
}

function servedVersion(version: Fields, group: string, kind: string, terminating: boolean): ServedVersion {
  const name = textOf(version['name']);
  const schema = fieldsAt(version, 'schema')['openAPIV3Schema'];
  const columns = itemsOf(version['additionalPrinterColumns']).map(printerColumn);
  const selectable = itemsOf(version['selectableFields']).map((each) => textOf(each['jsonPath']));
  const warning = textOf(version['deprecationWarning']) || `${group}/${name} ${kind} is deprecated`;
  return {
    version: name,
    verbs: terminating ? TERMINATING_VERBS : VERBS,
    subresources: subresources(version, { group, version: name, kind }),
    // Checked when the definition was written: what stands here is a structural schema.
    ...(isFields(schema) ? { schema: schema as Schema } : {}),
    ...(columns.length === 0 ? {} : { printerColumns: columns }),
    ...(selectable.length === 0 ? {} : { selectableFields: selectable }),
    ...(version['deprecated'] === true ? { deprecationWarning: warning } : {}),
  };
}

function subresources(version: Fields, kind: Subresource['kind']): Record<string, Subresource> {
  const { status, scale } = fieldsAt(version, 'subresources');
  const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  return {
    ...(isFields(status) ? { status: { kind, verbs: SUBRESOURCE_VERBS } } : {}),
    ...(isFields(scale) ? { scale: { kind: scaleKind, verbs: SUBRESOURCE_VERBS } } : {}),
  };
}

function printerColumn(column: Fields): PrinterColumn {
  const { format, description, priority } = column;
  return {
    name: textOf(column['name']),
    type: textOf(column['type']),
    jsonPath: textOf(column['jsonPath']),
    ...(typeof format === 'string' ? { format } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof priority === 'number' ? { priority } : {}),
  };
}
