import { field, flag, items, type Place, root, text, wrong } from './field-reader.ts';
import { pemSource } from './file-fields.ts';
import { parseUser } from './parse-user.ts';
import type { ClusterEntry, ContextEntry, Kubeconfig, Origin } from './types.ts';
import { readYaml } from './yaml-document.ts';

const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

/** Parses one kubeconfig. `file` is its absolute path: named in errors, and the base of relative paths. Throws `kubeconfig_invalid`. */
export function parseKubeconfig(source: string, file: string): Kubeconfig {
  const document = root(readYaml(source, file));
  checkKind(document);
  return {
    currentContext: text(field(document, 'current-context')),
    clusters: named(document, 'clusters', 'cluster', parseCluster),
    users: named(document, 'users', 'user', parseUser),
    contexts: named(document, 'contexts', 'context', parseContext),
  };
}

function checkKind(document: Place): void {
  const kind = text(field(document, 'kind'));
  const apiVersion = text(field(document, 'apiVersion'));
  if (kind !== undefined && kind !== 'Config')
    throw wrong(field(document, 'kind'), 'is not Config: this file is no kubeconfig');
  if (apiVersion !== undefined && apiVersion !== 'v1') throw wrong(field(document, 'apiVersion'), 'must be v1');
}

/** A list of `{name, <body>: {...}}`. A name used twice in one file is refused, as kubectl does. */
function named<T>(
  document: Place,
  list: string,
  body: string,
  parse: (name: string, place: Place, origin: Origin) => T,
): Map<string, T> {
  const entries = new Map<string, T>();
  for (const item of items(field(document, list))) {
    const name = text(field(item, 'name'));
    if (name === undefined) throw wrong(item, 'has no name');
    if (entries.has(name)) throw wrong(field(item, 'name'), `repeats the name ${JSON.stringify(name.slice(0, 100))}`);
    const origin = { file: item.source.file, line: item.source.lineOf(item.path) };
    entries.set(name, parse(name, field(item, body), origin));
  }
  return entries;
}

function parseCluster(name: string, place: Place, origin: Origin): ClusterEntry {
  return {
    name,
    origin,
    server: text(field(place, 'server')),
    certificateAuthority: pemSource(place, 'certificate-authority'),
    insecureSkipTlsVerify: flag(field(place, 'insecure-skip-tls-verify')),
    tlsServerName: text(field(place, 'tls-server-name')),
    proxyUrl: text(field(place, 'proxy-url')),
    disableCompression: flag(field(place, 'disable-compression')),
    execPluginConfig: execPluginConfig(field(place, 'extensions')),
  };
}

function execPluginConfig(extensions: Place): unknown {
  const entry = items(extensions).find((item) => text(field(item, 'name')) === EXEC_EXTENSION);
  return entry === undefined ? undefined : field(entry, 'extension').value;
}

function parseContext(name: string, place: Place, origin: Origin): ContextEntry {
  return {
    name,
    origin,
    cluster: text(field(place, 'cluster')),
    user: text(field(place, 'user')),
    namespace: text(field(place, 'namespace')),
  };
}
