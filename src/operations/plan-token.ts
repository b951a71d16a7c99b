import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a plan token is bound to. Any difference makes another token. */
export interface PlanBinding {
  tool: string;
  /** The call's arguments without `confirm`. */
  input: unknown;
  principal: string;
  /** The cluster: context and server. */
  cluster: string;
  /** uid and resourceVersion of what the plan was made from. */
  basis: string;
}

export type TokenCheck = 'good' | 'used' | 'expired' | 'other';

export interface PlanTokens {
  issue(binding: PlanBinding): string;
  /** A good token is good once. */
  redeem(token: string, binding: PlanBinding): TokenCheck;
}

const LIFETIME_MS = 10 * 60 * 1000; // DESIGN.md §10

/**
 * Tokens are an HMAC over the binding and the time, so that no table of pending plans is kept and a shell call can redeem
 * what an earlier process issued; only redeemed ones are remembered, until they expire. Across processes the uid and
 * resourceVersion in the binding make a second use pointless: the first has changed them.
 */
export function createPlanTokens(key: Uint8Array, now: () => number): PlanTokens {
  const redeemed = new Map<string, number>();
  const sign = (issuedAt: string, binding: PlanBinding) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['k8s-mcp plan', issuedAt, canonical(binding)]))
      .digest()
      .subarray(0, 16)
      .toString('base64url');
  return {
    issue(binding) {
      const issuedAt = now().toString(36);
      return `${issuedAt}.${sign(issuedAt, binding)}`;
    },
    redeem(token, binding) {
      const [issuedAt = '', signature = '', ...more] = token.split('.');
      const age = now() - Number.parseInt(issuedAt, 36);
      // With anything after it, the text would be another key of `redeemed` and good once more.
      if (more.length > 0 || !same(signature, sign(issuedAt, binding))) return 'other';
      if (!(age >= 0 && age <= LIFETIME_MS)) return 'expired';
      for (const [old, at] of redeemed) if (now() - at > LIFETIME_MS) redeemed.delete(old);
      if (redeemed.has(token)) return 'used';
      redeemed.set(token, now());
      return 'good';
    },
  };
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The value with all object keys sorted, so that argument order does not matter. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([k, v]) => [k, canonical(v)]);
}
