import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BENCH_NAMESPACE } from './cluster.ts';
import type { Sample } from './table.ts';

const CALLS = 1000;
const AT_ONCE = 4;

/** Resident memory of `k8s-mcp serve` after 1,000 REST calls that list pods. */
export async function measureHttpMemory(root: string, kubeconfig: string): Promise<Sample[]> {
  const child = spawn(
    process.execPath,
    [join(root, 'dist', 'main.js'), 'serve', '--port', '0', '--kubeconfig', kubeconfig, '--no-audit'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/tmp',
    },
  );
  try {
    const url = await listening(child.stderr);
    let sent = 0;
    const worker = async () => {
      while (sent++ < CALLS) {
        const answer = await fetch(`${url}/tools/k8s-get-pods`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ namespace: BENCH_NAMESPACE }),
        });
        if (!answer.ok) throw new Error(await answer.text());
        await answer.arrayBuffer();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    return [
      { measure: 'RSS serving HTTP after 1,000 calls', unit: 'MB', contender: 'k8s-mcp', value: Number(rss) / 1000 },
    ];
  } finally {
    child.kill('SIGTERM');
  }
}

function listening(stderr: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stderr });
    lines.on('line', (line) => {
      const url = /is listening on (\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    lines.on('close', () => reject(new Error('the server ended before it listened')));
  });
}
