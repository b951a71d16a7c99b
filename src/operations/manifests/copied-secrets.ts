import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';

const MARKER = '<redacted sha256:';

/**
 * Refuses a JSON patch that copies or moves out of a part of the object that holds redacted values: what is hidden where it is
 * would show where it then stands. `live` is the redacted object. The whole top-level field counts, as earlier steps of a
 * patch may shift what a path names.
 */
export function refuseCopiedSecrets(patch: unknown, live: KubeObject | undefined): void {
  if (!Array.isArray(patch) || live === undefined) return;
  for (const step of patch) {
    if (typeof step !== 'object' || step === null || (step.op !== 'copy' && step.op !== 'move')) continue;
    const from: unknown = step.from;
    const field = typeof from === 'string' ? from.split('/')[1] : undefined;
    const source: unknown = field === undefined || field === '' ? live : live[field];
    if (source === undefined || !JSON.stringify(source).includes(MARKER)) continue;
    throw new AppError(
      'invalid_manifest',
      `The patch would ${step.op} out of ${field ?? 'the object'}, which holds redacted values.`,
      {
        remedy: 'Use the operations add, replace and remove with values of your own.',
      },
    );
  }
}
