import type { AddressInfo, Server } from 'node:net';

/** Where children find us: never reachable from another machine. */
export const HOST = '127.0.0.1';

/** Listens on a free port of this machine, without keeping the process alive. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, () => {
      server
        .off('error', reject)
        .on('error', () => undefined)
        .unref();
      // A bound TCP server has an AddressInfo: a string is a pipe's, null an unbound one's.
      const { port } = server.address() as AddressInfo;
      resolve(port);
    });
  });
}
