import { CONFIG_MAP_FIELDS, ofTemplates } from './pod-template.ts';

export const templateConfigMap = ofTemplates(
  { id: 'template-config-map', rows: [35], verb: 'makes pods that read', class: 'uses', strength: 'soft' },
  CONFIG_MAP_FIELDS,
  'configMaps',
);
