import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasClis } from '../../support/clis.ts';
import { type CommandProduct, commandOptions, commandProduct } from '../../support/command-product.ts';
import { hasTestUsers } from '../../support/control-plane.ts';
import { type InProcessProduct, inProcessProduct } from '../../support/in-process-product.ts';
import { type Leftovers, NOTHING, watchLeftovers } from '../../support/leftovers.ts';
import { descendants, settled } from '../../support/process-watch.ts';
import { stdioClient } from '../../support/product.ts';
import { seeded } from '../../support/seeded.ts';

const CANCELLED = 500;
/** At once: more than run at once, so that some are cancelled while they wait. */
const LANES = 14;
/** Until the latest cancellation: long enough to be printing, or filtering. */
const LATEST_MS = 400;

/** They end only when they are ended, or would run for long. */
const ENDLESS: readonly [tool: string, args: Record<string, unknown>][] = [
  ['kubectl', { command: 'get pods -A -w' }],
  ['kubectl', { command: 'get events -A --watch-only -o json' }],
  ['kubectl', { command: 'get --raw /openapi/v2 | jq "[range(1e9)]"' }],
  ['kubectl', { command: 'get namespaces -w | grep x', files: { 'a/b.txt': 'x'.repeat(10_000) } }],
  ['kubectl', { command: 'wait --for=delete namespace/default' }],
  ['kubectl', { command: 'diff -f -', stdin: '{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}' }],
  ['helm', { command: 'list -A' }],
  ['istioctl', { command: 'analyze -n default' }],
];

const outcome = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    () => 'cancelled',
  );
const isNothing = (seen: Leftovers) => isDeepStrictEqual(seen, NOTHING);

describe.skipIf(!hasTestUsers() || !hasClis())('what commands leave behind', () => {
  describe('when they are cancelled', () => {
    let product: InProcessProduct;
    let leftovers: () => Leftovers;

    beforeAll(async () => {
      product = await inProcessProduct();
      // Everything that is kept on purpose is there: connections to the cluster, workers of filters, caches.
      const warm = ['get pods -A -o json | jq length', 'get namespaces | wc -l'].flatMap((command) =>
        Array(6).fill({ command }),
      );
      await Promise.all(warm.map((args) => product.run('kubectl', args)));
      leftovers = watchLeftovers(process.pid);
    });

    test(`${CANCELLED} of them at any moment, nothing`, async () => {
      const random = seeded(7);
      const codes: Record<string, number> = {};
      const lane = async () => {
        while ((codes['cancelled'] ?? 0) < CANCELLED) {
          const [tool, args] = ENDLESS[Math.floor(random() * ENDLESS.length)] ?? ['kubectl', {}];
          const cancel = new AbortController();
          const call = product.run(tool, args, cancel.signal);
          const delay = random() ** 2 * LATEST_MS;
          if (delay > 2) await sleep(delay);
          cancel.abort();
          const outcome = await call;
          const code = outcome.ok ? 'done' : outcome.error.code;
          codes[code] = (codes[code] ?? 0) + 1;
        }
      };
      const started = new Set<number>();
      const watching = setInterval(() => {
        for (const pid of descendants(process.pid)) started.add(pid);
      }, 20);
      await Promise.all(Array.from({ length: LANES }, lane));
      clearInterval(watching);
      console.info(`calls by what became of them: ${JSON.stringify(codes)}; at least ${started.size} had started`);
      expect(Object.keys(codes).filter((code) => code !== 'cancelled' && code !== 'done')).toEqual([]);
      expect(await settled(leftovers, isNothing)).toEqual(NOTHING);
      expect(await product.run('kubectl', { command: 'auth whoami' })).toMatchObject({ ok: true });
    });
  });

  describe('with a server', () => {
    let product: CommandProduct;
    let leftovers: () => Leftovers;
    /** Of what every cluster has: it prints at once, which is what those wait for that cancel. */
    const watch = { command: 'get namespaces -w' };

    beforeAll(async () => {
      // Ten run and forty wait: nobody of the forty-eight below is turned away, however late the server learns who has left.
      product = await commandProduct({ args: ['--command-concurrency', '10'] });
      const warm = Array.from({ length: 10 }, () => product.run('kubectl', 'get pods -A -o json | jq length'));
      await Promise.all(warm);
      leftovers = watchLeftovers(product.pid, Number(new URL(product.url).port));
    });

    test('callers that hang up, and clients that cancel, on every transport', async () => {
      const clients = await Promise.all([
        product.client('2025'),
        product.client('2026'),
        product.client('2025', { sse: true }),
        stdioClient('2025', commandOptions()),
      ]);
      const random = seeded(11);
      const hangUps = Array.from({ length: 24 }, () => {
        const signal = AbortSignal.timeout(Math.ceil(random() * 600));
        return outcome(product.call('kubectl', watch, { signal }));
      });
      // A notice may overtake its call where both are requests of their own: only what runs can be cancelled for certain.
      const notices = clients.flatMap((client) =>
        Array.from({ length: 6 }, () => {
          const cancel = new AbortController();
          const onprogress = () => void setTimeout(() => cancel.abort(), random() * 300);
          const how = { signal: cancel.signal, onprogress };
          return outcome(client.callTool({ name: 'kubectl', arguments: watch }, how));
        }),
      );
      expect(new Set(await Promise.all([...hangUps, ...notices]))).toEqual(new Set(['cancelled']));
      await Promise.all(clients.map((client) => client.close()));
      expect(await settled(leftovers, isNothing)).toEqual(NOTHING);
      expect(await product.run('kubectl', 'auth whoami')).toMatchObject({ success: true });
    });
  });
});
