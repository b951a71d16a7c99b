/** Resource versions as the API conventions allow to compare them: from 1.35 on, those of one resource as whole numbers of any size. */

const WHOLE_NUMBER = /^[0-9]{1,40}$/;

/** Below 0 where `a` is older, 0 where they are the same; undefined where they cannot be compared. */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (!WHOLE_NUMBER.test(a) || !WHOLE_NUMBER.test(b)) return undefined;
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

export function isOlder(a: string, b: string): boolean {
  return (compareVersions(a, b) ?? 0) < 0;
}
