/** A container that the runtime cannot make or start: a wrong command, a failing hook, a name that is taken. */
import type { Detector } from '../../types.ts';
import { workloadAbove } from './reading/owners.ts';
import { because, CRITICAL, downSince, OWNERS, onLivePods, words } from './reading/pods.ts';
import { recent, told } from './reading/stories.ts';
import { SECOND, short } from './reading/times.ts';

const REASONS: ReadonlySet<string> = new Set([
  'CreateContainerError',
  'RunContainerError',
  'PreStartHookError',
  'PostStartHookError',
  'PreCreateHookError',
  'StartError',
  'ContainerCannotRun',
]);

export const createContainerError: Detector = onLivePods({
  id: 'create-container-error',
  reads: OWNERS,
  look: (seen) =>
    seen.pod.containers.flatMap((container) => {
      const { name, state, reason, message, last } = container;
      const failed = state !== 'running' && REASONS.has(reason) ? reason : undefined;
      // Between two tries it waits in CrashLoopBackOff.
      const before = state === 'waiting' && last !== undefined && REASONS.has(last.reason) ? last.reason : undefined;
      const what = failed ?? before;
      if (what === undefined) return [];
      const [event] = recent(seen.node, seen, 'Failed', 'FailedPostStartHook', 'FailedPreStopHook');
      const said = message !== '' && failed !== undefined ? message : (event?.message ?? message);
      return [
        {
          key: name,
          severity: CRITICAL,
          title: `${words(container)}: ${what}${said === '' ? '' : `, ${short(said)}`}`,
          evidence: [
            `status of ${words(container)}: ${what}${message === '' ? '' : `, ${short(message, 240)}`}`,
            ...(event === undefined ? [] : [told(event, seen.now)]),
          ],
          since: downSince(seen),
          holdMs: 20 * SECOND,
          ...because(workloadAbove(seen.node.id, seen.view)?.id),
        },
      ];
    }),
});
