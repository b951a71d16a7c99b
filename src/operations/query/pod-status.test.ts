import { expect, test } from 'vitest';
import { podStatus } from './pod-status.ts';

const container = (name: string) => ({ name });
const ok = (name: string, restartCount = 0) => ({
  name,
  ready: true,
  restartCount,
  started: true,
  state: { running: {} },
});
const waiting = (name: string, reason: string, restartCount = 0) => ({
  name,
  ready: false,
  restartCount,
  state: { waiting: { reason } },
});
const ended = (name: string, terminated: object, restartCount = 0) => ({
  name,
  ready: false,
  restartCount,
  state: { terminated },
});
const pod = (status: object, spec: object = {}, metadata: object = {}) => ({
  metadata,
  spec: { containers: [container('a'), container('b')], ...spec },
  status,
});

const INIT = { initContainers: [container('i1'), container('i2')] };
const SIDECAR = { initContainers: [{ name: 'mesh', restartPolicy: 'Always' }, container('i2')] };

test.each<[string, object, string, string, number]>([
  ['runs', pod({ phase: 'Running', containerStatuses: [ok('a'), ok('b', 2)] }), 'Running', '2/2', 2],
  ['is pending', pod({ phase: 'Pending' }), 'Pending', '0/2', 0],
  [
    'is gated',
    pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
    'SchedulingGated',
    '0/2',
    0,
  ],
  [
    'has a creating container',
    pod({ phase: 'Pending', containerStatuses: [waiting('a', 'ContainerCreating')] }),
    'ContainerCreating',
    '0/2',
    0,
  ],
  [
    'crashes',
    pod({ phase: 'Running', containerStatuses: [waiting('a', 'CrashLoopBackOff', 7), ok('b')] }),
    'CrashLoopBackOff',
    '1/2',
    7,
  ],
  [
    'cannot pull',
    pod({ phase: 'Pending', containerStatuses: [ok('a'), waiting('b', 'ImagePullBackOff')] }),
    'ImagePullBackOff',
    '1/2',
    0,
  ],
  [
    'is complete',
    pod({
      phase: 'Succeeded',
      containerStatuses: [
        ended('a', { reason: 'Completed', exitCode: 0 }),
        ended('b', { reason: 'Completed', exitCode: 0 }),
      ],
    }),
    'Completed',
    '0/2',
    0,
  ],
  [
    'runs on beside a completed container',
    pod({
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [ended('a', { reason: 'Completed', exitCode: 0 }), ok('b')],
    }),
    'Running',
    '1/2',
    0,
  ],
  [
    'runs on unready beside a completed container',
    pod({ phase: 'Running', containerStatuses: [ended('a', { reason: 'Completed', exitCode: 0 }), ok('b')] }),
    'NotReady',
    '1/2',
    0,
  ],
  [
    'was killed',
    pod({ phase: 'Failed', containerStatuses: [ended('a', { reason: 'OOMKilled', exitCode: 137 })] }),
    'OOMKilled',
    '0/2',
    0,
  ],
  [
    'ended by a signal',
    pod({ phase: 'Failed', containerStatuses: [ended('a', { signal: 9, exitCode: 137 })] }),
    'Signal:9',
    '0/2',
    0,
  ],
  [
    'ended by a code',
    pod({ phase: 'Failed', containerStatuses: [ended('a', { exitCode: 3 })] }),
    'ExitCode:3',
    '0/2',
    0,
  ],
  ['was evicted', pod({ phase: 'Failed', reason: 'Evicted' }), 'Evicted', '0/2', 0],
  [
    'waits for its first init container',
    pod({ phase: 'Pending', initContainerStatuses: [{ name: 'i1', state: { running: {} } }] }, INIT),
    'Init:0/2',
    '0/2',
    0,
  ],
  [
    'waits for its second init container',
    pod(
      { phase: 'Pending', initContainerStatuses: [ended('i1', { exitCode: 0 }), waiting('i2', 'PodInitializing')] },
      INIT,
    ),
    'Init:1/2',
    '0/2',
    0,
  ],
  [
    'has a crashing init container',
    pod({ phase: 'Pending', initContainerStatuses: [waiting('i1', 'CrashLoopBackOff', 4)] }, INIT),
    'Init:CrashLoopBackOff',
    '0/2',
    4,
  ],
  [
    'has a failed init container',
    pod({ phase: 'Pending', initContainerStatuses: [ended('i1', { exitCode: 2 }, 1)] }, INIT),
    'Init:ExitCode:2',
    '0/2',
    1,
  ],
  [
    'counts a running sidecar',
    pod(
      {
        phase: 'Running',
        initContainerStatuses: [ok('mesh', 1), ended('i2', { exitCode: 0 })],
        containerStatuses: [ok('a'), ok('b')],
      },
      SIDECAR,
    ),
    'Running',
    '3/3',
    1,
  ],
  [
    'is being deleted',
    pod({ phase: 'Running', containerStatuses: [ok('a'), ok('b')] }, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    'Terminating',
    '2/2',
    0,
  ],
  [
    'is deleted when complete',
    pod(
      { phase: 'Succeeded', containerStatuses: [ended('a', { reason: 'Completed', exitCode: 0 })] },
      {},
      { deletionTimestamp: '2026-01-01T00:00:00Z' },
    ),
    'Completed',
    '0/2',
    0,
  ],
  [
    'is on a lost node',
    pod({ phase: 'Running', reason: 'NodeLost' }, {}, { deletionTimestamp: 'x' }),
    'Unknown',
    '0/2',
    0,
  ],
  ['is nonsense', { status: 7, spec: { containers: 'many' } }, 'Unknown', '0/0', 0],
])('a pod that %s', (_, object, status, ready, restarts) => {
  const found = podStatus(object);
  expect({ status: found.status, ready: `${found.ready}/${found.total}`, restarts: found.restarts }).toEqual({
    status,
    ready,
    restarts,
  });
});

test('the last restart is the latest end of any container', () => {
  const last = (finishedAt: string) => ({ ...ok('a', 1), lastState: { terminated: { finishedAt } } });
  const object = pod({
    phase: 'Running',
    containerStatuses: [last('2026-01-02T00:00:00Z'), last('2026-01-03T00:00:00Z')],
  });
  expect(podStatus(object).lastRestart).toBe('2026-01-03T00:00:00Z');
});
