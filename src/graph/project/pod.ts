import type { Condition, PodFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { condition, conditionsOf } from './conditions.ts';
import { CONTAINER_STATUS_FIELDS, containersOf } from './containers.ts';
import { defineKind } from './define-kind.ts';
import { KeptPod, sharedByPods } from './kept-pod.ts';
import { dict, list, text, time } from './read.ts';
import { templateFields, templateOf } from './template.ts';

/** Conditions that are worth keeping while they are True; all others while they are not. */
const TOLD_WHEN_TRUE: ReadonlySet<string> = new Set(['DisruptionTarget', 'PodResizePending', 'PodResizeInProgress']);

/** A container that waits for one of these will not start by itself. `ContainerCreating` and `PodInitializing` do. */
const HARMLESS_WAITS: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing']);

export const pod = defineKind<PodFacts>({
  kind: 'Pod',
  depth: 'object',
  fields: [
    ...templateFields('spec'),
    'spec.nodeName',
    'status.phase',
    'status.reason',
    'status.message',
    'status.startTime',
    'status.qosClass',
    ...['type', 'status', 'reason', 'message', 'lastTransitionTime'].map((field) => `status.conditions.${field}`),
    ...CONTAINER_STATUS_FIELDS,
  ],
  project(object, intern, still) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    const phase = text(status['phase']);
    const ready = readyOf(status['conditions']);
    const containers = containersOf(spec, status, intern);
    const shared = sharedByPods({
      phase: intern.text(phase),
      reason: intern.text(text(status['reason'])),
      message: intern.text(text(status['message'])),
      ready: ready?.['status'] === 'True',
      restarts: containers.reduce((sum, { restarts }) => sum + restarts, 0),
      containers,
      conditions: conditionsOf(status['conditions'], intern, (type, value) => isWorthKeeping(type, value, phase)),
      template: still?.template ?? templateOf(spec, intern),
      qos: intern.text(text(status['qosClass'])),
    });
    return new KeptPod(
      shared,
      intern.text(text(spec['nodeName'])),
      time(ready?.['lastTransitionTime']),
      time(status['startTime']),
    );
  },
  health: podHealth,
});

function readyOf(conditions: unknown): Readonly<Record<string, unknown>> | undefined {
  for (const entry of list(conditions)) {
    const one = dict(entry);
    if (one['type'] === 'Ready') return one;
  }
  return undefined;
}

function isWorthKeeping(type: string, status: Condition['status'], phase: string): boolean {
  if (TOLD_WHEN_TRUE.has(type)) return status === 'True';
  return phase !== 'Succeeded' && status !== 'True';
}

function podHealth(facts: PodFacts): Health {
  if (facts.phase === 'Succeeded') return 'done';
  if (facts.phase === 'Failed') return 'failed';
  if (facts.phase === 'Unknown') return 'unknown';
  if (facts.phase === 'Running' && facts.ready) return 'ok';
  const worst = worstContainer(facts);
  if (worst !== 'progressing') return worst;
  const scheduled = condition(facts.conditions, 'PodScheduled');
  if (scheduled?.status === 'False') return scheduled.reason === 'SchedulingGated' ? 'progressing' : 'warning';
  return lostReadiness(facts) ? 'warning' : 'progressing';
}

function worstContainer({ containers, template }: PodFacts): 'failed' | 'warning' | 'progressing' {
  let worst: 'warning' | 'progressing' = 'progressing';
  for (const { state, reason, exitCode, restarts } of containers) {
    if (state === 'waiting' && !HARMLESS_WAITS.has(reason)) return 'failed';
    if (state === 'terminated' && exitCode !== 0) {
      if (template.restartPolicy === 'Never') return 'failed';
      worst = 'warning';
    }
    if (restarts > 0) worst = 'warning';
  }
  return worst;
}

/** It was ready once: Ready turned after all its containers had started, and is False now. */
function lostReadiness({ readySince, containers, phase }: PodFacts): boolean {
  if (phase !== 'Running' || readySince === 0) return false;
  const running = containers.filter(({ role, state }) => role === 'main' && state === 'running');
  return (
    running.length > 0 &&
    running.every(({ since }) => (since > 0 ? since < readySince : true)) &&
    running.some(({ since }) => since > 0)
  );
}
