import { readExec } from './request-exec.ts';
import {
  readFlag,
  readList,
  readMap,
  readMembers,
  readPem,
  readText,
  type Shape,
  type Spot,
} from './request-fields.ts';
import type { Report } from './request-problems.ts';
import type { RequestKubeconfigRules } from './request-rules.ts';
import { readServer } from './request-server.ts';
import type { ClusterEntry, ContextEntry, PemSource, UserEntry } from './types.ts';

const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';
const INLINE =
  'is a path on the server and never read; inline the content (`kubectl config view --minify --flatten --raw`)';

const CLUSTER: Shape = {
  read: [
    'server',
    'certificate-authority-data',
    'insecure-skip-tls-verify',
    'tls-server-name',
    'disable-compression',
    'extensions',
  ],
  refused: {
    'certificate-authority': INLINE,
    'proxy-url': 'would choose the way that this server takes; remove it',
  },
  strict: true,
};
const USER: Shape = {
  read: [
    'client-certificate-data',
    'client-key-data',
    'token',
    'username',
    'password',
    'as',
    'as-uid',
    'as-groups',
    'as-user-extra',
    'exec',
  ],
  ignored: ['extensions'],
  refused: {
    'auth-provider': 'would have this server sign in for the caller; put a token in its place',
    tokenFile: 'is a path on the server and never read; put the token itself in `token`',
    'client-certificate': INLINE,
    'client-key': INLINE,
  },
  strict: true,
};
const CONTEXT: Shape = { read: ['cluster', 'user', 'namespace'], ignored: ['extensions'], strict: false };

const CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----/;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;
const HEADER_TEXT = /^[\x21-\x7e]+$/;
/** Characters: a token of several hundred groups is about 30,000. */
const MAX_TOKEN = 64 * 1024;
const MAX_GROUPS = 200;

/** Where an entry stands, for later problems with it. */
export type Placed<T> = T & { field: string };

/** Entries of a list `[{name, <body>: {...}}]` by name. */
export function readEntries<T>(
  list: Spot,
  body: string,
  read: (name: string, spot: Spot) => T,
  report: Report,
): Map<string, Placed<T>> {
  const entries = new Map<string, Placed<T>>();
  for (const item of readList(list, report)) {
    const field = readMap(item, { read: ['name', body], strict: false }, report);
    const name = readText(field('name'), report, 253);
    if (name !== undefined && entries.has(name))
      report({ field: `${item.field}.name`, problem: 'repeats the name of another entry', kind: 'malformed' });
    if (name === undefined) report({ field: `${item.field}.name`, problem: 'is missing', kind: 'malformed' });
    const spot = field(body);
    // One without a name is looked through all the same: all problems at once.
    const entry = { ...read(name ?? '', spot), field: spot.field };
    if (name !== undefined) entries.set(name, entry);
  }
  return entries;
}

export function readCluster(name: string, spot: Spot, report: Report): ClusterEntry {
  const field = readMap(spot, CLUSTER, report);
  const server = field('server');
  const insecureSkipTlsVerify = readFlag(field('insecure-skip-tls-verify'), report);
  const certificateAuthority = pem(readPem(field('certificate-authority-data'), CERTIFICATE, report));
  if (insecureSkipTlsVerify && certificateAuthority !== undefined)
    report({
      field: `${spot.field}.insecure-skip-tls-verify`,
      problem: 'contradicts certificate-authority-data; keep one of them',
      kind: 'malformed',
    });
  for (const extension of readList(field('extensions'), report)) refuseExecExtension(extension, report);
  return {
    name,
    origin: ORIGIN,
    server: readServer(server.field, readText(server, report, 2048), report),
    certificateAuthority,
    insecureSkipTlsVerify,
    tlsServerName: readHostName(field('tls-server-name'), report),
    proxyUrl: undefined,
    disableCompression: readFlag(field('disable-compression'), report),
    execPluginConfig: undefined,
  };
}

export function readUser(name: string, spot: Spot, rules: RequestKubeconfigRules, report: Report): UserEntry {
  const field = readMap(spot, USER, report);
  const user: UserEntry = {
    name,
    origin: ORIGIN,
    clientCertificate: pem(readPem(field('client-certificate-data'), CERTIFICATE, report)),
    clientKey: pem(readPem(field('client-key-data'), PRIVATE_KEY, report)),
    token: readToken(field('token'), report),
    tokenFile: undefined,
    username: readText(field('username'), report),
    password: readText(field('password'), report),
    exec: readExec(field('exec'), rules, report),
    authProvider: undefined,
    impersonate: {
      user: readText(field('as'), report),
      uid: readText(field('as-uid'), report),
      groups: readTexts(field('as-groups'), report),
      extra: Object.fromEntries(
        readMembers(field('as-user-extra'), report).map(([key, values]) => [
          readText({ ...values, value: key }, report, 253) ?? '',
          readTexts(values, report),
        ]),
      ),
    },
  };
  const contradiction = contradictionOf(user);
  if (contradiction !== undefined) report({ field: spot.field, problem: contradiction, kind: 'malformed' });
  return user;
}

export function readContext(name: string, spot: Spot, report: Report): ContextEntry {
  const field = readMap(spot, CONTEXT, report);
  const namespace = readText(field('namespace'), report, 63);
  if (namespace !== undefined && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace))
    report({ field: field('namespace').field, problem: 'is no name of a namespace', kind: 'malformed' });
  return {
    name,
    origin: ORIGIN,
    cluster: readText(field('cluster'), report, 253),
    user: readText(field('user'), report, 253),
    namespace,
  };
}

/** For error texts of the shared parts; what can be wrong is reported here, with its field. */
const ORIGIN = { file: 'the kubeconfig of the call', line: 1 };

function refuseExecExtension(extension: Spot, report: Report): void {
  const field = readMap(extension, { read: ['name', 'extension'], strict: false }, report);
  if (field('name').value === EXEC_EXTENSION)
    report({ field: extension.field, problem: 'configures a credential program; remove it', kind: 'refused' });
}

function contradictionOf({ clientCertificate, clientKey, token, username, password, exec, impersonate }: UserEntry) {
  const { user, uid, groups, extra } = impersonate;
  const hasBasic = username !== undefined || password !== undefined;
  if ((clientCertificate === undefined) !== (clientKey === undefined))
    return 'needs client-certificate-data and client-key-data together';
  if (token !== undefined && hasBasic) return 'has both a token and a password; keep one of them';
  if (hasBasic && (username === undefined || username.includes(':')))
    return 'needs a username without a colon beside the password';
  if (exec !== undefined && (token !== undefined || hasBasic || clientCertificate !== undefined))
    return 'has both a credential program and credentials; keep one of them';
  if (user === undefined && (uid !== undefined || groups.length > 0 || Object.keys(extra).length > 0))
    return 'has as-uid, as-groups or as-user-extra without `as`';
  return undefined;
}

function readToken(spot: Spot, report: Report): string | undefined {
  // A line break at the end is what `cat token` leaves.
  const value = typeof spot.value === 'string' ? spot.value.trim() : spot.value;
  const token = readText({ ...spot, value }, report, MAX_TOKEN);
  if (token === undefined || HEADER_TEXT.test(token)) return token;
  report({ field: spot.field, problem: 'holds characters that no token has', kind: 'malformed' });
  return undefined;
}

function readTexts(spot: Spot, report: Report): string[] {
  const items = readList(spot, report);
  if (items.length > MAX_GROUPS)
    report({ field: spot.field, problem: `has more than ${MAX_GROUPS} items`, kind: 'malformed' });
  return items.slice(0, MAX_GROUPS).flatMap((item) => readText(item, report) ?? []);
}

function readHostName(spot: Spot, report: Report): string | undefined {
  const name = readText(spot, report, 253);
  if (name === undefined || /^[A-Za-z0-9_][A-Za-z0-9._:-]*$/.test(name)) return name;
  report({ field: spot.field, problem: 'is no host name', kind: 'malformed' });
  return undefined;
}

function pem(text: string | undefined): PemSource | undefined {
  return text === undefined ? undefined : { from: 'inline', pem: text };
}
