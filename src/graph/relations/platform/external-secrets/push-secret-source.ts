/** The Secret whose values are pushed. */
import { defineRelation } from '../../define.ts';

export const pushSecretSource = defineRelation(
  {
    id: 'push-secret-source',
    rows: [65],
    verb: 'pushes',
    sources: ['PushSecret.external-secrets.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.selector.secret', to: 'Secret' }],
);
