/** A namespace that cannot end. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import type { Play } from './kit.ts';

const NAME = 'campaign-spring';
const NAMESPACES = 'namespaces';
const PROMOTIONS = 'promotions.shop.k8s-mcp.dev';

const PROMOTION: KubeObject = {
  apiVersion: 'shop.k8s-mcp.dev/v1',
  kind: 'Promotion',
  metadata: { name: 'spring-sale', namespace: NAME, finalizers: ['shop.k8s-mcp.dev/settle-redemptions'] },
  spec: { percentOff: 15, categories: ['garden'], code: 'SPRING15' },
  status: { phase: 'Over', redemptions: 1204 },
};

const PLAY: Play = {
  isBroken: (machine) => machine.get(NAMESPACES, '', NAME) !== undefined,
  break(machine) {
    if (PLAY.isBroken(machine)) return;
    machine.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAME } });
    machine.create(PROMOTIONS, structuredClone(PROMOTION));
    machine.delete(NAMESPACES, '', NAME);
  },
  heal(machine) {
    machine.modify(PROMOTIONS, NAME, PROMOTION.metadata.name, ({ metadata }) => {
      delete metadata.finalizers;
    });
  },
};

export const NAMESPACE_STUCK: Incident = {
  name: 'namespace-stuck',
  title: 'the namespace campaign-spring is deleted, but a Promotion in it waits for a finalizer that nobody removes',
  symptom: 'the namespace stays Terminating; its condition NamespaceFinalizersRemaining names the finalizer',
  root: { resource: 'namespace', namespace: '', name: 'campaign-spring' },
  look: ['get', 'namespace', 'campaign-spring', '-o', 'yaml'],
  ...PLAY,
};
