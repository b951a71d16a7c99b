/** All that a kube-controller-manager runs, and the few things that live beside it in a real cluster. */
import type { Kinds } from '../../kinds/types.ts';
import type { Controller } from '../types.ts';
import type { Usage } from './autoscaling/shapes.ts';
import { clusterRoleAggregationController } from './cluster-role-aggregation.ts';
import { cronJobController } from './cron-job.ts';
import { daemonSetController } from './daemon-set.ts';
import { deploymentController } from './deployment.ts';
import { disruptionController } from './disruption.ts';
import { endpointSliceController } from './endpoint-slices.ts';
import { endpointsController } from './endpoints.ts';
import { ephemeralVolumeController } from './ephemeral-volumes.ts';
import { eventTtl } from './event-ttl.ts';
import { garbageCollector } from './garbage-collector.ts';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { ingressAddressController } from './ingress-address.ts';
import { jobController } from './job.ts';
import { namespaceController } from './namespace.ts';
import { nodeLifecycleController } from './node-lifecycle.ts';
import { persistentVolumeController } from './persistent-volume.ts';
import { podGarbageCollector } from './pod-gc.ts';
import { replicaSetController, replicationController } from './replica-set.ts';
import { resourceQuotaController } from './resource-quota.ts';
import { rootCaPublisher, serviceAccountsController } from './service-accounts.ts';
import { serviceLoadBalancerController } from './service-load-balancer.ts';
import { statefulSetController } from './stateful-set.ts';
import { claimProtectionController, volumeProtectionController } from './storage-protection.ts';
import { taintEvictionController } from './taint-eviction.ts';
import { ttlAfterFinishedController } from './ttl-after-finished.ts';

export interface ControllerParts {
  kinds: Kinds;
  /** PEM of the authority that the API's own certificate comes from. */
  rootCertificate: string;
  /** What a pod uses now, for autoscalers; undefined when it is not measured. */
  usage: Usage;
  /** Names of the storage provisioners that work. */
  provisioners: readonly string[];
}

export function controllers(parts: ControllerParts): Controller[] {
  const { kinds } = parts;
  return [
    namespaceController({ kinds }),
    serviceAccountsController(),
    rootCaPublisher({ certificate: parts.rootCertificate }),
    garbageCollector({ kinds }),
    deploymentController(),
    replicaSetController(),
    replicationController(),
    statefulSetController(),
    daemonSetController(),
    jobController(),
    cronJobController(),
    ttlAfterFinishedController(),
    endpointSliceController(),
    endpointsController(),
    serviceLoadBalancerController(),
    ingressAddressController(),
    persistentVolumeController({ provisioners: parts.provisioners }),
    ephemeralVolumeController(),
    claimProtectionController(),
    volumeProtectionController(),
    nodeLifecycleController(),
    taintEvictionController(),
    podGarbageCollector(),
    disruptionController(),
    horizontalPodAutoscaler({ kinds, usage: parts.usage }),
    resourceQuotaController({ kinds }),
    clusterRoleAggregationController(),
    eventTtl(),
  ];
}
