import { expect, test } from 'vitest';
import { withoutEchoedObjects } from './echoed-objects.ts';
import { parseStatus } from './status.ts';

test('an object in a message is left out, the reason after it stays', () => {
  const message = ` "" is invalid: patch: Invalid value: "{\\"data\\":{\\"p\\":\\"aHVudGVyMg==\\"},\\"x\\":\\"\\\\\\"\\"}": strict decoding error: unknown field "dato"`;
  expect(withoutEchoedObjects(message)).toBe(
    ' "" is invalid: patch: Invalid value: (the object): strict decoding error: unknown field "dato"',
  );
});

test('an object that was cut off is left out to the end', () => {
  expect(withoutEchoedObjects('Invalid value: "{\\"data\\":{\\"p\\":\\"aHVu…')).toBe('Invalid value: (the object)');
});

test('plain values stay', () => {
  const message = 'spec.replicas: Invalid value: -1: must be at least 0; name: Invalid value: "A": lower case only';
  expect(withoutEchoedObjects(message)).toBe(message);
});

test('a Status is read without the object it repeats, its reason kept though the object is large', () => {
  const object = JSON.stringify({ data: { p: 'aHVudGVyMg==', big: 'x'.repeat(10_000) } });
  const message = `patch: Invalid value: ${JSON.stringify(object)}: strict decoding error: unknown field "dato"`;
  const status = parseStatus(JSON.stringify({ kind: 'Status', apiVersion: 'v1', message }));
  expect(status?.message).toBe('patch: Invalid value: (the object): strict decoding error: unknown field "dato"');
});
