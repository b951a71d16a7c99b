/** What pulling an image comes to, in containerd's and the kubelet's words. */

import type { Machine } from '../types.ts';
import { type ImageReference, parseImage } from './image-reference.ts';
import { findImage, hasTag, type ImageEntry, REGISTRIES } from './images.ts';
import type { Pod } from './pod-types.ts';
import { digest, fraction } from './seeded.ts';

export interface PulledImage {
  reference: ImageReference;
  entry: ImageEntry;
  /** `docker.io/library/nginx@sha256:...`. */
  imageID: string;
}

export type ImageAnswer =
  | { kind: 'ok'; image: PulledImage; ms: number }
  /** The registry's or the network's answer, after `ms`. */
  | { kind: 'failed'; error: string; ms: number }
  | { kind: 'invalid'; message: string };

/** Bytes a ms that a registry gives. */
const PULL_RATE = 60_000;

export function lookUpImage(image: string, images: readonly ImageEntry[], pod: Pod, machine: Machine): ImageAnswer {
  const parsed = parseImage(image);
  if (parsed.kind === 'invalid')
    return { kind: 'invalid', message: `Failed to apply default image tag "${image}": ${parsed.why}` };
  const { reference } = parsed;
  const { host, repository, tag, full } = reference;
  const entry = findImage(images, host, repository);
  const jitter = fraction(`${pod.metadata.uid}${full}`);
  const failed = (code: string, why: string): ImageAnswer => ({
    kind: 'failed',
    error:
      `rpc error: code = ${code} desc = failed to pull and unpack image "${full}": ` +
      `failed to resolve reference "${full}": ${why}`,
    ms: Math.round(300 + 900 * jitter),
  });
  if (entry === undefined) {
    if (!REGISTRIES.has(host) && !images.some(({ name }) => name.startsWith(`${host}/`)))
      return failed(
        'Unknown',
        `failed to do request: Head "https://${host}/v2/${repository}/manifests/${tag}": ` +
          `dial tcp: lookup ${host}: no such host`,
      );
    return failed(
      'Unknown',
      'pull access denied, repository does not exist or may require authorization: ' +
        'server message: insufficient_scope: authorization failed',
    );
  }
  if (entry.private === true && !hasPullSecret(pod, machine))
    return failed(
      'Unknown',
      `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to ` +
        `https://${host}/token?scope=repository%3A${encodeURIComponent(repository)}%3Apull&service=${host}: 401 Unauthorized`,
    );
  if (!hasTag(entry, tag)) return failed('NotFound', `${full}: not found`);
  const own = reference.digest ?? `sha256:${digest(full)}`;
  const imageID = `${host}/${repository}@${own}`;
  const ms = Math.round(350 + entry.sizeBytes / PULL_RATE + 500 * jitter);
  return { kind: 'ok', image: { reference, entry, imageID }, ms };
}

function hasPullSecret(pod: Pod, machine: Machine): boolean {
  const namespace = pod.metadata.namespace ?? '';
  return (pod.spec.imagePullSecrets ?? []).some(
    ({ name = '' }) => machine.get('secrets', namespace, name) !== undefined,
  );
}

/** The names in `imagePullSecrets` that do not exist. */
export function missingPullSecrets(pod: Pod, machine: Machine): string[] {
  const namespace = pod.metadata.namespace ?? '';
  return (pod.spec.imagePullSecrets ?? [])
    .map(({ name = '' }) => name)
    .filter((name) => name !== '' && machine.get('secrets', namespace, name) === undefined);
}
