import { flushCompileCache } from 'node:module';
import type { HostEnv } from '../config/host-env.ts';
import { readSettings } from '../config/read.ts';
import type { SettingName } from '../config/table.ts';
import { runStdio } from '../surfaces/mcp/stdio.ts';
import { processStreams } from '../surfaces/mcp/stdio-streams.ts';
import { serverFace, visibleTools } from './face.ts';
import type { Product } from './product.ts';
import type { RunningSandbox } from './sandbox.ts';
import { untilSignal } from './until-signal.ts';

/** The server as an agent's host starts it: answers the handshake at once, builds the rest at the first call. */
export async function stdio(host: HostEnv, flags: ReadonlyMap<SettingName, string>): Promise<number> {
  const settings = readSettings(flags, host.env);
  let product: Promise<Product> | undefined;
  const streams = processStreams();
  let sandbox: RunningSandbox | undefined;
  const build = async () => {
    const [{ createProduct }, { keepGraph }, { keepHeapSmall }] = await Promise.all([
      import('./product.ts'),
      import('./keep-graph.ts'),
      import('./small-heap.ts'),
    ]);
    keepHeapSmall();
    const built = await createProduct(host, await withSandbox(), { surface: 'stdio' });
    keepGraph(built, settings);
    return built;
  };
  const withSandbox = async () => {
    if (!settings.sandbox) return settings;
    const { onSandbox, startSandbox } = await import('./sandbox.ts');
    sandbox ??= await startSandbox(host, settings);
    return onSandbox(settings, sandbox);
  };
  const stopped = untilSignal().then(async () => {
    // Nothing more is read; what runs is ended, and told so, by the close below.
    streams.input.destroy();
  });
  const served = runStdio({
    ...serverFace(),
    tools: visibleTools(settings),
    principal: { id: 'stdio', transport: 'stdio', authenticated: true },
    ...streams,
    async loadGateway() {
      product ??= build();
      product.catch(() => {
        // The call that waits for it tells why; the next one tries again.
        product = undefined;
      });
      const { gateway } = await product;
      flushCompileCache();
      return gateway;
    },
  });
  await Promise.race([served, stopped]);
  // One that could not be built has nothing to close.
  await (await product?.catch(() => undefined))?.close();
  await sandbox?.stop();
  return 0;
}
