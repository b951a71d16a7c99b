import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The same cluster as if it were in another building. */
export interface FarCluster {
  kubeconfig: string;
  close(): void;
}

/** What is sent arrives `delayMs` later, in both directions; connecting itself is not slowed down. */
export async function farCluster(kubeconfig: string, delayMs: number): Promise<FarCluster> {
  const text = readFileSync(kubeconfig, 'utf8');
  const [, port] = /server: https:\/\/127\.0\.0\.1:(\d+)/.exec(text) ?? [];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk: Buffer) => setTimeout(() => to.write(chunk), delayMs));
      from.on('end', () => setTimeout(() => to.end(), delayMs));
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-bench-far-'));
  const file = join(folder, 'kubeconfig');
  // A listening TCP server has an AddressInfo.
  const listening = server.address() as AddressInfo;
  writeFileSync(file, text.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${listening.port}`), { mode: 0o600 });
  return {
    kubeconfig: file,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
