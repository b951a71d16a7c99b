import { expect, test } from 'vitest';
import { fieldsOf, NAMED_MESSAGES } from './messages.ts';

test('names that are no words of programs are read as well', () => {
  const names = fieldsOf(NAMED_MESSAGES.JSONSchemaProps).map(({ number, json }) => `${number} ${json}`);
  expect(names).toEqual(
    expect.arrayContaining([
      '2 $schema',
      '3 $ref',
      '38 x-kubernetes-preserve-unknown-fields',
      '44 x-kubernetes-validations',
    ]),
  );
  expect(names).toHaveLength(44);
});
