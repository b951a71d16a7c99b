import { createHash } from 'node:crypto';
import type { CommandResponse, ParsedCommand } from '../../exec/types.ts';
import type { CallContext, Plan } from '../types.ts';

/** Lines of a dry run that a plan shows. */
const SHOWN_LINES = 20;

/**
 * What a destructive command would do, from the tool's own dry run against the API server where it has one.
 * Undefined for commands that take nothing away. What the dry run says is what the confirmation is bound to.
 */
export async function planOf(ctx: CallContext): Promise<Plan | undefined> {
  const { command } = ctx;
  if (command === undefined || command.parsed.effect !== 'destructive') return undefined;
  const { parsed } = command;
  const title = `${parsed.tool} ${parsed.argv.join(' ')} in context ${ctx.cluster.context}`;
  const rehearsal = dryRunOf(parsed);
  if (rehearsal === undefined)
    return { title, effects: ['this tool has no dry run: what it will do is not known'], basis: 'none' };
  const response = await command.run(rehearsal);
  return { title, effects: effectsOf(response), basis: createHash('sha256').update(response.output).digest('hex') };
}

/** The same command as a dry run on the server, or as the tool's nearest to it. */
function dryRunOf(parsed: ParsedCommand): ParsedCommand | undefined {
  const [first] = parsed.path;
  const flag =
    parsed.tool === 'kubectl'
      ? first === 'delete' || first === 'replace' || first === 'apply' || first === 'drain'
        ? 'server'
        : undefined
      : parsed.tool === 'helm' && first === 'uninstall'
        ? 'true'
        : undefined;
  if (flag === undefined || parsed.flags.some(({ name }) => name === 'raw')) return undefined;
  // The last one counts, and a caller's `--dry-run=none` would make the rehearsal the deed.
  const others = parsed.argv.slice(parsed.path.length).filter((word) => !/^--dry-run(?:=|$)/.test(word));
  const argv = [...parsed.path, `--dry-run=${flag}`, ...others];
  return { ...parsed, argv, filters: [], effect: 'read' };
}

function effectsOf({ success, output, error }: CommandResponse): string[] {
  if (!success) return [`its dry run fails: ${(error ?? '').trim().split('\n')[0] ?? 'without a reason'}`];
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const rest = lines.length - SHOWN_LINES;
  if (lines.length === 0) return ['its dry run changes nothing'];
  return [...lines.slice(0, SHOWN_LINES), ...(rest > 0 ? [`and ${rest} more`] : [])];
}
