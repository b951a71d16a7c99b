import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

interface Answer {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

/** A bare JSON-RPC client, the same for every server measured: what an SDK would add is in none of the numbers. */
export class StdioClient {
  readonly child: ChildProcess;
  #next = 1;
  readonly #waiting = new Map<number, (answer: Answer) => void>();

  constructor(command: string, args: readonly string[], env: Record<string, string | undefined>) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], env });
    if (this.child.stdout === null) throw new Error('no stdout');
    createInterface({ input: this.child.stdout }).on('line', (line) => this.#read(line));
    this.child.once('exit', () => {
      for (const answer of this.#waiting.values()) answer({ error: { message: `${command} has ended` } });
    });
    // What is written to a server that has ended is lost.
    this.child.stdin?.on('error', () => undefined);
  }

  #read(line: string): void {
    if (!line.startsWith('{')) return;
    const answer = JSON.parse(line) as Answer;
    if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
  }

  async request(method: string, params: unknown): Promise<unknown> {
    const id = this.#next++;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#write({ jsonrpc: '2.0', id, method, params });
    const answer = await answered;
    this.#waiting.delete(id);
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  }

  #write(message: unknown): void {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  async open(): Promise<void> {
    const clientInfo = { name: 'bench', version: '1' };
    await this.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    this.#write({ jsonrpc: '2.0', method: 'notifications/initialized' });
  }

  async close(): Promise<void> {
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin?.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 2000);
    await exited;
    clearTimeout(timer);
  }
}
