import { type ChildProcess, spawn } from 'node:child_process';

export type Script = ChildProcess;

/** A Node process that runs this text as a module. */
export function startScript(text: string): Script {
  return spawn(process.execPath, ['--input-type=module', '-e', text]);
}
