/** Kubernetes quantities (500m, 2Gi, 1e3) as numbers in base units: cores, bytes, counts. */

const QUANTITY = /^([+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30}))(e[+-]?\d{1,3}|E[+-]?\d{1,3}|[KMGTPE]i|[numkMGTPE])?$/;
const SUFFIX: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const SMALL: Readonly<Record<string, number>> = { n: 9, u: 6, m: 3 };

/** The number a Kubernetes quantity stands for, or undefined where the text is none. */
export function parseQuantity(text: string): number | undefined {
  if (text.length > 70) return undefined;
  const match = QUANTITY.exec(text);
  if (!match) return undefined;
  const [, digits = '', suffix] = match;
  if (suffix === undefined) return Number(digits);
  const small = SMALL[suffix];
  // Written as an exponent the text is rounded once: 100 * 1e-9 is not 1e-7.
  if (small !== undefined) return Number(`${digits}e-${small}`);
  const factor = SUFFIX[suffix];
  return factor === undefined ? Number(digits + suffix) : Number(digits) * factor;
}
