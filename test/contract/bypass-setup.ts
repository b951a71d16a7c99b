/** The bypass tests' cluster and products. */
import { beforeAll, beforeEach, expect, vi } from 'vitest';
import type { Gateway } from '../../src/operations/gateway.ts';
import type { ScriptedCluster } from '../support/scripted-cluster.ts';
import { clusterOf, NODE, namespaceWith, productOn, type ToolArguments, tell } from '../support/worlds.ts';
import { MARK } from './bypass-rows.ts';

/** One test makes hundreds of calls; a busy machine takes its time over them. */
vi.setConfig({ testTimeout: 120_000 });

/** The scripted server has no watch: what asks for a graph reads live. On kept graphs: test/sandbox/suites/graph-policy.test.ts. */
const LIVE = ['--knowledge-graph', 'false'];
export const OPEN = ['--enable-create', '--enable-update', '--enable-delete', '--confirm', 'never', ...LIVE];

export const shared = [NODE, ...namespaceWith('shop', 'web'), ...namespaceWith('other', 'far')];
export const secret = namespaceWith('secret-ns', MARK);

export let cluster: ScriptedCluster;
const products = new Map<string, Promise<Gateway>>();
/** One product for each set of flags, all gates open unless they say otherwise. */
export function product(...flags: string[]): Promise<Gateway> {
  const made = products.get(flags.join(' ')) ?? productOn(cluster, [...OPEN, ...flags]);
  products.set(flags.join(' '), made);
  return made;
}

beforeAll(async () => {
  cluster = await clusterOf({ objects: [...shared, ...secret] });
});
beforeEach(() => {
  cluster.all.splice(0);
  cluster.requests.splice(0);
});

/** A refusal with this code that came before any request about objects. */
export async function expectRefused(gateway: Gateway, tool: string, args: ToolArguments, code: string): Promise<void> {
  const { ok, code: told } = await tell(gateway, tool, args);
  expect({ tool, args, ok, code: told, sent: cluster.requests }).toEqual({ tool, args, ok: false, code, sent: [] });
}
