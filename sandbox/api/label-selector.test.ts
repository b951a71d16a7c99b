import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiFailure } from './failure.ts';
import { parseLabelSelector, SelectorError, selectorOf, selectorOfLabels } from './label-selector.ts';

const failure = (text: string) => {
  try {
    parseLabelSelector(text);
  } catch (error) {
    if (error instanceof ApiFailure) return `${error.status.code} ${error.status.reason} ${error.message}`;
  }
  return undefined;
};

const KEY =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with " +
  "an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const PREFIX =
  "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
  "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LONG = 'a'.repeat(64);

/** The answers of a kube-apiserver 1.36.3. */
const REFUSED: readonly [text: string, message: string][] = [
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['a in b', "unable to parse requirement: found 'b' expected: '('"],
  ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
  ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['a in (b,!)', "unable to parse requirement: found '!', expected: ',', or identifier"],
  ['a in (=)', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
  ['a in', "unable to parse requirement: found '' expected: '('"],
  ['a=b=c', "found '=', expected: ',' or 'end of string'"],
  ['a=b c', "found 'c', expected: ',' or 'end of string'"],
  ['a=b)', "found ')', expected: ',' or 'end of string'"],
  ['a==b=', "found '=', expected: ',' or 'end of string'"],
  ['!a=b', "found '=', expected: ',' or 'end of string'"],
  ['=', "found '=', expected: !, identifier, or 'end of string'"],
  ['===', "found '==', expected: !, identifier, or 'end of string'"],
  ['(', "found '(', expected: !, identifier, or 'end of string'"],
  [',', "found ',', expected: !, identifier, or 'end of string'"],
  ['a,', "found '', expected: identifier after ','"],
  ['a,,b', "found ',', expected: identifier after ','"],
  ['!', "unable to parse requirement: found '', expected: identifier"],
  ['!!a', "unable to parse requirement: found '!', expected: identifier"],
  ['a!', "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt"],
  ['a=!b', "unable to parse requirement: found '!', expected: identifier"],
  ['a=<', "unable to parse requirement: found '<', expected: identifier"],
  ['a!=>b', "unable to parse requirement: found '>', expected: identifier"],
  ['a\0b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['-a', `unable to parse requirement: <nil>: Invalid value: "-a": ${KEY}`],
  ['~', `unable to parse requirement: <nil>: Invalid value: "~": ${KEY}`],
  ['/b', 'unable to parse requirement: <nil>: Invalid value: "/b": prefix part must be non-empty'],
  ['a/', `unable to parse requirement: <nil>: Invalid value: "a/": name part must be non-empty; ${KEY}`],
  ['A/b', `unable to parse requirement: <nil>: Invalid value: "A/b": ${PREFIX}`],
  ['-/-', `unable to parse requirement: <nil>: Invalid value: "-/-": ${PREFIX}; ${KEY}`],
  [
    'a/b/c',
    `unable to parse requirement: <nil>: Invalid value: "a/b/c": a valid label key ${KEY.slice('name part '.length)} ` +
      "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
  ],
  [LONG, `unable to parse requirement: <nil>: Invalid value: "${LONG}": name part must be no more than 63 bytes`],
  ['a=-b', `unable to parse requirement: values[0][a]: Invalid value: "-b": ${VALUE}`],
  ['x=é', `unable to parse requirement: values[0][x]: Invalid value: "é": ${VALUE}`],
  [
    `a=${LONG}.`,
    `unable to parse requirement: values[0][a]: Invalid value: "${LONG}.": must be no more than 63 bytes; ${VALUE}`,
  ],
  [
    'a in (-b,c-)',
    `unable to parse requirement: [values[0][a]: Invalid value: "-b": ${VALUE}, values[1][a]: Invalid value: "c-": ${VALUE}]`,
  ],
  [
    'a>x',
    "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
  ],
  [
    'a<',
    "unable to parse requirement: values[0]: Invalid value: \"\": for 'Gt', 'Lt' operators, the value must be an integer",
  ],
  [
    'a>-x',
    "unable to parse requirement: [values[0]: Invalid value: \"-x\": for 'Gt', 'Lt' operators, the value must be an integer, " +
      `values[0][a]: Invalid value: "-x": ${VALUE}]`,
  ],
];

describe('the text of a label selector', () => {
  it.each(REFUSED)('is refused in the words of the real server: %j', (text, message) => {
    expect(failure(text)).toBe(`400 BadRequest ${message}`);
  });

  it.each([
    ['app=web', { app: 'web' }, true],
    ['app==web', { app: 'api' }, false],
    ['app!=web', {}, true],
    ['app!=web', { app: 'web' }, false],
    ['app in (web, api)', { app: 'api' }, true],
    ['app in (web,api)', {}, false],
    ['app notin (web,api)', { app: 'db' }, true],
    ['app notin (web,api)', {}, true],
    ['app notin (web,api)', { app: 'web' }, false],
    ['app', { app: '' }, true],
    ['app', {}, false],
    ['!app', {}, true],
    ['!app', { app: 'x' }, false],
    ['app=', { app: '' }, true],
    ['app=', {}, false],
    ['app in ()', { app: '' }, true],
    ['app in (,,)', { app: '' }, true],
    ['n>3', { n: '4' }, true],
    ['n>3', { n: '3' }, false],
    ['n<3', { n: 'two' }, false],
    ['n<9223372036854775807', { n: '9223372036854775806' }, true],
    ['in=in', { in: 'in' }, true],
    ['in in (in,notin)', { in: 'notin' }, true],
    [' app = web , tier != db ', { app: 'web', tier: 'front' }, true],
    ['app=web,tier!=db', { app: 'web', tier: 'db' }, false],
    ['example.com/a_b=x.y', { 'example.com/a_b': 'x.y' }, true],
    ['', {}, true],
    ['constructor', {}, false],
    ['!constructor', {}, true],
    ['toString notin (a,b)', {}, true],
  ])('%j on %j selects: %s', (text, labels, selects) => {
    expect(parseLabelSelector(text).matches(labels as Record<string, string>)).toBe(selects);
  });

  it('never fails in another way than by a 400', () => {
    const alphabet = fc.constantFrom(...'ab-_./=!<>(), \tin', 'notin', ' in (', '\0', 'é');
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const message = failure(text);
        if (message === undefined) parseLabelSelector(text).matches({ a: 'b' });
        else expect(message).toMatch(/^400 BadRequest (found|unable to parse requirement: )/);
      }),
    );
  });
});

describe('the selector of an object', () => {
  it('joins labels and expressions', () => {
    const selector = selectorOf({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['front', 'back'] },
        { key: 'old', operator: 'DoesNotExist' },
      ],
    });
    expect(selector.matches({ app: 'web', tier: 'back' })).toBe(true);
    expect(selector.matches({ app: 'web', tier: 'back', old: '' })).toBe(false);
    expect(selector.matches({ app: 'web' })).toBe(false);
  });

  it('selects nothing when there is none, and everything when it is empty', () => {
    expect(selectorOf(undefined).matches({})).toBe(false);
    expect(selectorOf({}).matches({ a: 'b' })).toBe(true);
    expect(selectorOfLabels({}).matches({ a: 'b' })).toBe(true);
    expect(selectorOfLabels({ a: 'b' }).matches({ a: 'b', c: 'd' })).toBe(true);
    expect(selectorOfLabels({ a: 'b', c: 'd' }).matches({ a: 'b' })).toBe(false);
  });

  it('is refused for an operator that there is not, and for no values', () => {
    const of = (operator: string) => () => selectorOf({ matchExpressions: [{ key: 'a', operator }] });
    expect(of('Gt')).toThrow(new SelectorError('"Gt" is not a valid label selector operator'));
    expect(of('In')).toThrow("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
  });
});
