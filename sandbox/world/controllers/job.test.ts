import { describe, expect, it } from 'vitest';
import { indexesText, type Job, parseIndexes } from './job/shapes.ts';
import type { Pod } from './kit/shapes.ts';
import { createTestWorld, type TestWorld } from './test-world.ts';

const spec = (more: object = {}) => ({
  template: { spec: { restartPolicy: 'Never', containers: [{ name: 'work', image: 'work:1' }] } },
  ...more,
});
const work = (world: TestWorld) => world.user.get<Job>('jobs.batch', 'shop', 'work')!;
const conditions = (world: TestWorld) =>
  work(world).status?.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message]);

describe('a Job', () => {
  it('runs pods until enough have succeeded', () => {
    const world = createTestWorld({ fate: () => 'succeed' });
    world.apply('jobs.batch', { metadata: { name: 'work' }, spec: spec({ completions: 5, parallelism: 2 }) });
    expect(work(world).status).toMatchObject({ succeeded: 5, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
    expect(conditions(world)).toEqual([
      ['SuccessCriteriaMet', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods'],
      ['Complete', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods'],
    ]);
    expect(world.events('work').at(-1)).toBe('Normal Completed Job completed');
    expect(world.user.list<Pod>('pods', 'shop').every(({ metadata }) => metadata.finalizers === undefined)).toBe(true);
    expect(world.failures).toEqual([]);
  });

  it('fails after its backoff limit, waiting longer each time', () => {
    const world = createTestWorld({ fate: () => 'fail' });
    world.apply('jobs.batch', { metadata: { name: 'work' }, spec: spec({ backoffLimit: 2 }) });
    expect(work(world).status?.failed).toBe(1);
    world.pass(9_000);
    expect(work(world).status?.failed).toBe(1);
    world.pass(2_000);
    expect(work(world).status?.failed).toBe(2);
    world.pass(21_000);
    expect(conditions(world)).toEqual([
      ['FailureTarget', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'],
      ['Failed', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'],
    ]);
    expect(world.events('work')).toContain('Warning BackoffLimitExceeded Job has reached the specified backoff limit');
  });

  it('ends at its deadline', () => {
    const world = createTestWorld();
    world.apply('jobs.batch', { metadata: { name: 'work' }, spec: spec({ activeDeadlineSeconds: 30 }) });
    world.pass(29_000);
    expect(conditions(world)).toBeUndefined();
    world.pass(5_000);
    expect(conditions(world)?.at(-1)).toEqual([
      'Failed',
      'True',
      'DeadlineExceeded',
      'Job was active longer than specified deadline',
    ]);
    expect(world.user.list('pods', 'shop')).toEqual([]);
  });

  it('numbers its pods when it is indexed, and goes after its time to live', () => {
    const world = createTestWorld({ fate: () => 'succeed' });
    const more = { completions: 3, parallelism: 3, completionMode: 'Indexed', ttlSecondsAfterFinished: 60 };
    world.apply('jobs.batch', { metadata: { name: 'work' }, spec: spec(more) });
    expect(work(world).status).toMatchObject({ completedIndexes: '0-2', succeeded: 3 });
    world.pass(70_000);
    expect(world.user.list('jobs.batch', 'shop')).toEqual([]);
    expect(world.user.list('pods', 'shop')).toEqual([]);
  });

  it('stands still while it is suspended', () => {
    const world = createTestWorld();
    world.apply('jobs.batch', { metadata: { name: 'work' }, spec: spec({ suspend: true }) });
    expect(world.user.list('pods', 'shop')).toEqual([]);
    expect(conditions(world)).toEqual([['Suspended', 'True', 'JobSuspended', 'Job suspended']]);
    world.user.modify<Job>('jobs.batch', 'shop', 'work', (draft) => {
      draft.spec.suspend = false;
    });
    world.clock.advance(0);
    expect(world.user.list('pods', 'shop')).toHaveLength(1);
    expect(conditions(world)).toEqual([['Suspended', 'False', 'JobResumed', 'Job resumed']]);
  });
});

it('writes ranges of indexes and reads them back', () => {
  expect(indexesText(new Set([5, 0, 1, 2, 7, 8]))).toBe('0-2,5,7,8');
  expect(parseIndexes('0-2,5,7,8')).toEqual(new Set([0, 1, 2, 5, 7, 8]));
});
