/** Probes and lifecycle hooks. */
import { nonNegative, portNumberOrName } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, itemsOf, numberOf, stringsOf, textOf } from './fields.ts';
import { regexProblem } from './names.ts';

type Check = (found: Findings, field: string, action: Fields, graceSeconds: number) => void;

const ACTIONS: Readonly<Record<string, Check>> = {
  exec(found, field, action) {
    if (stringsOf(action['command']).length === 0) found.required(`${field}.command`);
  },
  httpGet(found, field, action) {
    if (textOf(action['path']) === '') found.required(`${field}.path`);
    portNumberOrName(found, `${field}.port`, action['port']);
    const scheme = textOf(action['scheme']);
    if (scheme !== 'HTTP' && scheme !== 'HTTPS') found.notSupported(`${field}.scheme`, scheme, ['HTTP', 'HTTPS']);
    for (const header of itemsOf(action['httpHeaders'])) {
      const name = textOf(header['name']);
      if (/^[-A-Za-z0-9]+$/.test(name)) continue;
      const rule = "a valid HTTP header must consist of alphanumeric characters or '-'";
      found.invalid(`${field}.httpHeaders`, name, regexProblem(rule, '[-A-Za-z0-9]+', 'X-Header-Name'));
    }
  },
  tcpSocket: (found, field, action) => portNumberOrName(found, `${field}.port`, action['port']),
  grpc: (found, field, action) => portNumberOrName(found, `${field}.port`, action['port']),
  sleep(found, field, action, graceSeconds) {
    const seconds = numberOf(action['seconds']);
    if (seconds >= 0 && seconds <= graceSeconds) return;
    found.invalid(field, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`);
  },
};

function handler(found: Findings, field: string, holder: Fields, graceSeconds: number): void {
  const given = Object.keys(ACTIONS).filter((name) => has(holder, name));
  if (given.length === 0) found.required(field, 'must specify a handler type');
  for (const [index, name] of given.entries()) {
    if (index === 0) ACTIONS[name]?.(found, `${field}.${name}`, fieldsOf(holder[name]), graceSeconds);
    else found.forbidden(`${field}.${name}`, 'may not specify more than 1 handler type');
  }
}

function probe(found: Findings, field: string, value: Fields, graceSeconds: number): void {
  handler(found, field, value, graceSeconds);
  for (const name of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    nonNegative(found, `${field}.${name}`, value[name]);
  }
  const grace = value['terminationGracePeriodSeconds'];
  if (grace !== undefined && numberOf(grace) <= 0) {
    found.invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0');
  }
}

export function probes(found: Findings, field: string, container: Fields, graceSeconds: number): void {
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (!has(container, name)) continue;
    const path = `${field}.${name}`;
    const value = fieldsOf(container[name]);
    probe(found, path, value, graceSeconds);
    if (name === 'readinessProbe') {
      const grace = value['terminationGracePeriodSeconds'];
      if (grace !== undefined) {
        found.invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes');
      }
    } else if (numberOf(value['successThreshold']) !== 1) {
      found.invalid(`${path}.successThreshold`, numberOf(value['successThreshold']), 'must be 1');
    }
  }
}

export function lifecycle(found: Findings, field: string, value: Fields, graceSeconds: number, hasOs: boolean): void {
  for (const hook of ['postStart', 'preStop']) {
    if (has(value, hook)) handler(found, `${field}.${hook}`, fieldsOf(value[hook]), graceSeconds);
  }
  if (has(value, 'stopSignal') && !hasOs) {
    found.forbidden(`${field}.stopSignal`, 'may not be set for containers with empty `spec.os.name`');
  }
}
