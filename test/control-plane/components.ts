import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { httpStatus } from './api.ts';
import type { Binaries } from './binaries.ts';
import type { Credentials } from './credentials.ts';
import type { DaemonPlan } from './daemon.ts';

/** What the flags of every component are made from. */
export interface Site {
  readonly folder: string;
  readonly binaries: Binaries;
  readonly credentials: Credentials;
}

const STAGES = join(import.meta.dirname, 'stages');
/** kwok renews a lease after a quarter of this; it must stay well below the grace period of the controller manager. */
const NODE_LEASE_SECONDS = 16;

/** etcd, in a hurry: nothing here has to survive a power cut. Ports: client, peer. */
export function etcd(site: Site): DaemonPlan {
  const url = (port: number | undefined) => `http://127.0.0.1:${port}`;
  return {
    name: 'etcd',
    binary: site.binaries.etcd,
    logFile: join(site.folder, 'etcd.log'),
    memoryLimit: '768MiB',
    portCount: 2,
    args: ([client, peer]) => [
      `--data-dir=${join(site.folder, 'etcd')}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
      `--listen-client-urls=${url(client)}`,
      `--advertise-client-urls=${url(client)}`,
      `--listen-peer-urls=${url(peer)}`,
      `--initial-advertise-peer-urls=${url(peer)}`,
      `--initial-cluster=default=${url(peer)}`,
    ],
    ready: async ([client]) => client !== undefined && (await httpStatus(client, '/health')) === 200,
  };
}

/** The API server. Port: secure. */
export function apiServer(site: Site, etcdPort: number, serves: (port: number) => Promise<boolean>): DaemonPlan {
  const { file } = site.credentials;
  return {
    name: 'kube-apiserver',
    binary: site.binaries['kube-apiserver'],
    logFile: join(site.folder, 'kube-apiserver.log'),
    memoryLimit: '2GiB',
    portCount: 1,
    args: ([port]) => [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      '--advertise-address=127.0.0.1',
      // A loopback address is refused as an address of the Endpoints object that the reconciler would write.
      '--endpoint-reconciler-type=none',
      '--authorization-mode=Node,RBAC',
      `--client-ca-file=${file('ca.crt')}`,
      `--tls-cert-file=${file('apiserver.crt')}`,
      `--tls-private-key-file=${file('apiserver.key')}`,
      `--token-auth-file=${file('tokens.csv')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${file('service-account.pub')}`,
      `--service-account-signing-key-file=${file('service-account.key')}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--allow-privileged=true',
      `--kubelet-client-certificate=${file('kubelet-client.crt')}`,
      `--kubelet-client-key=${file('kubelet-client.key')}`,
      `--kubelet-certificate-authority=${file('ca.crt')}`,
      '--kubelet-preferred-address-types=InternalIP',
      // Without the front proxy there are no APIServices, and the test bed should answer as a real cluster does.
      `--requestheader-client-ca-file=${file('front-proxy-ca.crt')}`,
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${file('front-proxy.crt')}`,
      `--proxy-client-key-file=${file('front-proxy.key')}`,
      '--profiling=false',
    ],
    ready: async ([port]) => port !== undefined && serves(port),
  };
}

/** The controllers, with shorter periods than a real cluster has, so that tests need not wait. */
export function controllerManager(site: Site, kubeconfig: string): DaemonPlan {
  const { file } = site.credentials;
  return {
    name: 'kube-controller-manager',
    binary: site.binaries['kube-controller-manager'],
    logFile: join(site.folder, 'kube-controller-manager.log'),
    memoryLimit: '768MiB',
    portCount: 0,
    args: () => [
      `--kubeconfig=${kubeconfig}`,
      '--leader-elect=false',
      '--secure-port=0',
      '--use-service-account-credentials=true',
      `--service-account-private-key-file=${file('service-account.key')}`,
      `--root-ca-file=${file('ca.crt')}`,
      `--cluster-signing-cert-file=${file('ca.crt')}`,
      `--cluster-signing-key-file=${file('ca.key')}`,
      '--kube-api-qps=500',
      '--kube-api-burst=1000',
      '--node-monitor-period=1s',
      // Longer than kwok may stand still on a busy machine: nodes that fall away take the pods of every suite with them.
      '--node-monitor-grace-period=40s',
      '--horizontal-pod-autoscaler-sync-period=3s',
    ],
  };
}

/** The scheduler. */
export function scheduler(site: Site, kubeconfig: string): DaemonPlan {
  return {
    name: 'kube-scheduler',
    binary: site.binaries['kube-scheduler'],
    logFile: join(site.folder, 'kube-scheduler.log'),
    memoryLimit: '512MiB',
    portCount: 0,
    args: () => [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'],
  };
}

/** kwok plays every kubelet. Port: the kubelet API of all nodes. */
export function kwok(site: Site, kubeconfig: string, logsConfig: string): DaemonPlan {
  const { file } = site.credentials;
  const stages = readdirSync(STAGES).map((name) => join(STAGES, name));
  return {
    name: 'kwok',
    binary: site.binaries.kwok,
    logFile: join(site.folder, 'kwok.log'),
    memoryLimit: '512MiB',
    portCount: 1,
    args: ([port]) => [
      `--kubeconfig=${kubeconfig}`,
      '--manage-all-nodes=true',
      '--node-ip=127.0.0.1',
      `--node-port=${port}`,
      `--server-address=127.0.0.1:${port}`,
      `--tls-cert-file=${file('kubelet.crt')}`,
      `--tls-private-key-file=${file('kubelet.key')}`,
      `--node-lease-duration-seconds=${NODE_LEASE_SECONDS}`,
      '--cidr=10.0.0.0/16',
      // At INFO it writes a line for every lease it renews.
      '--v=WARN',
      ...[...stages, logsConfig].map((path) => `--config=${path}`),
    ],
  };
}
