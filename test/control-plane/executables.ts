import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** The path of a program with this name in this folder, or undefined when there is none that may be run. */
export function executableIn(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}
