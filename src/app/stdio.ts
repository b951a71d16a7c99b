import { flushCompileCache } from 'node:module';
import type { HostEnv } from '../config/host-env.ts';
import { readSettings } from '../config/read.ts';
import type { SettingName } from '../config/table.ts';
import { runStdio } from '../surfaces/mcp/stdio.ts';
import { processStreams } from '../surfaces/mcp/stdio-streams.ts';
import { serverFace, visibleTools } from './face.ts';
import type { Product } from './product.ts';

/** The server as an agent's host starts it: answers the handshake at once, builds the rest at the first call. */
export async function stdio(host: HostEnv, flags: ReadonlyMap<SettingName, string>): Promise<number> {
  const settings = readSettings(flags, host.env);
  let product: Promise<Product> | undefined;
  await runStdio({
    ...serverFace(),
    tools: visibleTools(settings),
    principal: { id: 'stdio', transport: 'stdio', authenticated: true },
    ...processStreams(),
    async loadGateway() {
      const { createProduct } = await import('./product.ts');
      product ??= createProduct(host, settings, { surface: 'stdio' });
      product.catch(() => {
        // The call that waits for it tells why; the next one tries again.
        product = undefined;
      });
      const { gateway } = await product;
      flushCompileCache();
      return gateway;
    },
  });
  await (await product)?.close();
  return 0;
}
