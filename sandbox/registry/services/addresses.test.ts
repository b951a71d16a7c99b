import { describe, expect, it } from 'vitest';
import { numberAt, recordAt, recordsAt, textAt } from '../json.ts';
import { failureOf, testRegistry } from '../test-registry.ts';

const service = (name: string, spec: object = {}) => ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });

describe('addresses of services', () => {
  it('are given out from 10.96.0.0/16, and kept when an update does not name them', () => {
    const { create, update } = testRegistry();
    const made = create('services', service('s'));
    const ip = textAt(made, 'spec', 'clusterIP');
    expect(ip).toMatch(/^10\.96\.\d+\.\d+$/);
    expect(made).toMatchObject({
      spec: { clusterIPs: [ip], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
      status: { loadBalancer: {} },
    });
    expect(update('services', service('s')).metadata.resourceVersion).toBe(made.metadata.resourceVersion);
  });

  it.each([
    [
      { clusterIP: '10.96.0.1' },
      'Service "s" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate IP 10.96.0.1: provided IP is already allocated',
    ],
    [
      { clusterIP: '1.2.3.4' },
      'Service "s" is invalid: spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided network does not match the current range',
    ],
    [
      { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
      'Service "s" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
    [
      { ipFamilyPolicy: 'RequireDualStack' },
      'Service "s" is invalid: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
    [
      { ipFamilies: ['IPv6'] },
      'Service "s" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
    ],
  ])('are refused in the real words: %j', (spec, message) => {
    const { create } = testRegistry();
    expect(failureOf(() => create('services', service('s', spec)))).toMatchObject({ code: 422, message });
  });

  it('are free again when their service goes', () => {
    const { create, delete: remove } = testRegistry();
    create('services', service('s', { clusterIP: '10.96.0.9' }));
    expect(failureOf(() => create('services', service('t', { clusterIP: '10.96.0.9' }))).code).toBe(422);
    remove('services', 's');
    expect(textAt(create('services', service('t', { clusterIP: '10.96.0.9' })), 'spec', 'clusterIP')).toBe('10.96.0.9');
  });

  it('are none for external names, and of both families for headless ones without a selector', () => {
    const { create } = testRegistry();
    const external = create('services', service('e', { type: 'ExternalName', externalName: 'a.b', ports: [] }));
    expect(recordAt(external, 'spec')).toEqual({ type: 'ExternalName', sessionAffinity: 'None', externalName: 'a.b' });
    expect(create('services', service('h', { clusterIP: 'None' }))).toMatchObject({
      spec: { clusterIPs: ['None'], ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' },
    });
    expect(create('services', service('i', { clusterIP: 'None', selector: { a: 'b' } }))).toMatchObject({
      spec: { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
    });
  });
});

describe('node ports', () => {
  const portOf = (object: unknown, at = 0) => numberAt(recordsAt(object, 'spec', 'ports')[at], 'nodePort');

  it('come and go with the type', () => {
    const { create, patch } = testRegistry();
    create('services', service('s'));
    const open = patch('services', 's', { spec: { type: 'NodePort' } });
    expect(portOf(open)).toBeGreaterThanOrEqual(30_000);
    expect(open).toMatchObject({ spec: { externalTrafficPolicy: 'Cluster' } });
    const closed = recordAt(patch('services', 's', { spec: { type: 'ClusterIP' } }), 'spec');
    expect(closed['ports']).toEqual([{ protocol: 'TCP', port: 80, targetPort: 80 }]);
    expect(closed).not.toHaveProperty('externalTrafficPolicy');
    const moved = patch('services', 's', { spec: { type: 'ExternalName', externalName: 'x.y' } });
    expect(Object.keys(recordAt(moved, 'spec')).sort()).toEqual(['externalName', 'ports', 'sessionAffinity', 'type']);
  });

  it('are one for two protocols of a port', () => {
    const { create } = testRegistry();
    const ports = [
      { name: 't', port: 53 },
      { name: 'u', port: 53, protocol: 'UDP' },
    ];
    const made = create('services', service('s', { type: 'NodePort', ports }));
    expect(portOf(made, 1)).toBe(portOf(made, 0));
  });

  it('are refused when they are taken', () => {
    const { create } = testRegistry();
    const taken = portOf(create('services', service('s', { type: 'NodePort' })));
    const spec = { type: 'NodePort', ports: [{ port: 80, nodePort: taken }] };
    expect(failureOf(() => create('services', service('t', spec))).message).toBe(
      `Service "t" is invalid: spec.ports[0].nodePort: Invalid value: ${taken}: provided port is already allocated`,
    );
  });

  it('include one to check the health of what balances to local pods', () => {
    const { create, patch } = testRegistry();
    const made = create('services', service('s', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }));
    expect(numberAt(made, 'spec', 'healthCheckNodePort')).toBeGreaterThanOrEqual(30_000);
    const open = patch('services', 's', { spec: { externalTrafficPolicy: 'Cluster' } });
    expect(numberAt(open, 'spec', 'healthCheckNodePort')).toBeUndefined();
  });
});
