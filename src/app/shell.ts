import { helpText } from '../config/help.ts';
import type { HostEnv } from '../config/host-env.ts';
import type { Settings } from '../config/table.ts';
import { AppError, ERRORS } from '../kernel/errors.ts';
import { runCall } from '../surfaces/cli/call.ts';
import { printDoctor } from '../surfaces/cli/doctor.ts';
import { processIo } from '../surfaces/cli/output.ts';
import { runTools } from '../surfaces/cli/tools.ts';
import { checkKubeconfig } from './check-kubeconfig.ts';
import { diagnose } from './doctor.ts';
import { visibleTools } from './face.ts';
import { createProduct, type Product } from './product.ts';
import { minimalRole } from './role.ts';
import { onSandbox, startSandbox } from './sandbox.ts';
import { untilSignal } from './until-signal.ts';
import { buildInfo } from './version.ts';

/** `k8s-mcp call`: one tool, one answer, the exit code of the error table. */
export function call(host: HostEnv, settings: Settings, words: readonly string[]): Promise<number> {
  return withProduct(host, settings, ({ gateway }, signal) => runCall(words, { gateway, io: processIo(), signal }));
}

/** `k8s-mcp tools`: needs no cluster. */
export function tools(settings: Settings, words: readonly string[]): Promise<number> {
  return runTools(words, visibleTools(settings), processIo());
}

/** `k8s-mcp doctor [--role | --check-kubeconfig <file>] [-o json]`. */
export async function doctor(host: HostEnv, settings: Settings, words: readonly string[]): Promise<number> {
  const io = processIo();
  if (words[0] === '--check-kubeconfig' && words.length === 2) {
    const { text, ok } = await checkKubeconfig(words[1] ?? '', settings);
    await io.out.write(text);
    return ok ? 0 : ERRORS.kubeconfig_refused.exit;
  }
  const known = ['--role', '-o', '--output', '-o=json', '--output=json', 'json', 'text'];
  const wrong = words.find((word) => !known.includes(word));
  if (wrong !== undefined) {
    throw new AppError('invalid_argument', `doctor takes no ${JSON.stringify(wrong)}.`, {
      remedy: 'k8s-mcp doctor [--role | --check-kubeconfig <file>] [-o json]',
    });
  }
  if (words.includes('--role')) {
    await io.out.write(minimalRole(settings));
    return 0;
  }
  const output = words.some((word) => word.endsWith('json')) ? 'json' : 'text';
  return withProduct(host, settings, (product) => printDoctor(diagnose(product, settings), io, output));
}

export async function help(): Promise<number> {
  await processIo().out.write(helpText());
  return 0;
}

export async function version(): Promise<number> {
  const { name, version: number, commit, date } = buildInfo();
  await processIo().out.write(`${name} ${number} (commit ${commit}, ${date})\n`);
  return 0;
}

async function withProduct(
  host: HostEnv,
  settings: Settings,
  work: (product: Product, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const sandbox = settings.sandbox ? await startSandbox(host, settings) : undefined;
  const product = await createProduct(host, onSandbox(settings, sandbox), { surface: 'shell' });
  const controller = new AbortController();
  // A command's program and folder go with it.
  void untilSignal().then(() => controller.abort());
  try {
    return await work(product, controller.signal);
  } finally {
    await product.close();
    await sandbox?.stop();
  }
}
