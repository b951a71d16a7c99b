/** An image that cannot be had: a wrong name, a missing right, a registry that does not answer. */
import type { ContainerFacts } from '../../../graph/facts.ts';
import type { Detector, Found } from '../../types.ts';
import { danglingOf, type Named } from './reading/named.ts';
import { workloadAbove } from './reading/owners.ts';
import { because, CRITICAL, downSince, OWNERS, onLivePods, type PodInView, templateOf, words } from './reading/pods.ts';
import { recent, told } from './reading/stories.ts';
import { SECOND, short } from './reading/times.ts';

const REASONS: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);
const PULL_SECRETS = /image pull secrets \(([^),]{1,253})/;
/** What the registry says, strongest words first. */
const KINDS = [
  {
    kind: 'denied',
    words: /401|403|unauthori[sz]ed|denied|authentication required|no basic auth/i,
    says: 'access is denied',
  },
  {
    kind: 'missing',
    words: /not ?found|manifest unknown|does not exist|invalid reference|name unknown/i,
    says: 'there is no such image',
  },
  { kind: 'limit', words: /429|toomanyrequests|rate limit/i, says: 'the registry limits its rate' },
  {
    kind: 'network',
    words: /no such host|timeout|timed out|refused|unreachable|tls|x509|EOF/i,
    says: 'the registry does not answer',
  },
] as const;

export const imagePull: Detector = onLivePods({
  id: 'image-pull',
  reads: [...OWNERS, 'Secret'],
  look: (seen) =>
    seen.pod.containers
      .filter(({ state, reason }) => state === 'waiting' && REASONS.has(reason))
      .map((container) => foundOf(container, seen)),
});

function foundOf(container: ContainerFacts, seen: PodInView): Found {
  const { node, pod, now } = seen;
  const { name, reason, message } = container;
  const image = templateOf(pod, name)?.image ?? '';
  const failed = recent(node, seen, 'Failed', 'FailedToRetrieveImagePullSecret', 'InspectFailed');
  const why = failed.find((event) => event.message.includes(image) && image !== '') ?? failed[0];
  const said = `${message} ${why?.message ?? ''}`;
  const kind = reason === 'InvalidImageName' ? KINDS[1] : KINDS.find(({ words: pattern }) => pattern.test(said));
  const cause = causeOf(seen, kind?.kind);
  const says = cause?.says || kind?.says;
  const evidence = [`status of ${words(container)}: ${reason}${message === '' ? '' : `, ${short(message, 240)}`}`];
  for (const event of failed.slice(0, 2)) evidence.push(told(event, now));
  return {
    key: name,
    severity: CRITICAL,
    title: `${words(container)}: ${reason}, ${short(image, 160)}${says === undefined ? '' : `: ${says}`}`,
    evidence,
    since: downSince(seen),
    holdMs: 30 * SECOND,
    ...because(cause?.id),
  };
}

function causeOf(seen: PodInView, kind: string | undefined): Named | undefined {
  const { node, view } = seen;
  if (kind === 'limit' || kind === 'network') return undefined;
  const workload = workloadAbove(node.id, view);
  const template = workload && { id: workload.id, says: '' };
  if (kind === 'missing') return template;
  return pullSecret(seen) ?? danglingOf(node, view, ['Secret'], 'spec.imagePullSecrets') ?? template;
}

/** The one that the kubelet says it could not get. */
function pullSecret(seen: PodInView): Named | undefined {
  const { node, view } = seen;
  const [story] = recent(node, seen, 'FailedToRetrieveImagePullSecret');
  const secret = story === undefined ? undefined : PULL_SECRETS.exec(story.message)?.[1];
  const id = secret === undefined ? undefined : view.find('Secret', node.namespace, secret);
  if (id === undefined) return undefined;
  const state = view.whereabouts(id) === 'gone' ? 'does not exist' : 'cannot be read';
  return { id, says: `its pull secret ${secret} ${state}` };
}
