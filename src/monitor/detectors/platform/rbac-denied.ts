/** Somebody who says in an Event that it may not do what it has to do. */

import type { GraphNode } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { lookWith } from '../workloads/reading/looking.ts';
import { because, WARNING } from '../workloads/reading/pods.ts';
import { told, toldSince } from '../workloads/reading/stories.ts';
import { EVENT_WINDOW, MINUTE } from '../workloads/reading/times.ts';

/** In the words of the API server's authorizer. */
const DENIED =
  /User "system:serviceaccount:([a-z0-9.-]{1,253}):([a-z0-9.-]{1,253})" cannot ([a-z]{1,20}) resource "([a-z0-9./-]{1,253})" in API group "([a-z0-9.-]{0,253})"(?: in the namespace "([a-z0-9-]{1,63})")?/;

export const rbacDenied: Detector = {
  id: 'rbac-denied',
  class: 'incident',
  kinds: 'any',
  reads: [],
  detect(node, context) {
    if (!isDenied(node, context.events(node))) return [];
    return lookWith(context, { node }, (seen) => {
      for (const event of seen.events(node)) {
        const [, namespace = '', name = '', verb, resource = '', group = '', where] = DENIED.exec(event.message) ?? [];
        if (verb === undefined || event.type !== 'Warning' || seen.now - event.last > EVENT_WINDOW) continue;
        const account = seen.view.find('ServiceAccount', namespace, name);
        return {
          severity: WARNING,
          title: `ServiceAccount ${namespace}/${name} may not ${verb} ${resource}${group === '' ? '' : `.${group}`}`,
          evidence: [told(event, seen.now)],
          ...toldSince(event),
          holdMs: MINUTE,
          advice: `grant it; then this says yes: kubectl auth can-i ${verb} ${asked(resource, group)} ${where === undefined ? '--all-namespaces' : `-n ${where}`} --as=system:serviceaccount:${namespace}:${name}`,
          ...because(account),
        };
      }
      return undefined;
    });
  },
};

/** As kubectl wants it: what stands behind a slash is a name to it. */
function asked(resource: string, group: string): string {
  const [plural = '', sub] = resource.split('/');
  return `${plural}${group === '' ? '' : `.${group}`}${sub === undefined ? '' : ` --subresource=${sub}`}`;
}

const isDenied = (node: GraphNode, events: readonly { message: string }[]) =>
  node.deleting === undefined && events.some(({ message }) => message.includes(' cannot ') && DENIED.test(message));
