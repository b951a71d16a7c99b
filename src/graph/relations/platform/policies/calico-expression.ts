/** Calico's selector expressions: `app == 'cart' && has(tier) && zone in {'a', 'b'}`. */
import type { Requirement, Selector } from '../../../types.ts';

const MAX_LENGTH = 1_000;
const KEY = '[A-Za-z0-9._/-]+';
const EQUALS = new RegExp(`^(${KEY})\\s*(==|!=)\\s*(?:'([^']*)'|"([^"]*)")$`);
const MEMBER = new RegExp(`^(${KEY})\\s+(in|not in)\\s*\\{([^{}]*)\\}$`);
const HAS = new RegExp(`^(!?)\\s*has\\(\\s*(${KEY})\\s*\\)$`);
const VALUE = /^\s*(?:'([^']*)'|"([^"]*)")\s*$/;

/** undefined for what is not a plain "and": an edge too many is worse than one too few. Nothing said means everything. */
export function parseExpression(text: string): Selector | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const found: Requirement[] = [];
  for (const part of text.split('&&').map((piece) => piece.trim())) {
    if (part === '' || part === 'all()') continue;
    const requirement = requirementOf(part);
    if (requirement === undefined) return undefined;
    found.push(requirement);
  }
  return found;
}

function requirementOf(part: string): Requirement | undefined {
  const has = HAS.exec(part);
  if (has !== null) return { key: has[2] ?? '', op: has[1] === '!' ? 'absent' : 'exists' };
  const equals = EQUALS.exec(part);
  if (equals !== null) {
    return { key: equals[1] ?? '', op: equals[2] === '==' ? 'in' : 'notIn', values: [equals[3] ?? equals[4] ?? ''] };
  }
  const member = MEMBER.exec(part);
  if (member === null) return undefined;
  const values: string[] = [];
  for (const piece of (member[3] ?? '').split(',')) {
    const value = VALUE.exec(piece);
    if (value === null) return undefined;
    values.push(value[1] ?? value[2] ?? '');
  }
  return { key: member[1] ?? '', op: member[2] === 'in' ? 'in' : 'notIn', values };
}
