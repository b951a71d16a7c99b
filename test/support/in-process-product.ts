/** The product without its surfaces, in this process: for tests that make hundreds of calls and look at what they leave behind. */
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createProduct, type Product } from '../../src/app/product.ts';
import { parseFlags, readSettings } from '../../src/config/read.ts';
import type { CallOutcome } from '../../src/operations/gateway.ts';
import { commandOptions } from './command-product.ts';
import { scratchFolder } from './product.ts';

export interface InProcessProduct extends Product {
  run(tool: string, args: Record<string, unknown>, signal?: AbortSignal): Promise<CallOutcome>;
}

/** On the test cluster with the real tools; closed after the test file. */
export async function inProcessProduct(args: readonly string[] = []): Promise<InProcessProduct> {
  const home = scratchFolder();
  const { kubeconfig = '', env = {} } = commandOptions();
  const host = {
    env: {
      PATH: process.env['PATH'],
      KUBECONFIG: kubeconfig,
      K8S_MCP_STATE_DIR: join(home, 'state'),
      K8S_MCP_LOG_DIR: join(home, 'logs'),
      ...env,
    },
    argv: [],
    cwd: home,
    home,
  };
  const product = await createProduct(host, readSettings(parseFlags(args).values, host.env), { surface: 'stdio' });
  afterAll(() => product.close());
  const principal = { id: 'test', transport: 'stdio', authenticated: true } as const;
  return {
    ...product,
    run: (tool, input, signal = new AbortController().signal) =>
      product.gateway.call({ tool, arguments: input, principal, signal }),
  };
}
