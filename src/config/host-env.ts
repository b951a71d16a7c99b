import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { AppError } from '../kernel/errors.ts';

/** What the process was given. The only reader of process.env; everything else gets it as a value. */
export interface HostEnv {
  env: Readonly<Record<string, string | undefined>>;
  argv: readonly string[];
  cwd: string;
  home: string;
}

export function readHostEnv(): HostEnv {
  return { env: process.env, argv: process.argv.slice(2), cwd: process.cwd(), home: homedir() };
}

/**
 * The environment with the working directory's `.env` beneath it. Only for `serve` and `start`, whose folder the operator chose:
 * a stdio server is started by an agent's host in whatever project it works on, and that project must not set policy.
 */
export function withDotEnv(host: HostEnv): HostEnv {
  let text: string;
  try {
    text = readFileSync(join(host.cwd, '.env'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return host;
    throw new AppError('invalid_argument', '.env in the working directory cannot be read.', {
      remedy: 'Make it readable, or remove it.',
      cause: error,
    });
  }
  return { ...host, env: { ...parseEnv(text), ...host.env } };
}

/** `~/x` as an absolute path; anything else as it is. */
export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}

/** Where keys and, for stdio, logs live: XDG_STATE_HOME, else ~/.local/state. */
export function defaultStateDir(host: HostEnv): string {
  const xdg = host.env['XDG_STATE_HOME'];
  return join(xdg?.startsWith('/') ? xdg : join(host.home, '.local', 'state'), 'k8s-mcp');
}
