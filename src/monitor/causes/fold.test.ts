import { describe, expect, it } from 'vitest';
import { graphOf } from '../../graph/testing.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { Finding } from '../types.ts';
import { foldFindings } from './fold.ts';
import { deployment, finding, fromSecret, NOW, pod, replicaSet, service, told, workload } from './testing.ts';

describe('findings told as what they come from', () => {
  it('are one where they are of the pods of one workload', () => {
    const findings = [
      finding('Pod/a/x-1', 'crash-loop'),
      finding('Pod/a/x-2', 'crash-loop'),
      finding('Deployment.apps/a/x', 'replicas-unavailable', { level: 3 }),
    ];
    expect(told(workload('x'), findings)).toEqual([
      'Deployment.apps/x: Deployment a/x: replicas-unavailable; crash-loop (2 Pods)',
    ]);
  });

  it('say why a workload fails before what follows from it', () => {
    const cause = { kind: 'Deployment.apps', namespace: 'a', name: 'x' };
    const [first] = foldFindings(
      [
        finding('Deployment.apps/a/x', 'replicas-unavailable'),
        finding('Service/a/x', 'service-no-endpoints', { cause }),
        finding('Pod/a/x-1', 'liveness-kills', { level: 3, cause }),
        finding('Pod/a/x-2', 'liveness-kills', { level: 3, cause }),
      ],
      graphOf([...workload('x'), service('x')]).view,
      NOW,
    );
    expect(first?.title).toBe(
      'Service a/x: service-no-endpoints <- Deployment a/x: replicas-unavailable; liveness-kills (2 Pods)',
    );
    expect(first?.symptoms.map(({ title }) => title)).toEqual(['service-no-endpoints']);
  });

  it('follow services up to what does not answer, and past it to why', () => {
    const objects = [
      ...workload('web', { calls: 'api' }),
      ...workload('api', { calls: 'db' }),
      ...workload('db'),
      ...['web', 'api', 'db'].map(service),
    ];
    const findings = ['web', 'api'].flatMap((app) =>
      [1, 2].map((index) => finding(`Pod/a/${app}-${index}`, 'not-ready', { level: 3 })),
    );
    expect(told(objects, [...findings, finding('Pod/a/db-1', 'image-pull')])).toEqual([
      'Deployment.apps/db: 4 Pods: not-ready <- Deployment a/db: image-pull (Pod db-1)',
    ]);
  });

  it('do not follow a service where they say themselves what is wrong', () => {
    const objects = [...workload('web', { calls: 'api' }), ...workload('api'), service('api')];
    const findings = [finding('Pod/a/web-1', 'image-pull'), finding('Pod/a/api-1', 'crash-loop')];
    expect(told(objects, findings)).toHaveLength(2);
  });

  it('end where services call each other in a circle', () => {
    const objects = [
      ...workload('a1', { calls: 'b1' }),
      ...workload('b1', { calls: 'a1' }),
      service('a1'),
      service('b1'),
    ];
    const findings = ['a1', 'b1'].flatMap((app) =>
      [1, 2].map((index) => finding(`Pod/a/${app}-${index}`, 'not-ready')),
    );
    expect(told(objects, findings)).toHaveLength(1);
  });

  it('name what is missing, and say that it is', () => {
    const objects = [
      ...workload('x'),
      { ...pod('x', 3), spec: { containers: [], volumes: [{ name: 'v', configMap: { name: 'gone' } }] } },
    ];
    const cause = { kind: 'ConfigMap', namespace: 'a', name: 'gone' };
    expect(told(objects, [finding('Pod/a/x-3', 'mount-failed', { cause })])).toEqual([
      'ConfigMap/gone: Pod a/x-3: mount-failed <- ConfigMap a/gone: does not exist',
    ]);
  });

  it('stay with the workload where only one of them names a thing that many use', () => {
    const objects = [...workload('x'), ...workload('y')];
    const image = { kind: '~Image', namespace: '', name: 'x:1' };
    expect(told(objects, [finding('Pod/a/x-1', 'image-pull', { cause: image })])).toEqual([
      'Deployment.apps/x: Deployment a/x: image-pull (Pod x-1)',
    ]);
    const both = [
      finding('Pod/a/x-1', 'image-pull', { cause: image }),
      finding('Pod/a/y-1', 'image-pull', { cause: image }),
    ];
    expect(told(objects, both)).toEqual(['~Image/x:1: 2 Pods: image-pull <- image x:1']);
  });

  describe('lay it to a Service that does not exist', () => {
    const crashes = (...apps: string[]) => apps.map((app) => finding(`Pod/a/${app}-1`, 'crash-loop'));

    it('whoever calls it, and say what names it', () => {
      const one = workload('web', { calls: 'db' });
      expect(told([...one, service('web')], crashes('web'))).toEqual([
        'Service/db: Pod a/web-1: crash-loop <- Service a/db: does not exist',
      ]);
      const [first] = foldFindings(crashes('web'), graphOf(one).view, NOW);
      expect(first?.evidence).toContain('Deployment a/web names Service a/db, which does not exist');
      const both = [...one, ...workload('api', { calls: 'db' })];
      expect(told(both, crashes('web', 'api'))).toEqual([
        'Service/db: 2 Pods: crash-loop <- Service a/db: does not exist',
      ]);
    });

    it('also where others follow from its caller', () => {
      const objects = [...workload('web', { calls: 'api' }), ...workload('api', { calls: 'db' }), service('api')];
      expect(told(objects, crashes('web', 'api'))).toEqual([
        'Service/db: 2 Pods: crash-loop <- Service a/db: does not exist',
      ]);
    });

    it('not where one caller has nearly the name of another: unless a workload bears it', () => {
      const objects = [...workload('web', { calls: 'orders' }), service('order')];
      expect(told(objects, crashes('web'))).toEqual(['Deployment.apps/web: Deployment a/web: crash-loop (Pod web-1)']);
      expect(told([...objects, deployment('orders')], crashes('web'))).toEqual([
        'Service/orders: Pod a/web-1: crash-loop <- Service a/orders: does not exist',
      ]);
    });

    it('not where Services are not known, or it says itself what is wrong', () => {
      const objects = workload('web', { calls: 'db' });
      const states = { Service: { state: 'forbidden', reason: 'may not list' } } as const;
      const blind = foldFindings(crashes('web'), graphOf(objects, { states }).view, NOW);
      expect(blind.map(({ root }) => root.name)).toEqual(['web']);
      expect(told(objects, [finding('Pod/a/web-1', 'image-pull')])).toHaveLength(1);
      expect(told(objects, [finding('Pod/a/web-1', 'image-pull')])[0]).toContain('Deployment.apps/web');
    });

    it('not what ended for a reason of its own, nor what another finding of the same object explains', () => {
      const objects = workload('web', { calls: 'db' });
      expect(told(objects, [finding('Pod/a/web-1', 'crash-loop', { own: true })])).toEqual([
        'Deployment.apps/web: Deployment a/web: crash-loop (Pod web-1)',
      ]);
      const refused = ['replica-failure', 'deployment-progress-deadline'].map((detector) =>
        finding('Deployment.apps/a/web', detector),
      );
      expect(told(objects, refused)).toEqual(['Deployment.apps/web: Deployment a/web: replica-failure']);
    });
  });

  describe('guess by a name', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pay', namespace: 'a' } };
    const needy = workload('pay').map((object) =>
      object.kind === 'Pod' ? object : { ...object, spec: { ...(object['spec'] as object), template: fromSecret } },
    );
    const keeper = (kind: string, name: string): KubeObject => ({ ...deployment(name), kind });
    const troubles = (kind: string, name: string, more: Partial<Finding> = {}) => [
      finding('Pod/a/pay-1', 'crash-loop'),
      finding(`${kind}.apps/a/${name}`, 'replicas-unavailable', more),
    ];

    it('that a StatefulSet of its name is missing to what cannot say why it fails, and say so', () => {
      const { view } = graphOf([secret, ...needy, keeper('StatefulSet', 'pay-db')]);
      const [first, ...others] = foldFindings(troubles('StatefulSet', 'pay-db'), view, NOW);
      expect(others).toEqual([]);
      expect(first?.root.name).toBe('pay-db');
      expect(first?.evidence).toContain(
        'probably, by its name: Deployment a/pay needs StatefulSet a/pay-db; its settings, which would say so, are not read',
      );
    });

    it('not where that one is no keeper of data, or fell ill later', () => {
      const roots = (kind: string, more?: Partial<Finding>) => {
        const { view } = graphOf([secret, ...needy, keeper(kind, 'pay-db')]);
        return foldFindings(troubles(kind, 'pay-db', more), view, NOW).map(({ root }) => root.name);
      };
      expect(roots('Deployment').sort()).toEqual(['pay', 'pay-db']);
      expect(roots('StatefulSet', { since: NOW + 60_000 }).sort()).toEqual(['pay', 'pay-db']);
    });

    it('also where nobody knows since when it is so, and where it does not count yet', () => {
      const { view } = graphOf([secret, ...needy, keeper('StatefulSet', 'pay-db')]);
      const [pay, db] = troubles('StatefulSet', 'pay-db', { since: NOW + 60_000, fromTheStart: true });
      if (pay === undefined || db === undefined) throw new Error('two are made');
      expect(foldFindings([pay, db], view, NOW).map(({ root }) => root.name)).toEqual(['pay-db']);
      const [first, ...others] = foldFindings([pay], view, NOW, [db]);
      expect([first?.root.name, first?.findings, others]).toEqual(['pay-db', [pay.id, db.id], []]);
    });
  });

  it('are under what keeps a workload from having the pods that a budget counts, and not where it has them all', () => {
    const pdb: KubeObject = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'x', namespace: 'a' },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'x' } } },
    };
    const of = (replicas: number) => [
      { ...deployment('x', { replicas: 2 }), status: { replicas } },
      { ...replicaSet('x'), spec: { replicas: 2 }, status: { replicas } },
      pod('x', 1),
      pdb,
    ];
    const cause = { kind: 'ResourceQuota', namespace: 'a', name: 'q' };
    const findings = [
      finding('ReplicaSet.apps/a/x-1', 'replica-failure', { cause }),
      finding('Deployment.apps/a/x', 'replicas-unavailable', { level: 3 }),
      finding('PodDisruptionBudget.policy/a/x', 'pdb-blocks', { level: 3 }),
    ];
    const roots = (replicas: number) =>
      foldFindings(findings, graphOf(of(replicas)).view, NOW).map(({ root }) => root.name);
    expect(roots(1)).toEqual(['q']);
    expect(roots(2)).toEqual(['q', 'x']);
  });

  it('are not told while they do not count, but as the cause of what counts', () => {
    const objects = [...workload('web', { calls: 'api' }), ...workload('api'), ...['web', 'api'].map(service)];
    const { view } = graphOf(objects);
    const waiting = [finding('Pod/a/api-1', 'image-pull', { fromTheStart: true })];
    const roots = (counted: Finding[]) => foldFindings(counted, view, NOW, waiting).map(({ title }) => title);
    expect(roots([])).toEqual([]);
    expect(roots([finding('Pod/a/web-1', 'not-ready')])).toEqual([
      'Pod a/web-1: not-ready <- Deployment a/api: image-pull (Pod api-1)',
    ]);
  });

  it('rank by severity, then reach, then freshness, and leave hygiene out', () => {
    const objects = [...workload('x'), ...workload('y'), service('y'), ...workload('z')];
    const findings = [
      finding('Pod/a/z-1', 'no-probes', { class: 'hygiene' }),
      finding('Pod/a/x-1', 'crash-loop', { since: NOW - 86_400_000 }),
      finding('Pod/a/y-1', 'crash-loop'),
      finding('Pod/a/z-1', 'restarts-rising', { level: 2 }),
    ];
    const anomalies = foldFindings(findings, graphOf(objects).view, NOW);
    expect(anomalies.map(({ root }) => root.name)).toEqual(['y', 'x', 'z']);
    expect(anomalies[0]?.blast.objects).toBeGreaterThan(2);
  });
});
