import { describe, expect, it } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { graphOf } from '../testing.ts';
import type { KindState } from '../types.ts';
import { findTarget, type TargetName } from './find-target.ts';

const POD: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'shop' },
  spec: { nodeName: 'w1', containers: [{ name: 'c', image: 'registry.example.com/web:1.2' }] },
};
const NODE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'w1', labels: { 'topology.kubernetes.io/zone': 'north-a' } },
};

function refusalOf(target: TargetName, states: Record<string, KindState> = {}): AppError {
  const { view } = graphOf([POD, NODE], { states });
  try {
    findTarget(view, target);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('found');
}
const REDIS = { kind: 'StatefulSet.apps', namespace: 'data', name: 'redis' };

describe('an object that is not in the graph', () => {
  it('is not there where its kind is known', () => {
    expect(refusalOf(REDIS)).toMatchObject({ code: 'not_found', message: 'There is no StatefulSet data/redis.' });
    expect(refusalOf({ kind: 'Pod', namespace: 'shop', name: 'web-2' }).detail.candidates).toEqual(['web-1']);
  });

  it('is not visible, and not missing, where only other namespaces may be read', () => {
    const refusal = refusalOf(REDIS, { 'StatefulSet.apps': { state: 'synced', namespaces: ['shop'] } });
    expect(refusal).toMatchObject({
      code: 'cluster_forbidden',
      message:
        'StatefulSet data/redis is not visible to this identity: of the kind StatefulSet only namespace shop could be read, not data.',
    });
    const here = refusalOf(
      { ...REDIS, namespace: 'shop' },
      { 'StatefulSet.apps': { state: 'synced', namespaces: ['shop'] } },
    );
    expect(here.code).toBe('not_found');
  });

  it('is of no kind that the graph has', () => {
    expect(refusalOf({ kind: 'PodMetrics.metrics.k8s.io', namespace: 'shop', name: 'web-1' })).toMatchObject({
      code: 'unsupported',
      message: 'PodMetrics shop/web-1 is not in the graph: its kind is no part of it',
    });
  });

  it('was not there when its kind was last read, where that is not up to date', () => {
    const refusal = refusalOf(REDIS, { 'StatefulSet.apps': { state: 'stale', since: 0, reason: 'HTTP 500' } });
    expect(refusal.message).toBe(
      'There was no StatefulSet data/redis when its kind was last read, which is not up to date: HTTP 500',
    );
  });
});

describe('what is outside the API', () => {
  it('is there as far as an object names it, and is told by the nearest names', () => {
    const image = refusalOf({ kind: '~Image', namespace: '', name: 'registry.example.com/web:1.3' });
    expect(image).toMatchObject({ code: 'not_found', message: 'No object names Image registry.example.com/web:1.3.' });
    expect(image.detail.candidates).toEqual(['registry.example.com/web:1.2']);
    expect(refusalOf({ kind: '~Zone', namespace: '', name: 'north-b' }).detail.candidates).toEqual(['north-a']);
  });

  it('may be named by what was not read', () => {
    const states: Record<string, KindState> = { Pod: { state: 'off', reason: 'read in part only' } };
    expect(refusalOf({ kind: '~HelmRelease', namespace: '', name: 'nope' }, states).message).toBe(
      'No object that could be read names HelmRelease nope, and not all could be.',
    );
  });
});
