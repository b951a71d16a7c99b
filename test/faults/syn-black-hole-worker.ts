/** Listens in a thread of its own and stands still: the kernel's queue fills up, and then SYNs are not answered. */
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { port, gate } = workerData as { port: number; gate: SharedArrayBuffer };
const server = createServer();
server.on('error', (error) => {
  parentPort?.postMessage(error.message);
});
// The smallest queue: the kernel takes two connections with it.
server.listen({ port, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort?.postMessage('listening');
  Atomics.wait(new Int32Array(gate), 0, 0);
  server.close();
  process.exit();
});
