import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Cache folders, one a cluster handle. */
export interface CacheFolders {
  /** `leave` says that the command does not use it any more. */
  enter(handle: string): { path: string; leave(): void };
  count(): number;
}

/** A discovery cache is 1 to 5 MB of memory where the folder is in memory. */
const MAX_CACHES = 24;

/** Keeps those that were used last. One that is in use stays, however many there are. */
export function createCacheFolders(root: string, max = MAX_CACHES): CacheFolders {
  mkdirSync(root, { mode: 0o700 });
  // Least recently used first.
  const users = new Map<string, number>();

  const evict = () => {
    for (const [handle, count] of users) {
      if (users.size <= max) return;
      if (count > 0) continue;
      users.delete(handle);
      rmSync(join(root, handle), { recursive: true, force: true, maxRetries: 3 });
    }
  };

  return {
    enter(handle) {
      if (!/^[a-z0-9-]{1,100}$/.test(handle)) throw new Error('a cluster handle that is no plain name');
      const path = join(root, handle);
      const count = users.get(handle) ?? 0;
      users.delete(handle);
      users.set(handle, count + 1);
      mkdirSync(path, { recursive: true, mode: 0o700 });
      evict();
      return {
        path,
        leave() {
          users.set(handle, (users.get(handle) ?? 1) - 1);
          evict();
        },
      };
    },
    count: () => users.size,
  };
}
