import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { PemSource } from '../kubeconfig/types.ts';
import { bearer, type Ingredient } from './ingredient.ts';
import { watchFile } from './watched-file.ts';

/** A token in a file that something else rotates. While the file cannot be read, `fallback` (the kubeconfig's own token) serves, as in client-go. */
export function tokenFile(path: string, fallback: string | undefined, clock: Clock): Ingredient {
  const file = watchFile(path, clock);
  return {
    async current() {
      try {
        return { authorization: bearer((await file.read()).trim(), path) };
      } catch (thrown) {
        if (fallback !== undefined) return { authorization: bearer(fallback, 'the kubeconfig') };
        throw thrown instanceof AppError ? thrown : unreadable('token', path);
      }
    },
    async renew() {
      file.invalidate();
    },
  };
}

/** A client certificate and its key; files are read again when they change. */
export function clientCertificate(certificate: PemSource, key: PemSource, clock: Clock): Ingredient {
  const readCertificate = pemReader('client certificate', certificate, clock);
  const readKey = pemReader('client key', key, clock);
  return {
    async current() {
      const [cert, keyText] = await Promise.all([readCertificate.read(), readKey.read()]);
      return { clientCertificate: { cert, key: keyText } };
    },
    async renew() {
      readCertificate.invalidate();
      readKey.invalidate();
    },
  };
}

function pemReader(what: string, source: PemSource, clock: Clock) {
  const file = source.from === 'file' ? watchFile(source.path, clock) : undefined;
  return {
    async read(): Promise<string> {
      if (source.from === 'inline') return pem(source.pem, what, 'the kubeconfig');
      const text = await file?.read().catch(() => undefined);
      if (text === undefined) throw unreadable(what, source.path);
      return pem(text, what, source.path);
    },
    invalidate: () => file?.invalidate(),
  };
}

function pem(text: string, what: string, origin: string): string {
  if (text.includes('-----BEGIN ')) return text;
  throw new AppError('credentials_failed', `The ${what} from ${origin} is not PEM text.`, {
    remedy: 'It must hold a block that begins with -----BEGIN.',
  });
}

function unreadable(what: string, path: string): AppError {
  return new AppError('credentials_failed', `The ${what} file ${path} cannot be read.`, {
    remedy: 'Check that the file exists and that this user may read it.',
  });
}
