import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BYTES = 32;

/**
 * The key beneath fingerprints and plan tokens, made at first use and kept in the state folder (0600), so that a fingerprint
 * means the same tomorrow and a plan made by one shell call can be carried out by the next. Where nothing can be written
 * (a read-only container) it lives as long as the process.
 */
export function installKey(stateDir: string, warn: (message: string) => void): Uint8Array {
  const path = join(stateDir, 'install.key');
  const existing = read(path);
  if (existing !== undefined) return existing;
  const fresh = randomBytes(BYTES);
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    // Exclusive: of two processes that start at once, one writes and the other reads what it wrote.
    writeFileSync(path, fresh, { mode: 0o600, flag: 'wx' });
    return fresh;
  } catch (error) {
    const written = read(path);
    if (written !== undefined) return written;
    warn(
      `no key can be kept in ${stateDir} (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): fingerprints and plan tokens end with this process`,
    );
    return fresh;
  }
}

function read(path: string): Uint8Array | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.length === BYTES ? bytes : undefined;
  } catch {
    return undefined;
  }
}
