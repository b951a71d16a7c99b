/** The credentials of a partner's registry are gone. */
import type { Incident } from '../../worlds/types.ts';
import { losePod, missing, secret, thenBreak } from './kit.ts';

export const IMAGE_PULL_SECRET_MISSING: Incident = {
  name: 'image-pull-secret-missing',
  title: "the credentials of the partner's registry are deleted, then fraud-check is restarted",
  symptom: 'fraud-check in ImagePullBackOff: 401 Unauthorized; event FailedToRetrieveImagePullSecret',
  root: { resource: 'secret', namespace: 'shop', name: 'partner-registry' },
  look: ['describe', 'pods', '-n', 'shop', '-l', 'app.kubernetes.io/name=fraud-check', '--show-events'],
  ...thenBreak(missing(secret('shop', 'partner-registry')), losePod('shop', 'fraud-check')),
};
