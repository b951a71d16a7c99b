/** A rollout of a StatefulSet that stops at its first pod. */
import type { Incident } from '../../worlds/types.ts';
import { containerOf, podsOf, spoiltPods, statefulSet, thenHeal } from './kit.ts';

export const STATEFULSET_STUCK: Incident = {
  name: 'statefulset-stuck',
  title: 'kafka is rolled out with an image tag that does not exist',
  symptom: 'kafka-2 is in ImagePullBackOff; the others wait for it, and go on only when it is deleted',
  root: { resource: 'statefulset', namespace: 'data', name: 'kafka' },
  look: ['rollout', 'status', 'statefulset/kafka', '-n', 'data', '--timeout=5s'],
  ...thenHeal(
    spoiltPods(statefulSet('data', 'kafka'), (template) => {
      containerOf(template, 'kafka').image = 'docker.io/apache/kafka:4.1.1-rolling';
    }),
    // A StatefulSet does not replace a pod that never got ready: somebody has to.
    (machine) => {
      for (const { metadata, status } of podsOf(machine, 'data', 'kafka'))
        if (status?.phase === 'Pending') machine.delete('pods', 'data', metadata.name);
    },
  ),
};
