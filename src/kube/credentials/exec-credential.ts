import { AppError } from '../../kernel/errors.ts';
import type { Fetched } from './expiring.ts';
import { bearer } from './ingredient.ts';

export const EXEC_API_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** `spec.cluster` of an ExecCredential. */
export interface ExecCluster {
  server: string;
  'tls-server-name'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'certificate-authority-data'?: string;
  'proxy-url'?: string;
  'disable-compression'?: boolean;
  config?: unknown;
}

/** The value of KUBERNETES_EXEC_INFO. */
export function execInfo(apiVersion: string, cluster: ExecCluster | undefined): string {
  return JSON.stringify({
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(cluster === undefined ? {} : { cluster }) },
  });
}

/** What a plugin printed, checked as client-go checks it. `plugin` names it in errors; its output is never quoted. */
export function parseExecCredential(stdout: string, apiVersion: string, plugin: string): Fetched {
  const answer = record(parseJson(stdout));
  if (answer?.['kind'] !== 'ExecCredential') throw bad(plugin, 'printed no ExecCredential object');
  if (answer['apiVersion'] !== apiVersion)
    throw bad(plugin, `answered in another API version than ${apiVersion}, which the kubeconfig names`);
  const status = record(answer['status']);
  if (status === undefined) throw bad(plugin, 'printed an ExecCredential without a status');

  const token = text(status['token']);
  const cert = text(status['clientCertificateData']);
  const key = text(status['clientKeyData']);
  if ((cert === undefined) !== (key === undefined))
    throw bad(plugin, 'returned a certificate without its key, or a key alone');
  if (token === undefined && cert === undefined) throw bad(plugin, 'returned neither a token nor a certificate');
  const expiresAt = expiry(status['expirationTimestamp'], plugin);
  return {
    piece: {
      ...(token === undefined ? {} : { authorization: bearer(token.trim(), plugin) }),
      ...(cert === undefined || key === undefined ? {} : { clientCertificate: { cert, key } }),
    },
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function expiry(value: unknown, plugin: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw bad(plugin, 'returned an expirationTimestamp that is no RFC 3339 time');
  return time;
}

function bad(plugin: string, problem: string): AppError {
  return new AppError('credentials_failed', `${plugin} ${problem}.`, {
    remedy: 'Update the plugin, or correct its apiVersion and arguments in the kubeconfig.',
  });
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
