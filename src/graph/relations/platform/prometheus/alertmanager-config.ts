/** Where an Alertmanager takes its settings from. */
import { defineRelation } from '../../define.ts';

export const alertmanagerConfig = defineRelation(
  {
    id: 'alertmanager-config',
    rows: [67],
    verb: 'is set up by',
    sources: ['Alertmanager.monitoring.coreos.com'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.configSecret', to: 'Secret' },
    { at: 'spec.alertmanagerConfiguration', to: 'AlertmanagerConfig.monitoring.coreos.com' },
  ],
);
