/** Kubernetes quantities as numbers in base units: cores, bytes, counts. */

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
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
const FORM = /^([+-]?[0-9.]{1,32})(?:[eE]([+-]?[0-9]{1,3})|([numkMGTPE]i?|Ki))?$/;

/** 0 for what is none. */
export function quantity(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : 0;
  if (typeof value !== 'string' || value.length > 40) return 0;
  const match = FORM.exec(value);
  if (match === null) return 0;
  const factor = match[2] === undefined ? FACTORS[match[3] ?? ''] : 10 ** Number(match[2]);
  const amount = Number(match[1]) * (factor ?? Number.NaN);
  return Number.isFinite(amount) ? amount : 0;
}
