import { readFile } from 'node:fs/promises';
import type { Settings } from '../config/table.ts';
import { AppError } from '../kernel/errors.ts';
import { inspectRequestKubeconfig } from '../kube/kubeconfig/request-kubeconfig.ts';
import { requestKubeconfigRules } from '../kube/kubeconfig/request-rules.ts';
import { isBeyondLoopback } from './request-clusters.ts';

/** What a server with these settings would make of a kubeconfig that came with a request: for `doctor --check-kubeconfig`. */
export async function checkKubeconfig(path: string, settings: Settings): Promise<{ text: string; ok: boolean }> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('invalid_argument', `${path} cannot be read.`, { cause });
  });
  const rules = requestKubeconfigRules(settings, { beyondLoopback: isBeyondLoopback(settings) });
  const found = inspectRequestKubeconfig(bytes.toString('base64'), rules);
  if (found.ok) {
    const current = found.currentContext === undefined ? '' : `; current: ${found.currentContext}`;
    return {
      ok: true,
      text: `A server with these settings takes it. Contexts: ${found.contexts.join(', ')}${current}\n`,
    };
  }
  const lines = found.problems.map(({ field, problem }) => `- ${field}: ${problem}`);
  return { ok: false, text: `A server with these settings refuses it:\n${lines.join('\n')}\nNext: ${found.advice}\n` };
}
