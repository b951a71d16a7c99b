/** A Job's rules for pods that fail. */
import type { Pod } from '../kit/shapes.ts';
import type { FailureRule, Job } from './shapes.ts';

/** What the first rule that fits a failed pod says. */
export function ruleFor(job: Job, pod: Pod): { action: string; message: string } | undefined {
  const called = `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`;
  for (const [i, rule] of (job.spec.podFailurePolicy?.rules ?? []).entries()) {
    const exit = exitCode(rule, pod);
    if (exit !== undefined) {
      const { container, code } = exit;
      const message = `Container ${container} for pod ${called} failed with exit code ${code} matching ${rule.action} rule at index ${i}`;
      return { action: rule.action, message };
    }
    const condition = (rule.onPodConditions ?? []).find(({ type, status = 'True' }) =>
      pod.status?.conditions?.some((one) => one.type === type && one.status === status),
    );
    if (condition !== undefined) {
      const message = `Pod ${called} has condition ${condition.type} matching ${rule.action} rule at index ${i}`;
      return { action: rule.action, message };
    }
  }
  return undefined;
}

function exitCode({ onExitCodes }: FailureRule, { status }: Pod): { container: string; code: number } | undefined {
  if (onExitCodes === undefined) return undefined;
  const { containerName, operator, values } = onExitCodes;
  for (const { name, state } of [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]) {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName !== undefined && containerName !== name)) continue;
    if (values.includes(code) === (operator === 'In')) return { container: name, code };
  }
  return undefined;
}
