import { readFile, stat } from 'node:fs/promises';
import { singleFlight } from '../../kernel/async.ts';
import { AppError } from '../../kernel/errors.ts';
import { fileStamp, isMissing } from '../credentials/watched-file.ts';
import { mergeKubeconfigs } from './merge.ts';
import { parseKubeconfig } from './parse.ts';
import { type KubeconfigEnv, planSources, type SourcePlan } from './sources.ts';
import type { Kubeconfig } from './types.ts';

export type Loaded =
  | { kind: 'none'; plan: SourcePlan }
  | { kind: 'invalid'; error: AppError }
  | { kind: 'loaded'; config: Kubeconfig; sources: readonly string[] };

/** Bytes; a larger file is not even read. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The merged kubeconfig, read again only when a file's stat changed. Never rejects for what is in the files. */
export function createLoader(env: KubeconfigEnv): () => Promise<Loaded> {
  const plan = planSources(env);
  let cached: { stamp: string; loaded: Loaded } | undefined;
  return singleFlight(async () => {
    // The stamp is taken before reading: a file that changes in between is read again by the next call.
    const stamp = plan.paths.map(fileStamp).join('\n');
    if (cached?.stamp !== stamp) cached = { stamp, loaded: await load(plan) };
    return cached.loaded;
  });
}

async function load(plan: SourcePlan): Promise<Loaded> {
  try {
    const parsed: { path: string; config: Kubeconfig }[] = [];
    for (const path of plan.paths) {
      const text = await read(path, plan);
      if (text !== undefined) parsed.push({ path, config: parseKubeconfig(text, path) });
    }
    const config = mergeKubeconfigs(parsed.map((file) => file.config));
    if (config.contexts.size === 0 && config.clusters.size === 0) {
      if (plan.required) throw unreadable(plan.paths[0] ?? '', plan, 'holds no contexts and no clusters');
      return { kind: 'none', plan };
    }
    return { kind: 'loaded', config, sources: parsed.map((file) => file.path) };
  } catch (thrown) {
    if (thrown instanceof AppError) return { kind: 'invalid', error: thrown };
    throw thrown;
  }
}

/** undefined for a missing file that may be missing. */
async function read(path: string, plan: SourcePlan): Promise<string | undefined> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw unreadable(path, plan, 'is not a file');
    if (info.size > MAX_BYTES) throw unreadable(path, plan, 'is larger than 4 MiB');
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const missing = isMissing(thrown);
    if (missing && !plan.required) return undefined;
    throw unreadable(path, plan, missing ? 'does not exist' : 'cannot be read (permissions?)');
  }
}

function unreadable(path: string, plan: SourcePlan, problem: string): AppError {
  const setBy = plan.setBy === 'default' ? '' : ` (set by ${plan.setBy})`;
  return new AppError('kubeconfig_invalid', `The kubeconfig ${path}${setBy} ${problem}.`, {
    remedy: 'Point --kubeconfig, KUBECONFIG_PATH or KUBECONFIG at a kubeconfig that this user can read.',
  });
}
