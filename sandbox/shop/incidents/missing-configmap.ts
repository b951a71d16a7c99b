/** A ConfigMap that containers need is deleted. */
import type { Incident } from '../../worlds/types.ts';
import { configMap, losePod, missing, thenBreak } from './kit.ts';

export const MISSING_CONFIGMAP: Incident = {
  name: 'missing-configmap',
  title: 'the ConfigMap of pricing is deleted, and one of its pods is replaced',
  symptom: 'a pod in CreateContainerConfigError: configmap "pricing-config" not found',
  root: { resource: 'configmap', namespace: 'shop', name: 'pricing-config' },
  look: ['get', 'pods', '-n', 'shop', '-l', 'app.kubernetes.io/name=pricing'],
  ...thenBreak(missing(configMap('shop', 'pricing-config')), losePod('shop', 'pricing')),
};
