/** The load balancers of a cloud: Services of that type get an address after a moment. */
import type { Controller, Machine } from '../types.ts';
import { managed, ownKey, splitKey } from './kit/keys.ts';
import { isTerminating } from './kit/pods.ts';
import type { Service } from './kit/shapes.ts';

const FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';
/** How long a cloud takes. */
const SETUP_MS = 3_000;
/** Addresses of documentation (RFC 5737): they lead nowhere. */
const PREFIXES = ['203.0.113', '198.51.100'];

export function serviceLoadBalancerController(): Controller {
  const readyAt = new Map<string, number>();
  return {
    ...managed('service-controller'),
    watches: { services: ownKey },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const service = machine.get<Service>('services', namespace, name);
      if (service === undefined || service.spec.loadBalancerClass !== undefined) {
        readyAt.delete(key);
        return undefined;
      }
      if (service.spec.type !== 'LoadBalancer' || isTerminating(service)) {
        readyAt.delete(key);
        takeDown(service, machine);
        return undefined;
      }
      if ((service.status?.loadBalancer?.ingress ?? []).length > 0) return undefined;
      const now = machine.clock.now();
      const at = readyAt.get(key);
      if (at === undefined) {
        readyAt.set(key, now + SETUP_MS);
        machine.event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
        addFinalizer(service, machine);
        return SETUP_MS;
      }
      if (at > now) return at - now;
      readyAt.delete(key);
      const ip = freeAddress(machine);
      setIngress(service, [{ ip, ipMode: 'VIP' }], machine);
      machine.event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
      return undefined;
    },
  };
}

function addFinalizer({ metadata }: Service, machine: Machine): void {
  machine.modify('services', metadata.namespace ?? '', metadata.name, (draft) => {
    draft.metadata.finalizers = [...new Set([...(draft.metadata.finalizers ?? []), FINALIZER])];
  });
}

function takeDown(service: Service, machine: Machine): void {
  if (!service.metadata.finalizers?.includes(FINALIZER)) return;
  machine.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
  setIngress(service, [], machine);
  machine.modify('services', service.metadata.namespace ?? '', service.metadata.name, ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter((one) => one !== FINALIZER);
  });
  machine.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
}

function setIngress({ metadata }: Service, ingress: Record<string, unknown>[], machine: Machine): void {
  machine.modify<Service>(
    'services',
    metadata.namespace ?? '',
    metadata.name,
    (draft) => {
      draft.status = { ...draft.status, loadBalancer: ingress.length === 0 ? {} : { ingress } };
    },
    'status',
  );
}

function freeAddress(machine: Machine): string {
  const taken = new Set(
    machine
      .list<Service>('services')
      .flatMap(({ status }) => (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip)),
  );
  for (const prefix of PREFIXES) {
    for (let last = 10; last < 255; last++) if (!taken.has(`${prefix}.${last}`)) return `${prefix}.${last}`;
  }
  throw new Error('no addresses left for load balancers');
}
