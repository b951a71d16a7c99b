import type { RE2JS } from 're2js';
import { AppError } from '../kernel/errors.ts';
import { linesOf, matchesForbidden, matchesSafe, type RulePrefix } from './security-rules-match.ts';
import type { CliTool, ParsedCommand } from './types.ts';

export interface RegexRule {
  pattern: RE2JS;
  description: string | undefined;
  errorMessage: string | undefined;
}

/** One tool's further rules, by the operator. */
export interface ToolRules {
  /** Refused. */
  dangerous: readonly RulePrefix[];
  /** Not refused by `dangerous`. Opens nothing that anything else closes. */
  safe: readonly RulePrefix[];
  /** Refused where it matches, whatever is safe. */
  regex: readonly RegexRule[];
  /** Flags that have a letter: `namespace` is `n`. */
  letters: ReadonlyMap<string, string>;
}

export type SecurityRules = ReadonlyMap<CliTool, ToolRules>;

const REMEDY = 'Use another command, or have the operator change the rules (K8S_MCP_SECURITY_CONFIG).';

/** What the operator's rules say against a command; undefined: nothing. They are asked besides everything else, and only narrow. */
export function checkRules(rules: SecurityRules, command: ParsedCommand): AppError | undefined {
  const own = rules.get(command.tool);
  if (own === undefined) return undefined;
  const shown = [command.tool, ...command.path].join(' ');
  const forbidden = own.dangerous.find((rule) => matchesForbidden(rule, command));
  if (forbidden !== undefined && !own.safe.some((rule) => matchesSafe(rule, command))) {
    return refused(`\`${shown}\` is not run here: the operator's rule "${forbidden.text}" is against it.`);
  }
  if (own.regex.length === 0) return undefined;
  const lines = linesOf(command, own.letters);
  const hit = own.regex.find(({ pattern }) => lines.some((line) => pattern.matcher(line).find()));
  if (hit === undefined) return undefined;
  const why = hit.errorMessage ?? hit.description ?? 'a pattern of the operator is against it.';
  return refused(`\`${shown}\` is not run here: ${why}`);
}

function refused(message: string): AppError {
  return new AppError('command_refused', message, { remedy: REMEDY });
}
