/** Image names as container runtimes read them. */

export interface ImageReference {
  host: string;
  /** Without host and tag: `library/nginx`. */
  repository: string;
  tag: string;
  digest?: string;
  /** In full: `docker.io/library/nginx:1.27`. */
  full: string;
}

export type ParsedImage = { kind: 'ok'; reference: ImageReference } | { kind: 'invalid'; why: string };

const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d+)?$/;
/** Longest name that is looked at. */
const LIMIT = 512;

export function parseImage(image: string): ParsedImage {
  const invalid = (text: string): ParsedImage => ({
    kind: 'invalid',
    why: `couldn't parse image name "${image}": ${text}`,
  });
  if (image.length > LIMIT) return invalid('repository name must not be more than 255 characters');
  const at = image.indexOf('@');
  const digest = at < 0 ? undefined : image.slice(at + 1);
  const named = at < 0 ? image : image.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const tag = tagged ? named.slice(colon + 1) : digest === undefined ? 'latest' : '';
  const path = tagged ? named.slice(0, colon) : named;
  const slash = path.indexOf('/');
  const first = slash < 0 ? '' : path.slice(0, slash);
  const hasHost = first.includes('.') || first.includes(':') || first === 'localhost';
  const host = hasHost ? first : 'docker.io';
  const rest = hasHost ? path.slice(slash + 1) : path;
  const repository = !hasHost && slash < 0 ? `library/${rest}` : rest;
  if (/[A-Z]/.test(rest))
    return invalid('invalid reference format: repository name (' + repository + ') must be lowercase');
  if (!PATH.test(rest) || !HOST.test(host) || ((tag !== '' || tagged) && !TAG.test(tag)))
    return invalid('invalid reference format');
  if (digest !== undefined && !DIGEST.test(digest)) return invalid('invalid reference format');
  const full = `${host}/${repository}${tag === '' ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return { kind: 'ok', reference: { host, repository, tag, full, ...(digest === undefined ? {} : { digest }) } };
}
