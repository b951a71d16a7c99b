import { z } from 'zod';
import { ageOf } from '../../kernel/text/age.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { View } from '../query/list-tool.ts';
import { count, field, items, text } from '../query/read.ts';
import { cell } from '../shape/cell.ts';

export const deploymentSchema = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  replicas: z.number(),
  ready_replicas: z.number(),
  updated_replicas: z.number(),
  available_replicas: z.number(),
  images: z.array(z.string()),
  /** Why it is not what it should be; '' when it is. */
  problem: z.string(),
  age: z.string(),
});

export type DeploymentItem = z.infer<typeof deploymentSchema>;

export const deploymentView: View<DeploymentItem> = {
  kind: ['deployments', 'apps/v1'],
  noun: 'deployment',
  columns: ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE', 'IMAGES', 'PROBLEM'],
  project: deploymentItem,
  cells: (d) =>
    [
      d.name,
      `${d.ready_replicas}/${d.replicas}`,
      d.updated_replicas,
      d.available_replicas,
      d.age,
      d.images.join(','),
      d.problem,
    ].map((value) => cell(value)),
};

function deploymentItem(deployment: KubeObject, now: number): DeploymentItem {
  const wanted = field(deployment, 'spec', 'replicas');
  return {
    name: text(deployment, 'metadata', 'name'),
    namespace: text(deployment, 'metadata', 'namespace'),
    replicas: typeof wanted === 'number' ? wanted : 1,
    ready_replicas: count(deployment, 'status', 'readyReplicas'),
    updated_replicas: count(deployment, 'status', 'updatedReplicas'),
    available_replicas: count(deployment, 'status', 'availableReplicas'),
    images: items(deployment, 'spec', 'template', 'spec', 'containers').map((c) => text(c, 'image')),
    problem: problemOf(deployment),
    age: ageOf(text(deployment, 'metadata', 'creationTimestamp'), now),
  };
}

/** `paused`, or the reason of a condition that says the rollout failed or stands still. */
function problemOf(deployment: KubeObject): string {
  const reasons = items(deployment, 'status', 'conditions').flatMap((condition) => {
    const [type, status] = [text(condition, 'type'), text(condition, 'status')];
    const bad = type === 'ReplicaFailure' ? status === 'True' : status === 'False';
    return bad ? [text(condition, 'reason') || type] : [];
  });
  return [...(field(deployment, 'spec', 'paused') === true ? ['paused'] : []), ...reasons].join(', ');
}
