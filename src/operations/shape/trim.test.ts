import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { trimObject } from './trim.ts';
import { toYaml } from './yaml.ts';

const object = {
  status: { phase: 'Running', conditions: [] },
  metadata: {
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [{ manager: 'x' }],
    selfLink: '/x',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    name: 'a',
  },
  kind: 'Pod',
  apiVersion: 'v1',
  spec: { volumes: [{ name: 'v', emptyDir: {} }, {}], nodeName: null, securityContext: {} },
};

it('drops what says nothing and puts the telling keys first', () => {
  expect(toYaml(trimObject(object))).toBe(`apiVersion: v1
kind: Pod
metadata:
  name: a
  creationTimestamp: "2026-01-01T00:00:00Z"
spec:
  volumes:
  - name: v
    emptyDir: {}
  - {}
status:
  phase: Running
`);
});

it('keeps everything when asked, and never changes its input', () => {
  const before = structuredClone(object);
  expect(trimObject(object, { full: true })).toEqual(object);
  trimObject(object);
  expect(object).toEqual(before);
  expect(trimObject(null)).toBe(null);
});

it('writes what a YAML 1.1 reader would take for something else in quotes', () => {
  const value = { a: 'yes', b: '0123', c: 'null', d: '1e3', e: 'line\nline', f: 'on', g: '12:30' };
  expect(parse(toYaml(value), { version: '1.1' })).toEqual(value);
  expect(parse(toYaml(value))).toEqual(value);
});
