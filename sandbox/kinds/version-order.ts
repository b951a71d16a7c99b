/** The order of versions as Kubernetes sees it: v10, v2, v1, v11beta2, v10beta3, v3beta1, v12alpha1, foo1, foo10. */

const SHAPE = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const STABILITY = { alpha: 0, beta: 1, stable: 2 } as const;

function parse(version: string): readonly [stability: number, major: number, minor: number] | undefined {
  const match = SHAPE.exec(version);
  if (match === null) return undefined;
  const [, major = '0', stage, minor = '0'] = match;
  const stability = stage === 'alpha' || stage === 'beta' ? STABILITY[stage] : STABILITY.stable;
  return [stability, Number(major), Number(minor)];
}

/** For `sort`: the preferred version first. */
export function compareVersions(left: string, right: string): number {
  if (left === right) return 0;
  const a = parse(left);
  const b = parse(right);
  if (a === undefined && b === undefined) return left < right ? -1 : 1;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
}
