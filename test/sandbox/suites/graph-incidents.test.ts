/** Each incident of the shop is named first, by its root; at rest, and when all is healed, nothing is. */
import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../../sandbox/create-sandbox.ts';
import { INCIDENTS } from '../../../sandbox/shop/incidents/index.ts';
import { SHOP } from '../../../sandbox/shop/shop.ts';
import type { Incident } from '../../../sandbox/worlds/types.ts';
import { DETECTORS } from '../../../src/monitor/detectors/index.ts';
import type { Anomaly } from '../../../src/monitor/types.ts';
import { shopGraph } from '../shop-graph.ts';

/** Until it shows and has held, minutes of the sandbox. */
const MINUTES = 8;
/** Those that take another time: a node's pods are moved after five minutes, which is no longer the incident itself. */
const OTHER_MINUTES: Readonly<Record<string, number>> = { 'cronjob-suspended': 40, 'node-down': 4 };
/** The shop does its ordinary work meanwhile: jobs come and go. */
const REST_MINUTES = 60;

/** Not to be seen in any object: the errors of payments are in its logs only. */
const UNSEEN: ReadonlySet<string> = new Set(['payment-errors']);
/** A RoleBinding that nothing refers to leaves nothing behind when it is deleted: whom it gave rights to is what is left to name. */
const NAMED_BY: Readonly<Record<string, string>> = { 'rbac-denied': 'serviceaccount shop/promotions' };

/** `late`: the product is started when all of it has passed. */
function play(incident: Incident | undefined, minutes: number, late = false): readonly Anomaly[] {
  const sandbox = createSandbox({ world: SHOP, time: 'still' });
  if (late) {
    incident?.break(sandbox.operator);
    sandbox.clock.advance(minutes * 60_000);
  }
  const { monitor, update } = shopGraph(sandbox, DETECTORS);
  if (!late) incident?.break(sandbox.operator);
  for (let step = 0; step < (late ? 0 : minutes * 2); step++) {
    sandbox.clock.advance(30_000);
    update();
    monitor.findings();
  }
  const { anomalies, ready } = monitor.anomalies();
  expect(ready).toBe(true);
  monitor.stop();
  return anomalies;
}

/** So long that what tells since when it is so, the events, is gone. */
const LATE_MINUTES = 80;
/** Their causes have no time of their own, and what comes of them has. */
const WITH_OLD_CAUSES = ['dependency-down', 'node-down', 'selector-typo'];

const rootOf = ({ root }: Pick<Anomaly, 'root'>) =>
  `${root.kind.split('.')[0]?.toLowerCase()} ${root.namespace}/${root.name}`;

describe('what is wrong in the shop', () => {
  it('is nothing at rest, whatever comes and goes', () => {
    expect(play(undefined, REST_MINUTES).map(({ title }) => title)).toEqual([]);
  });

  it.each(
    INCIDENTS.filter(({ name }) => WITH_OLD_CAUSES.includes(name)).map(
      (incident) => [incident.name, incident] as const,
    ),
  )('%s: a product that starts long after it names its root, and nothing beside it', (_name, incident) => {
    const { resource, namespace, name: root } = incident.root;
    expect(play(incident, LATE_MINUTES, true).map(rootOf)).toEqual([`${resource} ${namespace}/${root}`]);
  });

  it.each(INCIDENTS.filter(({ name }) => !UNSEEN.has(name)).map((incident) => [incident.name, incident] as const))(
    '%s: its root comes first',
    (name, incident) => {
      const [first] = play(incident, OTHER_MINUTES[name] ?? MINUTES);
      const { resource, namespace, name: root } = incident.root;
      expect(first === undefined ? 'nothing' : rootOf(first)).toBe(
        NAMED_BY[name] ?? `${resource} ${namespace}/${root}`,
      );
    },
  );
});
