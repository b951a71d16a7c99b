import { describe, expect, it } from 'vitest';
import { createClock } from '../clock.ts';
import { createStore } from '../store/create-store.ts';
import { runControllers } from './run-controllers.ts';
import type { Controller, Machine } from './types.ts';

const START = Date.parse('2026-01-01T00:00:00Z');

function start(reconcile: (key: string, at: number) => number | undefined) {
  const clock = createClock('still', START);
  const store = createStore();
  const failures: string[] = [];
  const controller: Controller = {
    name: 'probe',
    user: 'probe',
    fieldManager: 'probe',
    watches: { configmaps: ({ version }) => [version.name] },
    reconcile: (key) => reconcile(key, clock.now() - START),
  };
  const put = (name: string) =>
    store.put({
      resource: 'configmaps',
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'a', uid: name } },
    });
  put('early');
  const stop = runControllers([controller], {
    store,
    clock,
    machineOf: () => ({ clock }) as Machine,
    onFailure: (_, key, error) => failures.push(`${key}: ${String(error)}`),
  });
  return { clock, put, stop, failures };
}

describe('the runner of controllers', () => {
  it('brings what there is and what comes, each key once however often it changed', () => {
    const seen: string[] = [];
    const { clock, put } = start((key) => void seen.push(key));
    put('late');
    put('late');
    clock.advance(0);
    expect(seen).toEqual(['early', 'late']);
  });

  it('tries a failure again after 5 ms, 10 ms and so on, up to 1000 s', () => {
    const times: number[] = [];
    const { clock, failures } = start((_, at) => {
      times.push(at);
      throw new Error('no');
    });
    clock.advance(200);
    expect(times).toEqual([0, 5, 15, 35, 75, 155]);
    clock.advance(10_000_000);
    const waits = times.slice(1).map((at, i) => at - times[i]!);
    expect(Math.max(...waits)).toBe(1_000_000);
    expect(failures[0]).toBe('early: Error: no');
  });

  it('comes again when asked to, at the earliest of several wishes', () => {
    const times: number[] = [];
    const waits = [100, 10, 50];
    const { clock, put } = start((_, at) => {
      times.push(at);
      return waits[times.length - 1];
    });
    clock.advance(0);
    put('early');
    clock.advance(1_000);
    expect(times).toEqual([0, 0, 10, 60]);
  });

  it('never runs hot: who asks for no wait at all waits a ms', () => {
    let runs = 0;
    const { clock } = start(() => {
      runs += 1;
      return 0;
    });
    clock.advance(10);
    expect(runs).toBe(11);
  });

  it('does nothing more once it is stopped', () => {
    const seen: string[] = [];
    const { clock, put, stop } = start((key) => {
      seen.push(key);
      return 10;
    });
    clock.advance(0);
    stop();
    put('late');
    clock.advance(100);
    expect(seen).toEqual(['early']);
  });
});

it('a component that fails over an event keeps neither the writer nor others from it', () => {
  const clock = createClock('still', START);
  const store = createStore();
  const failures: string[] = [];
  const seen: string[] = [];
  const controller = (name: string, keyOf: (object: string) => string): Controller => ({
    name,
    user: name,
    fieldManager: name,
    watches: { configmaps: ({ version }) => [keyOf(version.name)] },
    reconcile: (key) => void seen.push(`${name} ${key}`),
  });
  const broken = controller('broken', () => {
    throw new Error('nonsense');
  });
  runControllers([broken, controller('sound', (name) => name)], {
    store,
    clock,
    machineOf: () => ({ clock }) as Machine,
    onFailure: ({ name }, key, error) => failures.push(`${name}: ${key}: ${String(error)}`),
  });
  const metadata = { name: 'x', namespace: 'a', uid: 'x' };
  store.put({ resource: 'configmaps', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata } });
  clock.advance(0);
  expect([failures, seen]).toEqual([['broken: configmaps a/x: Error: nonsense'], ['sound x']]);
});
