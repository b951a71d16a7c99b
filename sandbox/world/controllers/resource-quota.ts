/** What of a namespace's quota is used. Admission counts up; this counts anew when something goes. */
import { addQuantities } from '../../kinds/quantity.ts';
import type { Kinds } from '../../kinds/types.ts';
import { countedNames, isQuotaIgnored, matchesScopes, usageOf } from '../../registry/quota/usage.ts';
import type { LogEvent } from '../../store/types.ts';
import type { KubeObject } from '../../types.ts';
import type { Controller, Machine } from '../types.ts';
import { keyOf, managed, ownKey, splitKey } from './kit/keys.ts';
import { isFinished, isTerminating } from './kit/pods.ts';
import type { Pod } from './kit/shapes.ts';

const QUOTAS = 'resourcequotas';

interface Quota extends KubeObject {
  spec?: { hard?: Record<string, string> };
  status?: { hard?: Record<string, string>; used?: Record<string, string> };
}

export function resourceQuotaController({ kinds }: { kinds: Kinds }): Controller {
  const counted = kinds.all().filter(({ namespaced, id }) => namespaced && !isQuotaIgnored(id) && id !== QUOTAS);
  return {
    ...managed('resourcequota-controller'),
    watches: {
      ...Object.fromEntries(counted.map(({ id }) => [id, quotasOfNamespace])),
      [QUOTAS]: ownKey,
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const quota = machine.get<Quota>(QUOTAS, namespace, name);
      if (quota === undefined || isTerminating(quota)) return undefined;
      const hard = quota.spec?.hard ?? {};
      const used = usedOf(quota, Object.keys(hard), machine, kinds);
      machine.modify<Quota>(
        QUOTAS,
        namespace,
        name,
        (draft) => {
          draft.status = { hard, used };
        },
        'status',
      );
      return undefined;
    },
  };
}

/** Only what frees something: the rest is counted when it is let in. */
function quotasOfNamespace(event: LogEvent, machine: Machine): readonly string[] {
  const { namespace, resource } = event.version;
  if (event.type === 'ADDED') return [];
  if (event.type === 'MODIFIED') {
    const ended = resource === 'pods' && isFinished(event.version.body.object() as Pod);
    if (!ended && resource !== 'persistentvolumeclaims' && resource !== 'services') return [];
  }
  return machine.list(QUOTAS, namespace).map(keyOf);
}

function usedOf(quota: Quota, names: readonly string[], machine: Machine, kinds: Kinds): Record<string, string> {
  const used: Record<string, string> = Object.fromEntries(names.map((name) => [name, '0']));
  for (const { id, namespaced } of kinds.all()) {
    const counts = namespaced && !isQuotaIgnored(id) ? countedNames(id, names) : [];
    if (counts.length === 0) continue;
    for (const object of machine.list(id, quota.metadata.namespace)) {
      if (!matchesScopes(quota, id, object)) continue;
      const usage = usageOf(id, object, machine.clock.now());
      for (const name of counts) used[name] = addQuantities(used[name] ?? '0', usage[name] ?? '0');
    }
  }
  return used;
}
