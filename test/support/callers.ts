/** Callers' own kubeconfigs on the test cluster: made from the users of its kubeconfig, in whatever names and encodings. */
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { controlPlane, kubectl, tryKubectl } from './control-plane.ts';
import { settled } from './process-watch.ts';

type Credential = Record<string, string>;

export interface CallerConfig extends Record<string, unknown> {
  clusters: { name: string; cluster: Record<string, unknown> }[];
  users: { name: string; user: Credential }[];
  contexts: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
  'current-context'?: string;
}

/** A context as a caller has it: who they are, and what they call things. */
export interface CallerContext {
  /** A user of the test cluster (`admin`, `viewer`, ...), or a token. */
  as: string | { token: string };
  /** Of context, cluster and user alike. */
  name?: string;
  namespace?: string;
}

/** The name that many tenants give to their only cluster. */
export const USUAL_NAME = 'prod';

/** A kubeconfig with these contexts; the first is the current one. */
export function callerConfig(...contexts: CallerContext[]): CallerConfig {
  const cluster = ownConfig().clusters[0]?.cluster ?? {};
  const named = contexts.map((context) => ({ name: USUAL_NAME, ...context }));
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: named.map(({ name }) => ({ name, cluster: { ...cluster } })),
    users: named.map(({ name, as }) => ({ name, user: { ...credentialOf(as) } })),
    contexts: named.map(({ name, namespace }) => ({
      name,
      context: { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) },
    })),
    'current-context': named[0]?.name ?? '',
  };
}

/** The address of the test cluster's API server. */
export function apiServer(): string {
  return String(ownConfig().clusters[0]?.cluster['server']);
}

function ownConfig(): CallerConfig {
  return parse(readFileSync(controlPlane().kubeconfig, 'utf8')) as CallerConfig;
}

function credentialOf(as: CallerContext['as']): Credential {
  if (typeof as !== 'string') return as;
  const user = ownConfig().users.find(({ name }) => name === as)?.user;
  if (user === undefined) throw new Error(`the test cluster has no user ${as}`);
  return user;
}

/** A new service account of a namespace that may edit there and nowhere else; its token. */
export async function editorAccount(namespace: string, name = 'tenant'): Promise<{ token: string }> {
  await kubectl(['create', 'serviceaccount', name, '-n', namespace]);
  await bindEditor(namespace, `--serviceaccount=${namespace}:${name}`);
  return { token: (await kubectl(['create', 'token', name, '-n', namespace, '--duration=1h'])).trim() };
}

/** Lets somebody edit in a namespace: `--user=editor`, `--serviceaccount=...`. */
export async function bindEditor(namespace: string, subject: string): Promise<void> {
  await kubectl(['create', 'rolebinding', 'tenant-edits', '--clusterrole=edit', subject, '-n', namespace]);
  const [, kind, name = ''] = /^--(user|serviceaccount)=(.*)$/.exec(subject) ?? [];
  await knownToBeAllowed(kind === 'user' ? name : `system:serviceaccount:${name}`, namespace);
}

/** The API server watches bindings as anybody does: a moment after the answer it may not know them yet. */
async function knownToBeAllowed(user: string, namespace: string): Promise<void> {
  const question = ['auth', 'can-i', 'patch', 'secrets', `--as=${user}`, '-n', namespace];
  const { code } = await settled(
    () => tryKubectl(question),
    (answer) => answer.code === 0,
  );
  if (code !== 0) throw new Error(`${user} may still not edit in ${namespace}`);
}

/** How a kubeconfig may be written and encoded. */
export const ENCODINGS = {
  'base64 of YAML': (config: object) => base64(yamlOf(config)),
  'base64 of JSON': (config: object) => base64(JSON.stringify(config)),
  'URL-safe base64': (config: object) => Buffer.from(yamlOf(config)).toString('base64url'),
  'base64 without padding': (config: object) => base64(yamlOf(config)).replace(/=+$/, ''),
  'base64 with blanks every 76 characters': (config: object) => wrap(base64(yamlOf(config)), ' '),
} as const satisfies Record<string, (config: object) => string>;

/** Line breaks stand in fields only: a header has none. */
export const FIELD_ENCODINGS = {
  'base64 wrapped at 76 characters': (config: object) => `${wrap(base64(yamlOf(config)), '\n')}\n`,
  'base64 wrapped with CRLF': (config: object) => wrap(base64(yamlOf(config)), '\r\n'),
} as const;

export const encode = ENCODINGS['base64 of YAML'];

/** Two accidents in a row: `~~~` is where the alphabets differ, and a comment brings it in. */
function yamlOf(config: object): string {
  return `# ~~~ ??? >>>\n${stringify(config, { aliasDuplicateObjects: false, lineWidth: 0 })}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function wrap(text: string, between: string): string {
  return text.match(/.{1,76}/g)?.join(between) ?? '';
}

/** Pieces of a kubeconfig that stand nowhere but in it, plain and encoded: what no log and no answer may hold. */
export function needlesOf(config: CallerConfig): string[] {
  const credentials = config.users.flatMap(({ user }) => Object.entries(user));
  const secret = credentials.flatMap(([field, value]) =>
    field.endsWith('-data') ? [...pieces(value), ...pemLines(value)] : pieces(value),
  );
  return [...new Set([...secret, ...pieces(encode(config)), ...pieces(JSON.stringify(config.users))])];
}

/** From the beginning, the middle and the end: an excerpt shows as well as the whole. */
function pieces(text: string): string[] {
  const length = 32;
  if (text.length <= length) return [text];
  return [0.2, 0.5, 0.9].map((at) => text.slice(Math.floor(at * (text.length - length)), undefined).slice(0, length));
}

function pemLines(encoded: string): string[] {
  return Buffer.from(encoded, 'base64')
    .toString()
    .split('\n')
    .filter((line) => line.length > 30 && !line.startsWith('-----'));
}
