/** For tests of running commands: programs that are scripts, a guard that nobody asks, and a call that hides `hunter2hunter2`. */
import { mkdtempSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildPrograms } from './child-programs.ts';
import type { CommandCall } from './child-run.ts';
import type { GuardTicket } from './guard/types.ts';
import type { CommandHost } from './run-command.ts';
import type { ParsedCommand } from './types.ts';
import { createWorkspace } from './workspace.ts';

export const SECRET = 'hunter2hunter2';

export const TICKET: GuardTicket = {
  server: 'https://127.0.0.1:45678/dev',
  ca: '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
  token: 'token-of-this-command',
  proxy: 'http://user:password-of-the-proxy@127.0.0.1:45679',
  close: () => undefined,
};

export function command(over: Partial<ParsedCommand> = {}): ParsedCommand {
  return {
    tool: 'kubectl',
    path: ['get'],
    flags: [],
    positionals: [],
    trailing: undefined,
    argv: [],
    effect: 'read',
    gates: [],
    context: undefined,
    namespace: undefined,
    allNamespaces: false,
    follows: false,
    readsStdin: false,
    files: [],
    hosts: [],
    filters: [],
    ...over,
  };
}

export function call(over: Partial<CommandCall> = {}): CommandCall {
  const hide = (text: string) => text.replaceAll(SECRET, '<redacted sha256:00000000>');
  return {
    handle: 'dev',
    contexts: { current: 'prod', all: [{ name: 'prod', cluster: 'c', user: 'u' }] },
    guardCall: {
      forward: () => Promise.reject(new Error('not asked')),
      upgrade: () => Promise.reject(new Error('not asked')),
      mayReach: () => false,
    },
    realServer: 'https://api.example.org:6443',
    redactor: {
      text: hide,
      chunks: () => {
        let held = '';
        return {
          push(chunk) {
            held += chunk;
            const end = held.lastIndexOf('\n') + 1;
            const ready = held.slice(0, end);
            held = held.slice(end);
            return hide(ready);
          },
          end: () => hide(held),
        };
      },
    },
    signal: new AbortController().signal,
    progress: () => undefined,
    outcome: () => ({ written: [] }),
    ...over,
  };
}

export interface TestHost extends CommandHost {
  place: string;
  problems: string[];
  /** Tickets that are open. */
  tickets: () => number;
  /** Makes the tool this script. */
  script(source: string, interpreter?: string): Promise<void>;
  /** Removes its folders. */
  clear(): Promise<void>;
}

export async function testHost(over: Partial<CommandHost> = {}): Promise<TestHost> {
  const place = await mkdtemp(join(tmpdir(), 'run-command-'));
  const problems: string[] = [];
  let tickets = 0;
  let program = '/nonexistent/tool';
  const programs: ChildPrograms = {
    find: async () => program,
    forget: () => undefined,
    diff: async () => '/usr/bin/diff',
    launcher: async () => ({}),
  };
  return {
    programs,
    workspace: createWorkspace({ places: { only: place }, onProblem: (message) => problems.push(message) }),
    guard: {
      async admit() {
        tickets += 1;
        return {
          ...TICKET,
          close: () => {
            tickets -= 1;
          },
        };
      },
    },
    prepareFiles: async (files) => Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    runFilters: async (input) => ({ output: input, exitCode: 0, truncated: false }),
    limits: { timeoutMs: 20_000, maxOutput: 1000, concurrency: 4, queue: 1000 },
    ...over,
    place,
    problems,
    tickets: () => tickets,
    async script(source, interpreter = process.execPath) {
      program = join(mkdtempSync(join(place, 'bin-')), 'tool');
      await writeFile(program, `#!${interpreter}\n${source}\n`);
      await chmod(program, 0o755);
    },
    clear: () => rm(place, { recursive: true, force: true }),
  };
}
