/** From what the metrics ask for to what is done: stabilization, rates and bounds. */
import type { Autoscaler, ScalingRules } from './shapes.ts';

/** kube-controller-manager's --horizontal-pod-autoscaler-downscale-stabilization. */
const DOWN_WINDOW_S = 300;
/** Without rules of its own it at most doubles, and may always go to 4. */
const UP_FACTOR = 2;
const UP_ALWAYS = 4;

/** The default rules of the API for what a behavior leaves out. */
const UP: Required<ScalingRules> = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const DOWN: Required<ScalingRules> = {
  stabilizationWindowSeconds: DOWN_WINDOW_S,
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

export interface History {
  recommendations: { at: number; replicas: number }[];
  /** Changes that were made, by how many. */
  changes: { at: number; by: number }[];
}

interface Normalized {
  replicas: number;
  able: { reason: string; message: string };
  limited: { is: boolean; reason: string; message: string };
}

const READY = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const STABILIZED_DOWN = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const STABILIZED_UP = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};

export function normalize(hpa: Autoscaler, current: number, wanted: number, history: History, now: number): Normalized {
  const { behavior, minReplicas = 1, maxReplicas } = hpa.spec;
  const up = { ...UP, ...behavior?.scaleUp };
  const down = { ...DOWN, ...behavior?.scaleDown };
  const recent = (seconds: number) =>
    history.recommendations.filter(({ at }) => at > now - seconds * 1000).map(({ replicas }) => replicas);
  const lowest = Math.min(wanted, ...recent(up.stabilizationWindowSeconds));
  const highest = Math.max(wanted, ...recent(down.stabilizationWindowSeconds));
  // Without a behavior only shrinking waits.
  const stable = behavior === undefined ? highest : Math.min(Math.max(current, lowest), highest);
  const longest = Math.max(up.stabilizationWindowSeconds, down.stabilizationWindowSeconds, DOWN_WINDOW_S);
  history.recommendations = history.recommendations.filter(({ at }) => at > now - longest * 1000);
  history.recommendations.push({ at: now, replicas: wanted });

  const upLimit =
    behavior === undefined ? Math.max(UP_FACTOR * current, UP_ALWAYS) : rateLimit(current, up, history, now, 1);
  const downLimit = behavior === undefined ? 0 : rateLimit(current, down, history, now, -1);
  const grows = stable > current || behavior === undefined;
  const shrinks = stable < current || behavior === undefined;
  const able =
    stable === wanted ? READY : wanted >= current && behavior !== undefined ? STABILIZED_UP : STABILIZED_DOWN;
  if (grows && stable > Math.min(maxReplicas, Math.max(upLimit, current))) {
    const limit = Math.max(upLimit, current);
    return maxReplicas > limit
      ? limited(limit, able, 'ScaleUpLimit', 'increasing faster than the maximum scale rate')
      : limited(maxReplicas, able, 'TooManyReplicas', 'more than the maximum replica count');
  }
  if (shrinks && stable < Math.max(minReplicas, Math.min(downLimit, current))) {
    const limit = Math.min(downLimit, current);
    return minReplicas < limit
      ? limited(limit, able, 'ScaleDownLimit', 'decreasing faster than the maximum scale rate')
      : limited(minReplicas, able, 'TooFewReplicas', 'less than the minimum replica count');
  }
  const reason = 'DesiredWithinRange';
  const message = 'the desired count is within the acceptable range';
  return { replicas: stable, able, limited: { is: false, reason, message } };
}

function limited(replicas: number, able: Normalized['able'], reason: string, how: string): Normalized {
  return { replicas, able, limited: { is: true, reason, message: `the desired replica count is ${how}` } };
}

function rateLimit(current: number, rules: Required<ScalingRules>, history: History, now: number, way: 1 | -1): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const limits = rules.policies.map(({ type, value, periodSeconds }) => {
    const changed = history.changes
      .filter(({ at }) => at > now - periodSeconds * 1000)
      .reduce((sum, { by }) => sum + by, 0);
    const start = current - changed;
    const limit = type === 'Pods' ? start + way * value : start * (1 + (way * value) / 100);
    return way === 1 ? Math.ceil(limit) : Math.floor(limit);
  });
  // The least change is the lowest limit on the way up, the highest on the way down.
  const pickLowest = (rules.selectPolicy === 'Min') === (way === 1);
  return pickLowest ? Math.min(...limits) : Math.max(...limits);
}
