import { spawn } from 'node:child_process';
import { ProgramNotStarted } from './run-program.ts';

/** A program of ours that takes over the terminal: our stdin, stdout, stderr and signals are its own. Settles with its exit code. */
export function runInTerminal(run: {
  file: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}): Promise<number> {
  const child = spawn(run.file, [...run.args], { env: { ...run.env }, shell: false, stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const passOn = signals.map((signal) => [signal, () => child.kill(signal)] as const);
  for (const [signal, pass] of passOn) process.on(signal, pass);
  return new Promise<number>((resolve, reject) => {
    child.once('error', () => reject(new ProgramNotStarted(run.file, 'ENOENT')));
    child.once('close', (code) => resolve(code ?? 1));
  }).finally(() => {
    for (const [signal, pass] of passOn) process.off(signal, pass);
  });
}
