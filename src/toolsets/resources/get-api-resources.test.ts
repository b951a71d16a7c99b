import { expect, test } from 'vitest';
import { memoryCluster } from '../../../test/support/memory-view.ts';
import { operation } from './get-api-resources.ts';

test('kinds come with names, short names, version, scope and verbs', async () => {
  const { text, output } = await memoryCluster().call(operation, {});
  expect(text).toBe(
    [
      'NAME SHORTNAMES APIVERSION NAMESPACED KIND VERBS',
      'componentstatuses - v1 false ComponentStatus get,list',
      'configmaps cm v1 true ConfigMap *',
      'events ev v1 true Event *',
      'namespaces ns v1 false Namespace *',
      'nodes no v1 false Node *',
      'pods po v1 true Pod *',
      'secrets - v1 true Secret *',
      'services svc v1 true Service *',
      'deployments deploy apps/v1 true Deployment *',
      'cronjobs cj batch/v1 true CronJob *',
      'jobs - batch/v1 true Job *',
      'events ev events.k8s.io/v1 true Event *',
      '(* = create,delete,deletecollection,get,list,patch,update,watch)',
    ].join('\n'),
  );
  expect(output).toMatchObject({
    total: 12,
    resources: expect.arrayContaining([
      expect.objectContaining({
        name: 'deployments',
        singularName: 'deployment',
        group: 'apps',
        version: 'v1',
        kind: 'Deployment',
        namespaced: true,
      }),
    ]),
  });
});

test.each([
  [{ filter: 'batch' }, ['cronjobs', 'jobs']],
  [{ filter: 'deploy' }, ['deployments']],
  [{ filter: 'cj' }, ['cronjobs']],
  [{ includeNamespaceScoped: false }, ['componentstatuses', 'namespaces', 'nodes']],
  [{ includeClusterScoped: 'false', filter: 'e' }, ['events', 'secrets', 'services', 'deployments', 'events']],
])('%j shows %j', async (args, names) => {
  const { output } = await memoryCluster().call(operation, args);
  const shown = (output['resources'] as { name: string }[]).map((resource) => resource.name);
  expect(shown.filter((name) => names.includes(name))).toEqual(names);
});

test('what does not fit is counted, with the argument that narrows', async () => {
  const { text } = await memoryCluster({ budgetTokens: 480 }).call(operation, {});
  expect(text).toMatch(/Shown \d of 12; for the other \d+ narrow with filter=<name or group>\.$/);
});
