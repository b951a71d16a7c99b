/** `namespace/service:subset`: what stands for a subset of a Service's pods, which DestinationRules define and VirtualServices use. */
import { serviceNamed } from './istio-host.ts';

/** '' for hosts that are no Service. */
export function subsetName(host: string, namespace: string, subset: string): string {
  const service = serviceNamed(host, namespace);
  return service === undefined || subset === '' ? '' : `${service.namespace}/${service.name}:${subset}`;
}
