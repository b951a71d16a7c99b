/**
 * What an image catalogue says: which images exist, and how a program of each behaves. What is not in it cannot be pulled. A world
 * adds its own entries (`createKubelet({ images })`); entries are looked up by host and repository, the first match holds.
 */

export type LogStyle =
  | 'web'
  | 'http-service'
  | 'worker'
  | 'frontend'
  | 'postgres'
  | 'mysql'
  | 'redis'
  | 'rabbitmq'
  | 'kafka'
  | 'mongo'
  | 'dns'
  | 'metrics'
  | 'agent'
  | 'batch'
  | 'shell'
  | 'quiet';

export interface ImageEntry {
  /** `docker.io/library/nginx`, or all below a path: `ghcr.io/acme/*`. */
  name: string;
  sizeBytes: number;
  /** Tags that exist; without it, any that looks like a version (or `latest`, `stable`...) up to `newest`. */
  tags?: readonly string[];
  /** The newest version there is: `1.29`. */
  newest?: string;
  /** Can only be pulled with an existing secret in `imagePullSecrets`. */
  private?: boolean;
  /** What it listens on; without it, the ports that its container declares. */
  ports?: readonly number[];
  /** Seconds from its start until it listens. */
  startSeconds?: number;
  /** Seconds from SIGTERM to its end. */
  stopSeconds?: number;
  /** Exit code after SIGTERM: 0 for programs that handle it, 143 by default. */
  termCode?: number;
  memoryBytes?: number;
  cpuMilli?: number;
  /** It ends on its own after so many seconds with code 0: a batch program. */
  runSeconds?: number;
  /** Looks in its environment for services it needs (`*_ADDR`, `*_HOST`, `*_URL`...), and is not ready without them. */
  needsServices?: boolean;
  /** Environment variables it does not start without. */
  needsEnv?: readonly string[];
  log: LogStyle;
}

/** Registries that answer; a name that is not in the catalogue is unknown to them. */
export const REGISTRIES: ReadonlySet<string> = new Set([
  'docker.io',
  'registry.k8s.io',
  'quay.io',
  'ghcr.io',
  'gcr.io',
  'us-central1-docker.pkg.dev',
  'public.ecr.aws',
  'mcr.microsoft.com',
]);

export function findImage(images: readonly ImageEntry[], host: string, repository: string): ImageEntry | undefined {
  const name = `${host}/${repository}`;
  return images.find((entry) =>
    entry.name.endsWith('/*') ? name.startsWith(entry.name.slice(0, -1)) : entry.name === name,
  );
}

const VERSION = /^v?(\d+(?:\.\d+){0,3})(.*)$/;
/** What may follow a version in a tag, each with a number behind it or not: `1.27.3-alpine3.20`. */
const FLAVOURS: ReadonlySet<string> = new Set(
  (
    ' alpine slim bookworm bullseye trixie jammy noble debian ubuntu perl otel management apache fpm distroless debug ' +
    'unprivileged jre jdk rc alpha beta build r rev musl glibc uclibc amd arm linux ubi k8s eks eksbuild scratch'
  ).split(' '),
);
const WORDS: ReadonlySet<string> = new Set('latest stable mainline alpine slim lts main edge nonroot musl'.split(' '));

export function hasTag(entry: ImageEntry, tag: string): boolean {
  if (entry.tags !== undefined) return entry.tags.includes(tag);
  if (tag === '' || WORDS.has(tag) || /^(?:sha-)?[0-9a-f]{7,40}$/.test(tag)) return true;
  const [, version = '', flavour = ''] = VERSION.exec(tag) ?? [];
  if (version === '' || (flavour !== '' && !/^[-+.]/.test(flavour))) return false;
  const known = flavour
    .split(/[-+.]/)
    .every((part) => /^[a-z]*\d*$/.test(part) && FLAVOURS.has(part.replace(/\d+$/, '')));
  return known && (entry.newest === undefined || !newer(version, entry.newest));
}

/** Only as far as both say: 1.29.3 is not newer than 1.29. */
function newer(version: string, than: string): boolean {
  const own = version.split('.').map(Number);
  for (const [at, limit] of than.split('.').map(Number).entries()) {
    const part = own[at] ?? 0;
    if (part !== limit) return part > limit;
  }
  return false;
}
