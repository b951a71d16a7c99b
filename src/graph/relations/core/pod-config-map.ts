import { CONFIG_MAP_FIELDS, ofPods } from './pod-template.ts';

export const podConfigMap = ofPods(
  { id: 'pod-config-map', rows: [30], verb: 'reads configuration from', class: 'uses', strength: 'hard' },
  CONFIG_MAP_FIELDS,
  'configMaps',
);
