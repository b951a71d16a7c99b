/** The repository whose tags a policy chooses from. */
import { defineRelation } from '../../define.ts';

export const fluxImagePolicy = defineRelation(
  {
    id: 'flux-image-policy',
    rows: [62],
    verb: 'watches',
    sources: ['ImagePolicy.image.toolkit.fluxcd.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.imageRepositoryRef', to: 'ImageRepository.image.toolkit.fluxcd.io', across: true }],
);
