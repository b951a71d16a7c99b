/** sort -V: as Debian and gnulib order versions and the names of files that hold them. */

/** `.tar.gz` and its like is left out of a first comparison. */
function withoutSuffix(name: string): string {
  let end = 0;
  for (let at = 0; at < name.length; ) {
    at += 1;
    end = at;
    while (at + 1 < name.length && name[at] === '.' && /[A-Za-z~]/.test(name[at + 1] ?? '')) {
      at += 2;
      while (at < name.length && /[A-Za-z0-9~]/.test(name[at] ?? '')) at += 1;
    }
  }
  return name.slice(0, end);
}

export function compareVersions(a: string, b: string): number {
  if (a === '' || b === '') return Number(a !== '') - Number(b !== '');
  const rank = dotRank(a) - dotRank(b);
  if (rank !== 0) return rank;
  const [shortA, shortB] = [withoutSuffix(a), withoutSuffix(b)];
  const first = compareParts(shortA, shortB);
  return first !== 0 || (shortA === a && shortB === b) ? first : compareParts(a, b);
}

/** `.`, then `..`, then hidden names, then others. */
function dotRank(name: string): number {
  if (name === '.') return 0;
  if (name === '..') return 1;
  return name.startsWith('.') ? 2 : 3;
}

const isDigit = (char: string | undefined) => char !== undefined && char >= '0' && char <= '9';

/** Runs of other characters and runs of digits in turn. */
function compareParts(a: string, b: string): number {
  let [x, y] = [0, 0];
  while (x < a.length || y < b.length) {
    while ((x < a.length && !isDigit(a[x])) || (y < b.length && !isDigit(b[y]))) {
      const difference = weight(a[x]) - weight(b[y]);
      if (difference !== 0) return difference;
      x += 1;
      y += 1;
    }
    const [from, to] = [digits(a, x), digits(b, y)];
    const [left, right] = [from.replace(/^0+/, ''), to.replace(/^0+/, '')];
    if (left !== right) return left.length - right.length || (left < right ? -1 : 1);
    x += from.length;
    y += to.length;
  }
  return 0;
}

function digits(text: string, at: number): string {
  let end = at;
  while (isDigit(text[end])) end += 1;
  return text.slice(at, end);
}

/** A tilde comes before the end, letters before everything else. */
function weight(char: string | undefined): number {
  if (char === undefined) return -1;
  if (isDigit(char)) return 0;
  if (char === '~') return -2;
  const code = char.charCodeAt(0);
  return /[A-Za-z]/.test(char) ? code : code + 256;
}
