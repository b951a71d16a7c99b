/** The part of an ingress controller that is seen through the API: it writes where it is reached into the Ingresses of its class. */
import type { KubeObject } from '../../types.ts';
import type { Controller, Machine } from '../types.ts';
import { keyOf, ownKey, splitKey } from './kit/keys.ts';
import type { Service } from './kit/shapes.ts';

/** On an IngressClass: `namespace/name` of the Service whose address the Ingresses of that class get. Without it nobody answers them. */
export const PUBLISH_SERVICE = 'sandbox.k8s-mcp.dev/publish-service';

const INGRESSES = 'ingresses.networking.k8s.io';
const CLASSES = 'ingressclasses.networking.k8s.io';

interface Ingress extends KubeObject {
  spec: { ingressClassName?: string };
  status?: { loadBalancer?: { ingress?: { ip: string }[] } };
}

export function ingressAddressController(): Controller {
  const all = (_event: unknown, machine: Machine) => machine.list(INGRESSES).map(keyOf);
  return {
    name: 'nginx-ingress-controller',
    user: 'system:serviceaccount:platform:ingress-controller',
    fieldManager: 'nginx-ingress-controller',
    watches: { [INGRESSES]: ownKey, [CLASSES]: all, services: all },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const ingress = machine.get<Ingress>(INGRESSES, namespace, name);
      const published = ingress && addressesOf(ingress.spec.ingressClassName, machine);
      if (ingress === undefined || published === undefined) return undefined;
      const shown = (ingress.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
      if (shown.join() === published.join()) return undefined;
      machine.modify<Ingress>(
        INGRESSES,
        namespace,
        name,
        (draft) => {
          draft.status = { loadBalancer: published.length === 0 ? {} : { ingress: published.map((ip) => ({ ip })) } };
        },
        'status',
      );
      return undefined;
    },
  };
}

/** `undefined` when nobody here answers for the class. */
function addressesOf(className: string | undefined, machine: Machine): string[] | undefined {
  if (className === undefined) return undefined;
  const publish = machine.get(CLASSES, '', className)?.metadata.annotations?.[PUBLISH_SERVICE];
  if (publish === undefined) return undefined;
  const { namespace, name } = splitKey(publish);
  const service = machine.get<Service>('services', namespace, name);
  return (service?.status?.loadBalancer?.ingress ?? []).map(({ ip }) => String(ip));
}
