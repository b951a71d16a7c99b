import { describe, expect, it } from 'vitest';
import { INCIDENTS } from './incidents/index.ts';
import { createShop, decided, type ShopUnderTest } from './shop-under-test.ts';
import { SYMPTOMS } from './symptoms-under-test.ts';

/** Until a shop that was healed is at rest: an autoscaler waits five minutes before it takes pods away. */
const RECOVERY_MINUTES = 15;

function recover(shop: ShopUnderTest): string[] {
  let left: string[] = [];
  for (let minute = 0; minute < RECOVERY_MINUTES; minute++) {
    const since = shop.sandbox.clock.now();
    shop.minutes(1);
    left = shop.troubles(since);
    if (left.length === 0) return [];
  }
  return left;
}

describe('incidents of the shop', () => {
  let shop = createShop();
  const { operator } = shop.sandbox;

  it('have each a name of their own, and all of them a symptom that is tested', () => {
    const names = INCIDENTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(SYMPTOMS).sort()).toEqual([...names].sort());
  });

  it('are none of them there at rest', () => {
    expect(INCIDENTS.filter(({ isBroken }) => isBroken(operator)).map(({ name }) => name)).toEqual([]);
  });

  it.each(INCIDENTS.map((incident) => [incident.name, incident] as const))('%s', (name, incident) => {
    const symptom = SYMPTOMS[name];
    if (symptom === undefined) throw new Error('it has no symptom');
    const { clock, operator: hands } = shop.sandbox;
    const before = decided(shop.sandbox);
    const since = Math.floor(clock.now() / 1000) * 1000;
    incident.break(hands);
    expect(incident.isBroken(hands)).toBe(true);
    incident.break(hands);
    shop.minutes(symptom.minutes);
    const seen = symptom.see(shop, since);
    incident.heal(hands);
    incident.heal(hands);
    const left = recover(shop);
    const after = decided(shop.sandbox);
    const broken = incident.isBroken(hands);
    // What one leaves behind is no matter of the next.
    if (left.length > 0 || broken) shop = createShop();
    expect(seen).toEqual(symptom.shown);
    expect(left).toEqual([]);
    expect(broken).toBe(false);
    expect(after).toEqual(before);
    expect(shop.failures).toEqual([]);
  });

  it('can all be played at once, and all be healed', () => {
    const all = createShop();
    const before = decided(all.sandbox);
    for (const incident of INCIDENTS) incident.break(all.sandbox.operator);
    expect(INCIDENTS.filter(({ isBroken }) => !isBroken(all.sandbox.operator)).map(({ name }) => name)).toEqual([]);
    all.minutes(10);
    expect(all.troubles(0).length).toBeGreaterThan(50);
    for (const incident of INCIDENTS) incident.heal(all.sandbox.operator);
    expect(recover(all)).toEqual([]);
    expect(decided(all.sandbox)).toEqual(before);
  });
});
