import { readFileSync } from 'node:fs';

/** What a tool's help says of one command. */
export interface SurfaceCommand {
  /** '' is the tool itself. */
  words: string;
  /** Other names of its last word. */
  aliases: readonly string[];
  /** `-n,--namespace=`, `--wait`, `--dry-run[=]`; those of the tool itself are not repeated. */
  flags: readonly string[];
}

/** One line: `get values | ls rm | -a,--all --revision=`. */
export function writeCommand({ words, aliases, flags }: SurfaceCommand): string {
  return `${words} | ${aliases.join(' ')} | ${flags.join(' ')}\n`;
}

/** The surface of a version, as scripts/cli-surface.ts wrote it down. */
export function readCommands(tool: string): SurfaceCommand[] {
  const text = readFileSync(new URL(`${tool}.txt`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [words = '', aliases = '', flags = ''] = line.split('|').map((part) => part.trim());
      return { words, aliases: aliases.split(' ').filter(Boolean), flags: flags.split(' ').filter(Boolean) };
    });
}
