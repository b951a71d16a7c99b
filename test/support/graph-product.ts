/** The product without its surfaces on a kubeconfig of the test's own: for questions about what the graph lets through. */
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createProduct, type Product } from '../../src/app/product.ts';
import { parseFlags, readSettings } from '../../src/config/read.ts';
import type { CallOutcome } from '../../src/operations/gateway.ts';
import { scratchFolder } from './product.ts';

export interface GraphProduct extends Product {
  ask(tool: string, args: Record<string, unknown>, more?: AskOptions): Promise<GraphAnswer>;
}

export interface AskOptions {
  /** A caller's own kubeconfig, as its text. */
  kubeconfig?: string;
  progress?: (message: string) => void;
}

export interface GraphAnswer {
  ok: boolean;
  code: string | undefined;
  text: string;
  output: Record<string, unknown>;
  /** All that a caller can see. */
  shown: string;
}

/** Closed after the test file. */
export async function graphProduct(kubeconfig: string, flags: readonly string[] = []): Promise<GraphProduct> {
  const home = scratchFolder();
  const argv = ['--kubeconfig', kubeconfig, '--state-dir', join(home, 'state'), '--no-audit', '--log-level', 'error'];
  const host = { env: {}, argv: [], cwd: home, home };
  const settings = readSettings(parseFlags([...argv, ...flags]).values, host.env);
  const product = await createProduct(host, settings, { surface: 'http' });
  afterAll(() => product.close());
  return {
    ...product,
    async ask(tool, args, { kubeconfig: own, progress } = {}) {
      const outcome = await product.gateway.call({
        tool,
        arguments: args,
        principal: { id: 'test', transport: 'streamable-http', authenticated: true },
        signal: new AbortController().signal,
        ...(progress === undefined ? {} : { progress }),
        ...(own === undefined ? {} : { kubeconfig: Buffer.from(own).toString('base64') }),
      });
      return answerOf(outcome);
    },
  };
}

function answerOf(outcome: CallOutcome): GraphAnswer {
  const output = (outcome.ok ? outcome.output : outcome.error.detail) as Record<string, unknown>;
  return {
    ok: outcome.ok,
    code: outcome.ok ? undefined : outcome.error.code,
    text: outcome.text,
    output,
    shown: `${outcome.text}\n${JSON.stringify(output)}`,
  };
}
