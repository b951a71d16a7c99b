/** Field selectors: `metadata.name=x,status.phase!=Running`. */
import type { Version } from '../store/types.ts';
import type { ResourceInfo } from '../types.ts';
import { badRequest } from './failure.ts';
import { fieldLabelsOf, fieldText } from './field-labels.ts';

export interface FieldSelector {
  /** It selects everything. */
  readonly empty: boolean;
  /** The name or namespace that it asks for, if it asks for exactly one. */
  readonly name?: string;
  readonly namespace?: string;
  matches(version: Version): boolean;
}

const EVERYTHING: FieldSelector = { empty: true, matches: () => true };

/** One condition as written; whether the kind has such a field is not looked at. */
export interface FieldTerm {
  label: string;
  equal: boolean;
  value: string;
}

/**
 * The terms as a matcher for a kind; throws the 400 of the real server for fields that it is not selected by. `selectable` are
 * the paths that the CRD of a custom kind adds.
 */
export function fieldSelector(
  terms: readonly FieldTerm[],
  resource: ResourceInfo,
  selectable: readonly string[],
): FieldSelector {
  if (terms.length === 0) return EVERYTHING;
  const labels = fieldLabelsOf(resource, selectable);
  const matchers = terms.map(({ label, equal, value }) => {
    const field = labels.fields.get(label);
    if (field === undefined) throw badRequest(labels.refuse(label));
    const read = reader(field.path, (version) => fieldText(field.read(version.body.object())));
    return (version: Version) => (read(version) === value) === equal;
  });
  const exact = (label: string) => terms.find((term) => term.label === label && term.equal)?.value;
  const name = exact('metadata.name');
  const namespace = exact('metadata.namespace');
  const [only] = matchers;
  return {
    empty: false,
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    matches:
      only !== undefined && matchers.length === 1 ? only : (version) => matchers.every((matches) => matches(version)),
  };
}

/** What every version carries is not looked for in its body, and a body of bytes is parsed only when it cannot tell. */
function reader(path: string, fromObject: (version: Version) => string): (version: Version) => string {
  if (path === 'metadata.name') return ({ name }) => name;
  if (path === 'metadata.namespace') return ({ namespace }) => namespace;
  return (version) => version.body.field?.(path) ?? fromObject(version);
}

/** Throws the 400 of the real server for what cannot be read; it checks other things before the kind's fields. */
export function parseFieldTerms(selector = ''): FieldTerm[] {
  const found: FieldTerm[] = [];
  for (const part of parts(selector).sort()) {
    if (part === '') continue;
    const sign = /!=|==|=/.exec(part);
    if (sign === null) throw badRequest(`invalid selector: '${selector}'; can't understand '${part}'`);
    const value = unescaped(part.slice(sign.index + sign[0].length));
    found.push({ label: part.slice(0, sign.index), equal: sign[0] !== '!=', value });
  }
  return found;
}

/** Split at commas that no backslash precedes; the backslashes stay. */
function parts(selector: string): string[] {
  const found: string[] = [];
  let start = 0;
  for (let at = 0; at < selector.length; at++) {
    if (selector[at] === '\\') at++;
    else if (selector[at] === ',') {
      found.push(selector.slice(start, at));
      start = at + 1;
    }
  }
  found.push(selector.slice(start));
  return found;
}

function unescaped(text: string): string {
  let value = '';
  const chars = [...text];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    if (char === ',' || char === '=') {
      throw badRequest(`invalid field selector: unescaped character in value: ${char.codePointAt(0)}`);
    }
    if (char !== '\\') {
      value += char;
      continue;
    }
    const next = chars[++at] ?? '';
    if (next !== '\\' && next !== ',' && next !== '=') {
      throw badRequest(`invalid field selector: invalid escape sequence: \\${next}`);
    }
    value += next;
  }
  return value;
}
