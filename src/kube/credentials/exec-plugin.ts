import { delimiter } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { searchedDirs, usualProgramDirs } from '../../process/find-program.ts';
import { ProgramNotStarted, type ProgramResult } from '../../process/run-program.ts';
import type { ExecConfig } from '../kubeconfig/types.ts';
import { commandLine, plain, safeFirstLine, signInCommand } from './exec-advice.ts';
import { EXEC_API_VERSIONS, type ExecCluster, execInfo, parseExecCredential } from './exec-credential.ts';
import type { Fetched } from './expiring.ts';
import type { CredentialHost } from './host.ts';

/** A credential is a few KB, a certificate chain a few tens. */
const MAX_STDOUT_BYTES = 1024 * 1024;
const MAX_STDERR_BYTES = 64 * 1024;

/** A function that runs the plugin once. It never gets our stdin, and its output never reaches ours. */
export function execPlugin(
  user: string,
  config: ExecConfig,
  cluster: () => Promise<ExecCluster>,
  host: CredentialHost,
): () => Promise<Fetched> {
  const plugin = `The exec plugin ${plain(config.command)} of user "${plain(user)}"`;
  return async () => {
    refuseUnusable(plugin, config);
    const search = { path: host.env['PATH'], extraDirs: usualProgramDirs(host.home) };
    const file = await host.find(config.command, search);
    if (file === undefined) throw missing(plugin, config);
    const info = execInfo(config.apiVersion, config.provideClusterInfo ? await cluster() : undefined);
    const result = await host
      .run({
        file,
        args: config.args,
        // Plugins start helpers of their own (gcloud, python): these need the same folders that we searched.
        env: { ...environment(host, config), PATH: pathFor(config, search), KUBERNETES_EXEC_INFO: info },
        timeoutMs: host.execTimeLimitMs,
        maxStdoutBytes: MAX_STDOUT_BYTES,
        maxStderrBytes: MAX_STDERR_BYTES,
        signal: host.shutdown,
      })
      .catch((thrown: unknown) => {
        if (thrown instanceof AppError) throw thrown;
        throw notStarted(plugin, config, thrown);
      });
    if (result.timedOut || result.exitCode !== 0) throw failed(plugin, config, host, result);
    return parseExecCredential(result.stdout, config.apiVersion, plugin);
  };
}

function environment(host: CredentialHost, config: ExecConfig): Record<string, string> {
  const env: Record<string, string> = host.home === undefined ? {} : { HOME: host.home };
  for (const [name, value] of Object.entries(host.env)) if (value !== undefined) env[name] = value;
  for (const { name, value } of config.env) env[name] = value;
  return env;
}

function pathFor(config: ExecConfig, search: { path: string | undefined; extraDirs: readonly string[] }): string {
  const own = config.env.find((variable) => variable.name === 'PATH')?.value;
  return own ?? searchedDirs(search).join(delimiter);
}

function refuseUnusable(plugin: string, config: ExecConfig): void {
  if (!EXEC_API_VERSIONS.includes(config.apiVersion)) {
    throw new AppError(
      'credentials_failed',
      `${plugin} is configured for ${plain(config.apiVersion) || 'no API version'}.`,
      {
        remedy: `Set its apiVersion to one of ${EXEC_API_VERSIONS.join(', ')}.`,
      },
    );
  }
  if (config.interactiveMode === 'Always') {
    throw new AppError(
      'credentials_failed',
      `${plugin} needs a terminal (interactiveMode: Always), and a server has none.`,
      {
        remedy: `Sign in by running \`${commandLine(config)}\` in a terminal, then set interactiveMode to IfAvailable if the plugin keeps the sign-in.`,
      },
    );
  }
}

function missing(plugin: string, { installHint }: ExecConfig): AppError {
  const hint = plain(installHint ?? '').slice(0, 500);
  return new AppError(
    'credentials_failed',
    `${plugin} is not installed, or is in none of the folders of PATH and the usual ones.`,
    {
      remedy:
        hint === ''
          ? 'Install it, or write its absolute path as the command in the kubeconfig.'
          : `Install it. ${hint}`,
    },
  );
}

function notStarted(plugin: string, config: ExecConfig, thrown: unknown): AppError {
  const why =
    thrown instanceof ProgramNotStarted && thrown.reason === 'not_executable'
      ? 'is not executable'
      : 'could not be started';
  return new AppError('credentials_failed', `${plugin} ${why}.`, {
    remedy: `Run \`${commandLine(config)}\` in a terminal to see why.`,
  });
}

function failed(plugin: string, config: ExecConfig, host: CredentialHost, result: ProgramResult): AppError {
  const ending = result.timedOut
    ? `did not end within ${Math.round(host.execTimeLimitMs / 1000)} s`
    : `failed (${result.exitCode === null ? result.signal : `exit code ${result.exitCode}`})`;
  const said = safeFirstLine(result.stderr, [
    ...config.env.map((variable) => variable.value),
    ...config.args.filter((arg) => arg.length >= 16),
  ]);
  const signIn = signInCommand(config);
  return new AppError('credentials_failed', `${plugin} ${ending}${said === undefined ? '.' : `: ${said}`}`, {
    remedy: `Run \`${commandLine(config)}\` in a terminal to see why.${signIn === undefined ? '' : ` If the sign-in has expired: \`${signIn}\`.`}`,
  });
}
