import type { CredentialSource } from '../connection.ts';
import { createCredentialSource } from '../credentials/create-source.ts';
import type { CredentialHost } from '../credentials/host.ts';
import { execCluster } from './cluster-endpoint.ts';
import type { ClusterEntry, UserEntry } from './types.ts';

export interface SharedSources {
  /** The one source of a user's configuration: contexts that share a user share its sign-in. */
  of(user: UserEntry | undefined, cluster: ClusterEntry): { source: CredentialSource; id: string };
  /** To be called when the kubeconfig changed: users that are unchanged keep their sign-in, others are let go with the next change. */
  kubeconfigChanged(): void;
}

export function createSharedSources(host: CredentialHost, hash: (text: string) => string): SharedSources {
  let current = new Map<string, CredentialSource>();
  let previous = new Map<string, CredentialSource>();
  return {
    of(user, cluster) {
      const id = hash(identity(user, cluster));
      const source =
        current.get(id) ?? previous.get(id) ?? createCredentialSource(user, () => execCluster(cluster), host);
      current.set(id, source);
      return { source, id };
    },
    kubeconfigChanged() {
      previous = current;
      current = new Map();
    },
  };
}

/** All that decides what a source yields. The place in the file does not; the cluster only where a plugin is told of it. */
function identity(user: UserEntry | undefined, cluster: ClusterEntry): string {
  if (user === undefined) return 'anonymous';
  const { origin: _, impersonate: __, ...authentication } = user;
  if (!user.exec?.provideClusterInfo) return JSON.stringify(authentication);
  const { origin: ___, name: ____, ...told } = cluster;
  return JSON.stringify([authentication, told]);
}
