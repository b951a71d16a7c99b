import { describe, expect, it } from 'vitest';
import { sharing } from '../../json-value.ts';
import type { KubeObject } from '../../types.ts';
import { failureOf, POD_SPEC, testRegistry } from '../test-registry.ts';

type Change = (draft: KubeObject) => void;

/** Two registries in the same state, one of which is written to from inside. */
function twins(kind: { id: string; object: Parameters<ReturnType<typeof testRegistry>['create']>[1] }) {
  const [inside, outside] = [testRegistry(), testRegistry()];
  for (const at of [inside, outside]) at.create(kind.id, kind.object);
  const { name = '' } = kind.object.metadata;
  const live = (at: typeof inside) => at.get(kind.id, name);
  return {
    before: live(inside),
    write(change: Change, subresource?: string) {
      for (const at of [inside, outside]) {
        const draft = structuredClone(live(at));
        change(draft);
        const target = at.target(kind.id, name, subresource);
        if (at === inside) at.registry.update(target, sharing(live(at), draft), { ...at.context, inside: true });
        else at.registry.update(target, draft, at.context);
        at.clock.advance(1_500);
      }
      return { inside: live(inside), outside: live(outside) };
    },
  };
}

const POD = { id: 'pods', object: { metadata: { name: 'p', labels: { app: 'x' } }, spec: POD_SPEC } };
const running: Change = (pod) => {
  pod['status'] = { ...(pod['status'] as object), phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] };
};

describe('a write from inside', () => {
  it('of a status leaves the same object as one from outside, and shares with it what stays', () => {
    const at = twins(POD);
    const first = at.write(running, 'status');
    expect(first.inside).toStrictEqual(first.outside);
    expect(first.inside['spec']).toBe(at.before['spec']);
    const again = at.write((pod) => {
      pod['status'] = { ...(pod['status'] as object), phase: 'Succeeded', message: '' };
    }, 'status');
    expect(again.inside).toStrictEqual(again.outside);
    expect(again.inside.metadata.managedFields?.[1]?.fieldsV1).toBe(first.inside.metadata.managedFields?.[1]?.fieldsV1);
  });

  it('of metadata along with the status, or of anything else, is as from outside', () => {
    const at = twins(POD);
    for (const subresource of ['status', undefined]) {
      const { inside, outside } = at.write((pod) => {
        running(pod);
        pod.metadata.annotations = { at: subresource ?? 'all' };
        pod.metadata.labels = { app: 'y' };
      }, subresource);
      expect(inside).toStrictEqual(outside);
    }
  });

  it('has the defaults of its status, whatever its kind', () => {
    const service = {
      id: 'services',
      object: { metadata: { name: 's' }, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } },
    };
    const { inside, outside } = twins(service).write((draft) => {
      draft['status'] = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
    }, 'status');
    expect(inside).toStrictEqual(outside);
    expect(inside['status']).toEqual({ loadBalancer: { ingress: [{ ip: '192.0.2.1', ipMode: 'VIP' }] } });
  });

  it('that changes nothing writes nothing, and one upon another version is refused', () => {
    const at = testRegistry();
    at.create('pods', POD.object);
    const target = at.target('pods', 'p', 'status');
    const live = at.get('pods', 'p');
    const inside = { ...at.context, inside: true } as const;
    at.registry.update(target, live, inside);
    expect(at.store.revision).toBe(Number(live.metadata.resourceVersion));
    const stale = { ...live, metadata: { ...live.metadata, resourceVersion: '1' }, status: { phase: 'Running' } };
    expect(failureOf(() => at.registry.update(target, stale, inside)).reason).toBe('Conflict');
  });
});
