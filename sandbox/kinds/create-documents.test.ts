import { expect, test } from 'vitest';
import type { ResourceInfo } from '../types.ts';
import { createDocuments } from './create-documents.ts';
import { createKinds } from './create-kinds.ts';

const widget: ResourceInfo = {
  id: 'widgets.example.com',
  group: 'example.com',
  plural: 'widgets',
  singular: 'widget',
  kind: 'Widget',
  listKind: 'WidgetList',
  namespaced: true,
  shortNames: ['wd'],
  categories: [],
  versions: [
    {
      version: 'v1',
      verbs: ['get', 'list', 'watch'],
      subresources: { status: { kind: { group: 'example.com', version: 'v1', kind: 'Widget' }, verbs: ['get'] } },
      schema: {
        type: 'object',
        description: 'A widget of the shop.',
        properties: { spec: { type: 'object', properties: { size: { type: 'integer', description: 'How big.' } } } },
      },
    },
  ],
  storageVersion: 'v1',
  origin: 'custom',
};

function documents() {
  const kinds = createKinds();
  kinds.addCustom(widget);
  return createDocuments(kinds);
}

/** As it goes over the wire. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into JSON as it comes
const json = (document: unknown): any => JSON.parse(JSON.stringify(document));

test('the groups stand in the order of their priority, custom ones before the metrics API', () => {
  const names = json(documents().groupList()).groups.map(({ name }: { name: string }) => name);
  expect(names.slice(0, 3)).toEqual(['apiregistration.k8s.io', 'apps', 'events.k8s.io']);
  expect(names.slice(-3)).toEqual(['flowcontrol.apiserver.k8s.io', 'example.com', 'metrics.k8s.io']);
});

test('a group names its versions, the preferred one first', () => {
  const autoscaling = json(documents().group('autoscaling'));
  expect(autoscaling).toMatchObject({ kind: 'APIGroup', apiVersion: 'v1', preferredVersion: { version: 'v2' } });
  expect(documents().group('')).toBeUndefined();
  expect(documents().group('nope')).toBeUndefined();
});

test('the older list gives each subresource a line of its own', () => {
  const { resources, ...head } = json(documents().resourceList('', 'v1'));
  expect(head).toEqual({ kind: 'APIResourceList', groupVersion: 'v1' });
  const lines = resources.filter(({ name }: { name: string }) => /^(configmaps|pods\/(eviction|log))$/.test(name));
  expect(lines).toEqual([
    {
      name: 'configmaps',
      singularName: 'configmap',
      namespaced: true,
      kind: 'ConfigMap',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['cm'],
      storageVersionHash: 'qFsyl6wFWjQ=',
    },
    {
      name: 'pods/eviction',
      singularName: '',
      namespaced: true,
      group: 'policy',
      version: 'v1',
      kind: 'Eviction',
      verbs: ['create'],
    },
    { name: 'pods/log', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] },
  ]);
  expect(documents().resourceList('apps', 'v1beta1')).toBeUndefined();
});

test('aggregated discovery leaves out the group of built-in kinds and says that of custom ones', () => {
  const core = json(documents().aggregated('api', 'v2'));
  expect(core.apiVersion).toBe('apidiscovery.k8s.io/v2');
  expect(core.items[0].versions[0].resources[0]).toEqual({
    resource: 'bindings',
    responseKind: { group: '', version: '', kind: 'Binding' },
    scope: 'Namespaced',
    singularResource: 'binding',
    verbs: ['create'],
  });
  const groups = json(documents().aggregated('apis', 'v2beta1'));
  expect(groups.apiVersion).toBe('apidiscovery.k8s.io/v2beta1');
  const own = groups.items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === 'example.com');
  expect(own.versions[0].resources[0]).toMatchObject({
    resource: 'widgets',
    responseKind: { group: 'example.com', version: 'v1', kind: 'Widget' },
    subresources: [{ subresource: 'status', verbs: ['get'] }],
  });
});

test('OpenAPI 3 of a group version holds every type it refers to', () => {
  const served = documents();
  const { paths } = json(served.openapiV3Index());
  expect(Object.keys(paths)).toContain('apis/example.com/v1');
  for (const path of Object.keys(paths)) {
    const document = json(served.openapiV3(path));
    const references = new Set(JSON.stringify(document).match(/#\/components\/schemas\/[^"]+/g));
    for (const reference of references) {
      expect(document.components.schemas, path).toHaveProperty([reference.replace('#/components/schemas/', '')]);
    }
  }
  expect(served.openapiV3('apis/nope/v1')).toBeUndefined();
});

test('kubectl finds what it looks for: the kind of a path, field validation of a patch, patch strategies', () => {
  const document = json(documents().openapiV3('apis/apps/v1'));
  const { patch } = document.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
  expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', version: 'v1', kind: 'Deployment' });
  expect(patch.parameters.map(({ name }: { name: string }) => name)).toContain('fieldValidation');
  const { strategy } = document.components.schemas['io.k8s.api.apps.v1.DeploymentSpec'].properties;
  expect(strategy).toEqual({
    description: 'RollingUpdate (default) replaces pods little by little, Recreate stops all first.',
    'x-kubernetes-patch-strategy': 'retainKeys',
    allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentStrategy' }],
  });
});

test('a custom kind is described in its own words', () => {
  const { schemas } = json(documents().openapiV3('apis/example.com/v1')).components;
  const type = schemas['com.example.v1.Widget'];
  expect(type.description).toBe('A widget of the shop.');
  expect(type.properties.spec.properties.size).toEqual({ type: 'integer', description: 'How big.' });
  expect(type['x-kubernetes-group-version-kind']).toEqual([{ group: 'example.com', version: 'v1', kind: 'Widget' }]);
  expect(schemas['com.example.v1.WidgetList'].properties.items.items).toEqual({
    $ref: '#/components/schemas/com.example.v1.Widget',
  });
});

test('OpenAPI 2 knows no oneOf, and all its references lead somewhere', () => {
  const document = json(documents().openapiV2());
  expect(document.definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString']).toEqual({
    type: 'string',
    format: 'int-or-string',
  });
  const references = new Set(JSON.stringify(document).match(/#\/definitions\/[^"]+/g));
  for (const reference of references) {
    expect(document.definitions).toHaveProperty([reference.replace('#/definitions/', '')]);
  }
});
