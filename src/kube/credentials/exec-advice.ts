import { basename } from 'node:path';
import type { ExecConfig } from '../kubeconfig/types.ts';

/** Option or variable names whose value is a secret. */
const SECRET_NAME = /secret|token|passw|credential|api[-_]?key|private[-_]?key/i;
/** `get-token` is a sub-command of most plugins, and a file's name is no secret. */
const HARMLESS_NAME = /^(?:get-token|.*(?:-file|-path|-dir|-cache|-cache-dir|-type|-name))$/i;
const HIDDEN = '***';

/** The plugin's command line for a person to paste into a terminal, without secrets. */
export function commandLine({ command, args }: Pick<ExecConfig, 'command' | 'args'>): string {
  const shown: string[] = [];
  let hideNext = false;
  for (const arg of args) {
    const option = /^(--?[^=\s]+)=(.*)$/s.exec(arg);
    const name = (option?.[1] ?? arg).replace(/^-+/, '');
    const isSecretOption = arg.startsWith('-') && SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
    if (hideNext && !arg.startsWith('-')) shown.push(HIDDEN);
    else if (option !== null && (isSecretOption || looksSecret(option[2] ?? ''))) shown.push(`${option[1]}=${HIDDEN}`);
    else shown.push(looksSecret(arg) ? HIDDEN : quoted(arg));
    hideNext = isSecretOption && option === null;
  }
  return [quoted(command), ...shown].join(' ').slice(0, 500);
}

/** How to sign in again, for plugins that do not do it themselves. */
export function signInCommand({
  command,
  args,
  env,
}: Pick<ExecConfig, 'command' | 'args' | 'env'>): string | undefined {
  const program = basename(command).replace(/\.exe$/i, '');
  if (program === 'aws' || program === 'aws-iam-authenticator') return `aws sso login${awsProfile(args, env)}`;
  if (program === 'gke-gcloud-auth-plugin' || program === 'gcloud') return 'gcloud auth login';
  if (program === 'kubelogin' && args.some((arg) => arg === 'azurecli' || arg.endsWith('=azurecli'))) return 'az login';
  return undefined;
}

function awsProfile(args: readonly string[], env: ExecConfig['env']): string {
  const at = args.indexOf('--profile');
  const profile = at >= 0 ? args[at + 1] : env.find((variable) => variable.name === 'AWS_PROFILE')?.value;
  return profile ? ` --profile ${quoted(profile)}` : '';
}

/** The first line a plugin wrote about its failure, if nothing in it can be a credential. */
export function safeFirstLine(stderr: string, secrets: readonly string[]): string | undefined {
  const lines = stderr.slice(0, 8_000).split('\n').map(plain);
  const line = lines.find((candidate) => candidate !== '');
  if (line === undefined || looksSecret(line) || hasAssignedSecret(line)) return undefined;
  if (secrets.some((secret) => secret.length >= 4 && line.includes(secret))) return undefined;
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

/** Text of the kubeconfig, for one line of a message. */
export function plain(text: string): string {
  return text
    .replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
}

/** A run of 20 or more token characters with letters and digits in it, a JWT, or a URL with a password or query. */
function looksSecret(text: string): boolean {
  if (/eyJ|-----BEGIN|:\/\/[^/\s]*@|:\/\/[^\s]*\?/.test(text)) return true;
  const runs = text.match(/[A-Za-z0-9_+=-]{20,}/g) ?? [];
  return runs.some((run) => /\d/.test(run) && /[A-Za-z]/.test(run));
}

function hasAssignedSecret(text: string): boolean {
  return /(?:secret|token|passw\w*|credentials?|bearer|key)\W{0,3}[:=]\s*\S/i.test(text) || /bearer\s+\S/i.test(text);
}

function quoted(arg: string): string {
  const text = plain(arg);
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
