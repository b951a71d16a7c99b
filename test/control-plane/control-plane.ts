import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { apiFor } from './api.ts';
import type { Binaries } from './binaries.ts';
import { apiServer, controllerManager, etcd, kwok, type Site, scheduler } from './components.ts';
import { writeContainerLogs } from './container-logs.ts';
import { type Credentials, createCredentials } from './credentials.ts';
import { type Daemon, type DaemonPlan, startDaemon } from './daemon.ts';
import { createFirstObjects, EDITOR_NAMESPACE } from './first-objects.ts';
import { type InstanceState, instanceFolder, readState, stopInstance, writeState } from './instance.ts';
import { type KubeconfigUser, writeKubeconfig } from './kubeconfig.ts';
import { isRunning, type ProcessIdentity } from './processes.ts';

/** What to start. */
export interface ControlPlaneOptions {
  readonly name: string;
  readonly binaries: Binaries;
  readonly nodes?: number;
  /** The process whose end makes this instance abandoned; without it the instance stays until it is stopped. */
  readonly owner?: ProcessIdentity;
}

/** A control plane that serves. */
export interface ControlPlane {
  readonly name: string;
  readonly folder: string;
  /** Contexts: admin (current), viewer, editor, nobody, token-admin, expired. */
  readonly kubeconfig: string;
  readonly kubectl: string;
  readonly server: string;
  /** Stops everything and removes its files. */
  stop(): Promise<void>;
}

const DEFAULT_NODES = 3;

/** Starts a whole control plane with kwok nodes and waits until Deployments roll out on it. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = instanceFolder(options.name);
  if (readState(folder)?.processes.some(isRunning)) {
    throw new Error(`control plane "${options.name}" is already running; stop it first or choose another name`);
  }
  await stopInstance(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    const server = await startComponents(options, folder);
    const { kubeconfig, kubectl } = pathsOf(options, folder);
    return { name: options.name, folder, kubeconfig, kubectl, server, stop: () => stopInstance(folder) };
  } catch (error) {
    await stopInstance(folder);
    throw error;
  }
}

async function startComponents(options: ControlPlaneOptions, folder: string): Promise<string> {
  const site: Site = { folder, binaries: options.binaries, credentials: createCredentials(join(folder, 'pki')) };
  const { authority, admin, controllerManager: managerCert, scheduler: schedulerCert } = site.credentials;
  const record = recorder(options, folder);

  const start = (plan: DaemonPlan): Promise<Daemon> =>
    startDaemon(plan, (process) => record.started(plan.name, process));
  const [etcdPort] = portsOf(await start(etcd(site)));
  const [port] = portsOf(await start(apiServer(site, etcdPort, (candidate) => serves(candidate, site.credentials))));
  const server = `https://127.0.0.1:${port}`;
  const kubeconfigFor = (name: string, credential: KubeconfigUser['credential']): string => {
    const file = join(folder, `${name}.kubeconfig`);
    writeKubeconfig(file, server, authority.cert, [{ name, credential }]);
    return file;
  };
  writeKubeconfig(pathsOf(options, folder).kubeconfig, server, authority.cert, users(site.credentials));

  await Promise.all([
    start(controllerManager(site, kubeconfigFor('controller-manager', managerCert))),
    start(scheduler(site, kubeconfigFor('scheduler', schedulerCert))),
    start(kwok(site, kubeconfigFor('kwok', admin), writeContainerLogs(join(folder, 'container-logs')))),
  ]);
  const api = apiFor(port, authority.cert, admin);
  try {
    await createFirstObjects(api, options.nodes ?? DEFAULT_NODES);
  } finally {
    api.close();
  }
  record.ready();
  return server;
}

async function serves(port: number, { authority, admin }: Credentials): Promise<boolean> {
  const api = apiFor(port, authority.cert, admin);
  try {
    return (await api.get('/readyz')).status === 200;
  } finally {
    api.close();
  }
}

function users(credentials: Credentials): readonly KubeconfigUser[] {
  return [
    { name: 'admin', credential: credentials.admin },
    { name: 'viewer', credential: credentials.viewer },
    { name: 'editor', credential: credentials.editor, namespace: EDITOR_NAMESPACE },
    { name: 'nobody', credential: credentials.nobody },
    { name: 'token-admin', credential: { token: credentials.adminToken } },
    { name: 'expired', credential: { token: credentials.unknownToken } },
  ];
}

function pathsOf(
  options: ControlPlaneOptions,
  folder: string,
): { readonly kubeconfig: string; readonly kubectl: string } {
  return { kubeconfig: join(folder, 'kubeconfig'), kubectl: options.binaries.kubectl };
}

/** Keeps the state file in step with what runs, from the first process on: a run killed half-way can be cleaned up. */
function recorder(options: ControlPlaneOptions, folder: string) {
  let state: InstanceState = {
    name: options.name,
    ...pathsOf(options, folder),
    ...(options.owner === undefined ? {} : { owner: options.owner }),
    processes: [],
    ready: false,
  };
  const update = (change: Partial<InstanceState>) => {
    state = { ...state, ...change };
    writeState(folder, state);
  };
  return {
    started: (component: string, process: ProcessIdentity) =>
      update({ processes: [...state.processes.filter(isRunning), { component, ...process }] }),
    ready: () => update({ ready: true }),
  };
}

function portsOf(daemon: Daemon): readonly [number] {
  const [first] = daemon.ports;
  if (first === undefined) throw new Error(`${daemon.name} was started without a port`);
  return [first];
}
