import { accessSync, constants, mkdirSync } from 'node:fs';
import type { Settings } from '../config/table.ts';
import { toAppError } from '../kernel/errors.ts';
import type { ApiResource } from '../kube/types.ts';
import type { OpenCluster } from '../operations/ports.ts';
import type { Check } from '../surfaces/cli/doctor.ts';
import { clusterVersion, SELF } from './cluster-version.ts';
import type { Product } from './product.ts';
import { gatesOf, toolsetsOf } from './rules.ts';

/** A hanging cluster must not hang the doctor. Milliseconds per check. */
const CHECK_TIMEOUT_MS = 8_000;
/** Servers this build is tested or known to work with (DESIGN.md §10, Users). */
const MINOR_RANGE = { first: 28, last: 36 };

/** What works, what is forbidden, what is missing; each with its remedy. */
export async function* diagnose(product: Product, settings: Settings): AsyncIterable<Check> {
  yield nodeVersion();
  yield stateFolder(product.stateDir);
  yield gates(settings);
  yield* commandTools(product, settings);
  yield callersKubeconfigs(product, settings);
  const state = await product.store.state();
  if (state.kind === 'none') {
    yield {
      name: 'kubeconfig',
      status: 'fail',
      detail: 'none found',
      remedy: 'Set --kubeconfig, KUBECONFIG_PATH or KUBECONFIG, or create ~/.kube/config.',
    };
    return;
  }
  if (state.kind === 'invalid') {
    const { message, detail } = state.error;
    yield { name: 'kubeconfig', status: 'fail', detail: message, ...(detail.remedy && { remedy: detail.remedy }) };
    return;
  }
  yield { name: 'kubeconfig', status: 'ok', detail: `${state.sources.join(', ')}; ${state.contexts.length} contexts` };
  for (const { name } of state.contexts) yield* contextChecks(product, name, name === product.rules.defaultContext);
}

function nodeVersion(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 22 || (major === 22 && minor >= 19);
  return {
    name: 'node',
    status: fits ? 'ok' : 'fail',
    detail: process.versions.node,
    ...(fits ? {} : { remedy: 'Use Node 22.19 or newer.' }),
  };
}

function stateFolder(path: string): Check {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
    return { name: 'state folder', status: 'ok', detail: path };
  } catch {
    return {
      name: 'state folder',
      status: 'warn',
      detail: `${path} cannot be written: plan tokens and fingerprints end with each process`,
      remedy: 'Give a writable folder with --state-dir.',
    };
  }
}

function gates(settings: Settings): Check {
  const open = Object.entries(gatesOf(settings)).flatMap(([name, isOpen]) => (isOpen ? [name] : []));
  return { name: 'gates', status: 'ok', detail: `open: ${open.join(', ') || 'none'}` };
}

/** A missing tool is no fault: it says so when it is asked for. */
async function* commandTools(product: Product, settings: Settings): AsyncIterable<Check> {
  if (!toolsetsOf(settings).includes('cli')) return;
  for (const [tool, { available, version, error }] of Object.entries(await product.toolStatus())) {
    if (available) yield { name: tool, status: 'ok', detail: version ?? 'there' };
    else yield { name: tool, status: 'warn', detail: error ?? 'not found' };
  }
  if (settings.securityMode === 'permissive') {
    yield {
      name: 'security mode',
      status: 'warn',
      detail: 'permissive: kubectl, helm, istioctl and argocd create, update and delete without the gates',
      remedy: 'Open the gates that are needed in place of it: --enable-create, --enable-update, --enable-delete.',
    };
  }
}

function callersKubeconfigs({ requestRules }: Product, { requestKubeconfig }: Settings): Check {
  const detail = requestKubeconfig ? requestRules.join('; ') : 'refused (--no-request-kubeconfig)';
  return { name: 'kubeconfigs with the request', status: 'ok', detail };
}

async function* contextChecks(product: Product, context: string, isDefault: boolean): AsyncIterable<Check> {
  const name = `context ${context}${isDefault ? ' (default)' : ''}`;
  const version = await attempt(name, async (signal) => {
    const found = await clusterVersion(product, context, signal);
    return versionCheck(name, found.version);
  });
  yield version;
  if (version.status === 'fail' || version.status === 'skip' || !isDefault) return;
  yield await attempt(`${name}: discovery`, (signal) => discovery(product, context, `${name}: discovery`, signal));
  if (product.rules.deniedKinds.size > 0) {
    yield await attempt('denied kinds', (signal) => deniedKinds(product, context, signal));
  }
  yield* access(product, context, name);
}

function versionCheck(name: string, version: string): Check {
  const minor = Number(/^v1\.(\d+)/.exec(version)?.[1]);
  if (minor >= MINOR_RANGE.first && minor <= MINOR_RANGE.last) return { name, status: 'ok', detail: version };
  return {
    name,
    status: 'warn',
    detail: `${version} is outside 1.${MINOR_RANGE.first}-1.${MINOR_RANGE.last}, which this build was made for`,
    remedy: 'Most things will work; report what does not.',
  };
}

async function attempt(name: string, check: (signal: AbortSignal) => Promise<Check>): Promise<Check> {
  try {
    return await check(AbortSignal.timeout(CHECK_TIMEOUT_MS));
  } catch (thrown) {
    const { code, message, detail } = toAppError(thrown);
    const status = code === 'context_denied' ? 'skip' : 'fail';
    return { name, status, detail: `${code}: ${message}`, ...(detail.remedy && { remedy: detail.remedy }) };
  }
}

async function discovery(product: Product, context: string, name: string, signal: AbortSignal): Promise<Check> {
  const { view } = await product.open(context, SELF, signal);
  const { resources, failures } = await view.mapper.snapshot(signal);
  if (failures.length === 0) return { name, status: 'ok', detail: `${resources.length} resources` };
  return {
    name,
    status: 'warn',
    detail: `${resources.length} resources; unreadable: ${failures.map((f) => f.groupVersion).join(', ')}`,
    remedy: 'An aggregated API server is down: kubectl get apiservices.',
  };
}

/** An entry that names nothing the cluster serves denies nothing: a typo, or a kind that is not installed. */
async function deniedKinds(product: Product, context: string, signal: AbortSignal): Promise<Check> {
  const { view } = await product.open(context, SELF, signal);
  const { resources } = await view.mapper.snapshot(signal);
  const served = new Set(
    resources.flatMap((r) => {
      const kind = r.group === '' ? r.resource : `${r.resource}.${r.group}`;
      return [kind, ...r.subresources.map((subresource) => `${kind}/${subresource}`)];
    }),
  );
  const entries = [...product.rules.deniedKinds];
  const unknown = entries.filter((entry) => !served.has(entry));
  if (unknown.length === 0) return { name: 'denied kinds', status: 'ok', detail: entries.join(', ') };
  return {
    name: 'denied kinds',
    status: 'warn',
    detail: `not served by this cluster, so they deny nothing here: ${unknown.join(', ')}`,
    remedy: 'Write resource.group[/subresource] as get_api_resources names it: deployments.apps, secrets, pods/log.',
  };
}

/** What the tools need most, asked of the cluster's own authorizer. */
const WANTED: readonly [verb: string, kind: string, subresource?: string][] = [
  ['list', 'pods'],
  ['get', 'pods', 'log'],
  ['list', 'events'],
  ['list', 'nodes'],
  ['list', 'deployments'],
  ['list', 'services'],
];
const WANTED_BY_GATE: Readonly<Record<string, readonly [verb: string, kind: string, subresource?: string][]>> = {
  create: [['create', 'deployments']],
  update: [
    ['update', 'deployments'],
    ['patch', 'deployments', 'scale'],
  ],
  delete: [['delete', 'pods']],
};

async function* access(product: Product, context: string, name: string): AsyncIterable<Check> {
  const gated = Object.entries(WANTED_BY_GATE).flatMap(([gate, wanted]) =>
    product.rules.gates[gate as keyof typeof product.rules.gates] ? wanted : [],
  );
  for (const [verb, kind, subresource] of [...WANTED, ...gated]) {
    const label = `${name}: may ${verb} ${kind}${subresource === undefined ? '' : `/${subresource}`}`;
    yield await attempt(label, async (signal) => {
      const cluster = await product.open(context, SELF, signal);
      const resource = await cluster.view.mapper.resolve(kind, undefined, signal);
      const allowed = await mayI(cluster, { verb, resource, subresource }, signal);
      return allowed
        ? { name: label, status: 'ok', detail: 'in all namespaces' }
        : {
            name: label,
            status: 'warn',
            detail: 'not in all namespaces',
            remedy: 'Expected for a namespaced identity; otherwise apply what `k8s-mcp doctor --role` prints.',
          };
    });
  }
}

async function mayI(
  { view }: OpenCluster,
  { verb, resource, subresource }: { verb: string; resource: ApiResource; subresource: string | undefined },
  signal: AbortSignal,
): Promise<boolean> {
  const review = await view.mapper.resolve('SelfSubjectAccessReview.authorization.k8s.io', undefined, signal);
  const resourceAttributes = {
    verb,
    group: resource.group,
    resource: resource.resource,
    ...(subresource === undefined ? {} : { subresource }),
  };
  const answer = await view.client.create(
    review,
    { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } },
    { signal },
  );
  return (answer['status'] as { allowed?: boolean } | undefined)?.allowed === true;
}
