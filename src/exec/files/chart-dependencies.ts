import type { AppError } from '../../kernel/errors.ts';
import { readPlainYaml } from '../../kernel/text/plain-yaml.ts';

/** A chart has some ten dependencies. */
const MAX_LEXEMES = 50_000;

const NAMES_DEPENDENCIES = /(?:^|\/)(?:Chart|requirements)\.ya?ml$/i;

/** Whether a command of helm looks for archives by the names of a chart's dependencies. */
export function globsDependencies(path: readonly string[]): boolean {
  return path.join(' ') === 'dependency list';
}

/**
 * Refuses a chart whose dependencies have paths or patterns for names: `helm dependency list` looks for `charts/<name>-*.tgz` and says
 * what it found, wherever on the server that leads (measured: `../../../tmp/x`).
 */
export function checkChartDependencies(path: string, text: string, complain: (problem: string) => AppError): void {
  if (!NAMES_DEPENDENCIES.test(path)) return;
  const chart = readPlainYaml(text, { maxLexemes: MAX_LEXEMES, complain });
  const names = fieldsOf(chart, 'dependencies')
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .flatMap((dependency: unknown) => fieldsOf(dependency, 'name'));
  if (names.every((name) => typeof name === 'string' && /^[\w.-]*$/.test(name))) return;
  throw complain('has a dependency whose name is a path or a pattern');
}

/** Go takes names of fields in any case, and U+017F for s. */
function fieldsOf(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => (key.toUpperCase().toLowerCase() === name ? [field] : []));
}
