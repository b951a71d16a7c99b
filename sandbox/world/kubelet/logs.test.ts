import { describe, expect, it } from 'vitest';
import type { ApiFailure } from '../../api/failure.ts';
import type { LogOptions } from '../../server/ports.ts';
import { createKubelet } from './create-kubelet.ts';
import { createPodLogs } from './logs.ts';
import { nodeNamed, podNamed, worldUnderTest } from './world-under-test.ts';

function world() {
  const kubelet = createKubelet();
  const at = worldUnderTest(kubelet.controllers);
  at.add('nodes', nodeNamed('node-1'));
  const logs = createPodLogs({
    clock: at.clock,
    kubelet,
    podNow: (namespace, name) => at.machine.get('pods', namespace, name),
  });
  const open = (name: string, options: Partial<LogOptions> = {}) => {
    const seen = { text: '', ended: false, stop: (): void => undefined };
    seen.stop = logs(
      at.pod(name),
      { follow: false, previous: false, timestamps: false, ...options },
      {
        write(chunk) {
          seen.text += chunk.toString();
          return true;
        },
        end() {
          seen.ended = true;
        },
      },
    );
    return seen;
  };
  const refusal = (name: string, options: Partial<LogOptions> = {}) => {
    try {
      open(name, options);
    } catch (error) {
      const { code, message } = (error as ApiFailure).status;
      return `${code} ${message}`;
    }
    return 'none';
  };
  return { at, open, refusal };
}

const on = (...containers: object[]) => ({ nodeName: 'node-1', containers });
const web = { name: 'c', image: 'nginx:1.27' };
const looping = { name: 'c', image: 'busybox', command: ['sh', '-c', 'echo one; sleep 1; echo two; exit 3'] };

describe('the log of a container', () => {
  it('is the same whenever it is read, in whole or in part', () => {
    const { at, open } = world();
    at.add('pods', podNamed('web', on(web)));
    at.pass(120);
    const { text, ended } = open('web');
    expect(ended).toBe(true);
    expect(open('web').text).toBe(text);
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(30);
    expect(lines[0]).toContain('/docker-entrypoint.sh:');
    expect(open('web', { tailLines: 3 }).text.trimEnd().split('\n')).toEqual(lines.slice(-3));
    expect(open('web', { tailLines: 0 }).text).toBe('');
    expect(open('web', { limitBytes: 10 }).text).toBe(text.slice(0, 10));
    const recent = open('web', { sinceSeconds: 20 }).text.trimEnd().split('\n');
    expect(recent.length).toBeLessThan(15);
    expect(lines.slice(-recent.length)).toEqual(recent);
    expect(open('web', { timestamps: true, tailLines: 1 }).text).toMatch(/^2026-03-01T10:0[12]:\d\d\.\d{9}Z 10\.244\./);
  });

  it('is of the run before when asked so', () => {
    const { at, open, refusal } = world();
    at.add('pods', podNamed('job', on(looping)));
    at.pass(3);
    expect(refusal('job', { previous: true })).toBe('400 previous terminated container "c" in pod "job" not found');
    at.pass(7);
    expect(open('job', { previous: true }).text).toBe('one\ntwo\n');
    expect(open('job').text).toBe('one\ntwo\n');
  });

  it('goes on as the clock does when followed, and ends with its container', () => {
    const { at, open } = world();
    at.add('pods', podNamed('job', on(looping)));
    at.pass(1.8);
    const seen = open('job', { follow: true });
    expect(seen).toMatchObject({ text: 'one\n', ended: false });
    at.pass(3);
    expect(seen).toMatchObject({ text: 'one\ntwo\n', ended: true });
  });

  it('tells of services that are away', () => {
    const { at, open } = world();
    const container = { name: 'c', image: 'ghcr.io/acme/front:v1', env: [{ name: 'CART_ADDR', value: 'cart:80' }] };
    at.add('pods', podNamed('front', on(container)));
    at.pass(20);
    expect(open('front').text).toContain('"error":"dial tcp: lookup cart on 10.96.0.10:53: no such host"');
  });
});

describe('a log that there is not', () => {
  it('is refused in the words of the apiserver and the kubelet', () => {
    const { at, refusal, open } = world();
    at.add('pods', podNamed('two', on({ ...web, name: 'a' }, { ...web, name: 'b' })));
    at.add('pods', podNamed('typo', on({ name: 'c', image: 'nginx:nope' })));
    at.add('pods', podNamed('lost', { containers: [web] }));
    at.pass(0.2);
    expect(refusal('two')).toBe('400 a container name must be specified for pod two, choose one of: [a b]');
    expect(refusal('two', { container: 'x' })).toBe('400 container x is not valid for pod two');
    expect(refusal('two', { container: 'a' })).toBe(
      '400 container "a" in pod "two" is waiting to start: ContainerCreating',
    );
    expect(refusal('two', { tailLines: -1 })).toBe(
      '422 PodLogOptions "two" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    );
    expect(open('lost')).toMatchObject({ text: '', ended: true });
    at.pass(2.5);
    expect(refusal('typo')).toBe(`400 container "c" in pod "typo" is waiting to start: image can't be pulled`);
    at.pass(3);
    expect(refusal('typo')).toBe(
      '400 container "c" in pod "typo" is waiting to start: trying and failing to pull image',
    );
  });
});
