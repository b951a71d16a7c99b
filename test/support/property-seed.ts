/**
 * Property tests run the same cases every time: whether a change lands is not a matter of luck. `PROPERTY_SEED=random` looks for new ones,
 * `PROPERTY_SEED=<the seed that a failure names>` repeats it.
 */
import fc from 'fast-check';

const asked = process.env['PROPERTY_SEED'];
if (asked !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked ?? 20_261_122) });
