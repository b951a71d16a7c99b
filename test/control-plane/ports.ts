import { once } from 'node:events';
import { createServer } from 'node:net';

/** Distinct TCP ports on 127.0.0.1 that were free a moment ago. They may be lost again: whoever binds must be ready to choose anew. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')));
    return servers.map((server) => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('a listening TCP server has no port');
      return address.port;
    });
  } finally {
    for (const server of servers) server.close();
  }
}
