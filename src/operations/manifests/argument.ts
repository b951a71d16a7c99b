import { z } from 'zod';

/** The argument `manifest`: text, or the object itself as many a model sends it. Only the text is advertised. */
export function manifestArgument() {
  return z.preprocess(
    (value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value),
    z.string(),
  );
}
