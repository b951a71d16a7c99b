import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { expandHome, type HostEnv } from '../config/host-env.ts';
import type { Settings } from '../config/table.ts';
import { AppError } from '../kernel/errors.ts';
import { hasOpenWriteGate } from './rules.ts';

export type Token = { value: string; generated: boolean } | undefined;

/** The token of --auth-token-file; where write gates are open and none is given, one made for this run. */
export function authToken(settings: Settings, host: HostEnv): Token {
  if (settings.authTokenFile !== undefined) {
    const text = read(
      settings.authTokenFile,
      '--auth-token-file',
      'Give a readable file that holds the token alone.',
      host,
    );
    return { value: checkedToken(text.trim(), settings.authTokenFile), generated: false };
  }
  if (!hasOpenWriteGate(settings) || settings.allowUnauthenticatedWrites) return undefined;
  return { value: randomBytes(24).toString('base64url'), generated: true };
}

function checkedToken(text: string, path: string): string {
  // RFC 6750 token characters; 16 of them is the least that is not guessed over a network.
  if (/^[A-Za-z0-9._~+/=-]{16,4096}$/.test(text)) return text;
  throw new AppError('invalid_argument', `The token file ${path} holds no usable token.`, {
    problems: [
      { field: '--auth-token-file', problem: 'must hold one token of 16 to 4096 characters A-Z a-z 0-9 . _ ~ + / = -' },
    ],
    remedy: 'For instance: openssl rand -hex 32 > token',
  });
}

/** Certificate and key of HTTPS, read and tried before anything listens. */
export function tlsFiles({ tlsCert, tlsKey }: Settings, host: HostEnv): { cert: string; key: string } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new AppError('invalid_argument', 'HTTPS needs a certificate and its key.', {
      problems: [{ field: tlsCert === undefined ? '--tls-cert-file' : '--tls-key-file', problem: 'is missing' }],
      remedy: 'Give both --tls-cert-file and --tls-key-file, or neither.',
    });
  }
  const remedy = 'Give readable PEM files that belong together.';
  const files = {
    cert: read(tlsCert, '--tls-cert-file', remedy, host),
    key: read(tlsKey, '--tls-key-file', remedy, host),
  };
  try {
    createSecureContext(files);
  } catch (error) {
    throw new AppError('invalid_argument', `${tlsCert} and ${tlsKey} are no usable certificate and key.`, {
      problems: [{ field: '--tls-cert-file', problem: 'not PEM, or the key is of another certificate' }],
      remedy,
      cause: error,
    });
  }
  return files;
}

function read(path: string, flag: string, remedy: string, { home }: HostEnv): string {
  try {
    return readFileSync(expandHome(path, home), 'utf8');
  } catch (error) {
    throw new AppError('invalid_argument', `The file ${path} cannot be read.`, {
      problems: [{ field: flag, problem: (error as NodeJS.ErrnoException).code ?? 'not readable' }],
      remedy,
      cause: error,
    });
  }
}
