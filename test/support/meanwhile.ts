import { isDeepStrictEqual } from 'node:util';

/** Others of this run change what is everybody's now and then, not every moment. */
const LOOKS = 20;

/**
 * What ours says while the plain tool says the same before and after it. Where both look at what other suites change, nothing else can
 * be compared.
 */
export async function meanwhile<P, O>(plain: () => Promise<P>, ours: () => Promise<O>): Promise<{ plain: P; ours: O }> {
  let before = await plain();
  for (let look = 1; look <= LOOKS; look++) {
    const said = await ours();
    const after = await plain();
    if (isDeepStrictEqual(before, after)) return { plain: after, ours: said };
    before = after;
  }
  throw new Error(`the plain tool never said the same twice, the last time ${JSON.stringify(before)}`);
}
