import { abortable, abortReason, singleFlight } from '../../kernel/async.ts';
import type { CredentialSource, Credentials } from '../connection.ts';
import type { Ingredient, Piece } from './ingredient.ts';

/** Ingredients as one source. For the header and for the certificate, the first ingredient that has one wins. */
export function combineIngredients(ingredients: readonly Ingredient[]): CredentialSource {
  let last: Credentials = { headers: {}, generation: 0 };

  const read = async (): Promise<Credentials> => {
    const pieces = await Promise.all(ingredients.map((ingredient) => ingredient.current()));
    const next = combine(pieces);
    if (last.generation === 0 || !isSame(next, last)) last = { ...next, generation: last.generation + 1 };
    return last;
  };
  const renewAll = singleFlight(async () => {
    await Promise.all(ingredients.map((ingredient) => ingredient.renew()));
    return read();
  });
  // The work belongs to all who wait: a caller's abort ends its waiting only.
  const join = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw abortReason(signal);
    return abortable(work(), signal);
  };
  return {
    current: (signal) => join(signal, read),
    async refresh(generation, signal) {
      if (last.generation > generation) return true;
      return (await join(signal, renewAll)).generation > generation;
    },
  };
}

function combine(pieces: readonly Piece[]): Omit<Credentials, 'generation'> {
  const authorization = pieces.find((piece) => piece.authorization !== undefined)?.authorization;
  const clientCertificate = pieces.find((piece) => piece.clientCertificate !== undefined)?.clientCertificate;
  return {
    headers: authorization === undefined ? {} : { authorization },
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
}

function isSame(a: Omit<Credentials, 'generation'>, b: Credentials): boolean {
  return (
    a.headers['authorization'] === b.headers['authorization'] &&
    a.clientCertificate?.cert === b.clientCertificate?.cert &&
    a.clientCertificate?.key === b.clientCertificate?.key
  );
}
