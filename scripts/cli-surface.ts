/**
 * Writes down what a tool says of itself: `node scripts/cli-surface.ts /path/of/helm > test/support/cli-surfaces/helm.txt`. The data of
 * src/exec/binaries is held to it, so that no command and no flag of a version is overlooked.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SurfaceCommand, writeCommand } from '../test/support/cli-surfaces/surface.ts';

const SECTION = (title: string) => new RegExp(`^${title}:\\n(.*?)(?:\\n\\n|\\n*$(?![\\s\\S]))`, 'ms');
const FLAG = /^\s+(?:-(?<short>\w), |\s+)--(?<name>[\w-]+)(?: (?<type>\S+))?(?:\s{2,}|$)/;

function section(help: string, title: string): string {
  return SECTION(title).exec(help)?.[1] ?? '';
}

function readFlags(help: string): string[] {
  const lines = ['Flags', 'Options', 'Global Flags'].flatMap((title) => section(help, title).split('\n'));
  const flags = lines.flatMap((line) => {
    const { short, name, type } = FLAG.exec(line)?.groups ?? {};
    if (name === undefined || name === 'help') return [];
    const value = type === undefined ? '' : type.includes('[=') ? '[=]' : '=';
    return [`${short === undefined ? '' : `-${short},`}--${name}${value}`];
  });
  return [...new Set(flags)].sort();
}

function readSurface(program: string): SurfaceCommand[] {
  const home = mkdtempSync(join(tmpdir(), 'k8s-mcp-surface-'));
  const commands: SurfaceCommand[] = [];
  const read = (words: readonly string[]): void => {
    const env = { HOME: home, PATH: '/nonexistent' };
    const help = execFileSync(program, [...words, '--help'], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const aliases = section(help, 'Aliases').trim().split(', ').filter(Boolean);
    const known = new Set(commands[0]?.flags);
    const flags = readFlags(help).filter((flag) => !known.has(flag));
    commands.push({ words: words.join(' '), aliases: aliases.filter((name) => name !== words.at(-1)), flags });
    for (const line of section(help, 'Available Commands').split('\n')) {
      const word = /^ {2}(\S+)\s/.exec(line)?.[1];
      if (word !== undefined && word !== 'help') read([...words, word]);
    }
  };
  try {
    read([]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  return commands;
}

const program = process.argv[2];
if (import.meta.main && program !== undefined) {
  process.stdout.write(readSurface(program).map(writeCommand).join(''));
}
