/** A key is renamed in a Secret, but not where it is used. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import { losePod, secret, spoilt, thenBreak } from './kit.ts';

interface Data extends KubeObject {
  data: Record<string, string>;
}

const OLD = 'session-key';

export const MISSING_SECRET_KEY: Incident = {
  name: 'missing-secret-key',
  title: 'the key session-key is renamed in the Secret of users, and one of its pods is replaced',
  symptom: "a pod in CreateContainerConfigError: couldn't find key session-key in Secret shop/users-secrets",
  root: { resource: 'secret', namespace: 'shop', name: 'users-secrets' },
  look: ['get', 'pods', '-n', 'shop', '-l', 'app.kubernetes.io/name=users'],
  ...thenBreak(
    spoilt<Data>(secret('shop', 'users-secrets'), ({ data }) => {
      const { [OLD]: value } = data;
      if (value === undefined) return;
      delete data[OLD];
      data['sessionKey'] = value;
    }),
    losePod('shop', 'users'),
  ),
};
