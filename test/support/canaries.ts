/** A server's machine full of traps: files that must not be read, programs that must not run, ports that nobody may ask. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { scratchFolder } from './product.ts';

/** In every canary file and in the environment: no answer may hold it. */
export const CANARY_TEXT = 'canary-text-5e0a9c';

/** Programs that the tools, their plugins and shells would start by name. */
const PROGRAMS = [
  'sh bash env xargs tee curl wget ssh nc git docker podman kustomize gpg vi nano less xdg-open python3 base64',
  'kubectl kubectl-foo kubectl-canary kubectl-ns kubectl-krew helm helm-foo helm-diff istioctl argocd argocd-foo',
  'aws gcloud gke-gcloud-auth-plugin kubelogin aws-iam-authenticator aws-vault az',
].flatMap((names) => names.split(' '));

/** Where the tools would look by themselves, below the server's home. */
const HOME_FILES = [
  '.kube/config',
  '.kube/kuberc',
  '.netrc',
  '.gitconfig',
  '.docker/config.json',
  '.ssh/id_rsa',
  '.config/helm/repositories.yaml',
  '.config/helm/registry/config.json',
  '.config/argocd/config',
  '.argocd/config',
  '.istioctl/config.yaml',
  '.aws/credentials',
  // The server's working directory is its home.
  'a.yaml',
  'values.yaml',
  'kustomization.yaml',
  'motd.txt',
  'web/Chart.yaml',
  'web/values.yaml',
];

export interface Canaries {
  /** HOME and working directory of the server. */
  home: string;
  /** A file with the text, elsewhere. */
  file: string;
  /** A program that leaves a mark. */
  program: string;
  /** A port of this machine where somebody counts callers, on 127.0.0.1 and ::1. */
  port: number;
  /** For the server: its home, a PATH that begins with traps, and variables that lead tools astray. */
  env: Record<string, string>;
  /** What has happened: programs that ran, connections, files that were read. */
  seen(): { ran: string[]; contacts: number; read: string[] };
  /** Whether this file system can tell that a file was read; a control, read by the test itself. */
  seesReads(): boolean;
}

export async function setCanaries(): Promise<Canaries> {
  const root = scratchFolder();
  const home = join(root, 'home');
  const bin = join(root, 'bin');
  const marks = join(root, 'marks');
  for (const folder of [home, bin, marks]) mkdirSync(folder, { recursive: true });
  const program = (path: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n: > ${marks}/"$(/usr/bin/basename "$0")"\necho ${CANARY_TEXT}\n`);
    chmodSync(path, 0o755);
  };
  for (const name of PROGRAMS) program(join(bin, name));
  for (const name of ['canary-program', 'kubectl-canary', 'diff']) program(join(home, 'bin', name));
  const plugin = join(home, '.local/share/helm/plugins/foo');
  program(join(plugin, 'run.sh'));
  writeFileSync(join(plugin, 'plugin.yaml'), 'name: foo\nversion: 0.1.0\ncommand: $HELM_PLUGIN_DIR/run.sh\n');
  const files = [join(root, 'canary.yaml'), ...HOME_FILES.map((name) => join(home, name))];
  for (const file of files) plantFile(file);
  const control = join(root, 'control');
  plantFile(control);
  const listener = await listen();
  const own = join(home, 'bin', 'canary-program');
  return {
    home,
    file: files[0] ?? '',
    program: own,
    port: listener.port,
    env: { HOME: home, PATH: `${bin}:${process.env['PATH'] ?? ''}`, ...astray(home, own, listener.port) },
    seen: () => ({ ran: readdirSync(marks), contacts: listener.contacts(), read: files.filter(wasRead) }),
    seesReads() {
      readFileSync(control);
      return wasRead(control);
    },
  };
}

const BEFORE = new Date('2020-01-01');

/** Read before it was changed, as far as its times say: the next reader is noted with mounts of relatime too. */
function plantFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${CANARY_TEXT}\n`);
  utimesSync(path, BEFORE, new Date('2021-01-01'));
}

function wasRead(path: string): boolean {
  return !existsSync(path) || statSync(path).atimeMs !== BEFORE.getTime();
}

/** What the tools read of their environment and would follow. */
function astray(home: string, program: string, port: number): Record<string, string> {
  const url = `http://127.0.0.1:${port}`;
  return {
    CANARY: CANARY_TEXT,
    EDITOR: program,
    KUBE_EDITOR: program,
    VISUAL: program,
    PAGER: program,
    GIT_SSH_COMMAND: program,
    KUBECTL_EXTERNAL_DIFF: program,
    KUBERC: join(home, '.kube/kuberc'),
    KUBERNETES_SERVICE_HOST: '127.0.0.1',
    KUBERNETES_SERVICE_PORT: String(port),
    KUBERNETES_MASTER: url,
    HELM_PLUGINS: join(home, '.local/share/helm/plugins'),
    HELM_KUBEAPISERVER: url,
    HELM_KUBETOKEN: CANARY_TEXT,
    HELM_DRIVER: 'sql',
    HELM_DRIVER_SQL_CONNECTION_STRING: `postgresql://127.0.0.1:${port}/helm?user=${CANARY_TEXT}`,
    ISTIOCTL_XDS_ADDRESS: `127.0.0.1:${port}`,
    ISTIOCONFIG: join(home, '.istioctl/config.yaml'),
    ARGOCD_SERVER: `127.0.0.1:${port}`,
    ARGOCD_OPTS: `--server 127.0.0.1:${port} --plaintext`,
    ARGOCD_AUTH_TOKEN: CANARY_TEXT,
    // Names that do not exist lead here as well, if somebody hands these on.
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    ALL_PROXY: url,
    NO_PROXY: '127.0.0.1,localhost,::1',
  };
}

async function listen(): Promise<{ port: number; contacts(): number }> {
  let contacts = 0;
  const count = (server: Server) =>
    server.on('connection', (socket) => {
      contacts++;
      socket.destroy();
    });
  const first = count(createServer());
  const second = count(createServer());
  await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
  const { port } = first.address() as AddressInfo;
  await new Promise<void>((resolve) => {
    // A machine without IPv6 has nobody there to ask.
    second.once('error', () => resolve());
    second.listen(port, '::1', resolve);
  });
  afterAll(() => {
    first.close();
    second.close();
  });
  return { port, contacts: () => contacts };
}

/** The children that a process has now, and the page faults of those that it had: any child that ran and ended adds to them. */
export function childrenOf(pid: number): { now: number[]; before: number } {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const now = all.map(Number).filter((other) => statOf(other)?.[1] === String(pid));
  const own = statOf(pid);
  // proc_pid_stat(5): cminflt and cmajflt.
  return { now, before: Number(own?.[8]) + Number(own?.[10]) };
}

/** The fields of /proc/<pid>/stat from the third on: what stands before them may hold blanks. */
function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
  } catch {
    return undefined;
  }
}
