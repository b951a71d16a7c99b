import type { AppError } from '../../kernel/errors.ts';
import { readPlainYaml } from '../../kernel/text/plain-yaml.ts';

/** An IstioOperator with everything in it has some hundred. */
const MAX_LEXEMES = 50_000;

/** Commands that take an IstioOperator with -f. */
const COMMANDS: ReadonlySet<string> = new Set([
  'install',
  'manifest install',
  'manifest generate',
  'upgrade',
  'uninstall',
]);

/** Whether a command of istioctl reads an IstioOperator. */
export function readsIstioOperator(path: readonly string[]): boolean {
  return COMMANDS.has(path.join(' '));
}

/** Refuses an IstioOperator that makes istioctl read charts from a folder of the server. `complain` makes the error. */
export function checkIstioOperator(text: string, complain: (problem: string) => AppError): void {
  const open = [readPlainYaml(text, { maxLexemes: MAX_LEXEMES, complain })];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, value] of Object.entries(next)) {
      if (key.toLowerCase() === 'installpackagepath') throw complain('has installPackagePath, a folder of the server');
      open.push(value);
    }
  }
}
