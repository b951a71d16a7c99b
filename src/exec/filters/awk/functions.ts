/** awk's functions, and how many arguments each takes. */
export const ARITY: Readonly<Record<string, readonly [least: number, most: number]>> = {
  length: [0, 1],
  substr: [2, 3],
  index: [2, 2],
  split: [2, 3],
  sub: [2, 3],
  gsub: [2, 3],
  match: [2, 2],
  sprintf: [1, 100],
  tolower: [1, 1],
  toupper: [1, 1],
  int: [1, 1],
  sqrt: [1, 1],
  exp: [1, 1],
  log: [1, 1],
  sin: [1, 1],
  cos: [1, 1],
  atan2: [2, 2],
};

/** Functions of numbers alone. */
export const MATHS: Readonly<Record<string, (x: number, y: number) => number>> = {
  int: (x) => Math.trunc(x) + 0,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  atan2: Math.atan2,
};

/** By characters from 1; a start before the text takes from the length. */
export function substr(text: string, start: number, length: number): string {
  const characters = [...text];
  const from = Math.round(start);
  const to = length === Number.POSITIVE_INFINITY ? characters.length + 1 : from + Math.round(length);
  return characters.slice(Math.max(0, from - 1), Math.max(0, to - 1)).join('');
}

export function indexOf(text: string, part: string): number {
  const at = text.indexOf(part);
  return at === -1 ? 0 : [...text.slice(0, at)].length + 1;
}

/** The text of sub and gsub: `&` is what matched, `\\&` an ampersand. */
export function replacement(text: string): (match: string) => string {
  const parts = [...text.matchAll(/\\([\\&])|&|[^\\&]+|\\/gs)].map(([found, escaped]) =>
    found === '&' ? undefined : (escaped ?? found),
  );
  return (match) => parts.map((part) => part ?? match).join('');
}
