import { type AppError, describeError, ERRORS, toAppError } from '../../kernel/errors.ts';
import type { JsonObject, Principal } from '../../kernel/vocabulary.ts';
import type { CallOutcome, CallRequest, PendingPlan } from '../../operations/gateway.ts';
import { mergeInput, type ParsedCall, parseCall } from './arguments.ts';
import { renderTool } from './tools.ts';
import type { CliIo, CliPorts } from './types.ts';

/** The same as the default body limit over HTTP. */
const MAX_INPUT = 4 * 1024 * 1024;

/** What was carried out did not succeed: a command's own exit code stands in the answer. */
const FAILED_EXIT = 1;

/** Whoever runs the command: authenticated by the machine itself. */
const PRINCIPAL: Principal = { id: 'shell', transport: 'shell', authenticated: true };

/** `k8s-mcp call <tool> ...`. Returns the exit code: 0, or the one of the error table. */
export async function runCall(argv: readonly string[], ports: CliPorts): Promise<number> {
  const { gateway, io } = ports;
  const hidden = argv[0];
  if (hidden !== undefined && !hidden.startsWith('-') && !gateway.tools().some((tool) => tool.name === hidden)) {
    return refused(hidden, ports);
  }
  let call: ParsedCall;
  let input: JsonObject;
  try {
    call = parseCall(argv, gateway.tools());
    if (call.help) {
      await io.out.write(renderTool(call.tool));
      return 0;
    }
    input = mergeInput(call, call.json === '-' ? await io.readInput(MAX_INPUT) : call.json);
  } catch (thrown) {
    const error = toAppError(thrown);
    await io.err.write(`${describeError(error)}\n`);
    return ERRORS[error.code].exit;
  }
  const outcome = await callAndConfirm(call, input, ports);
  if (outcome.ok) {
    await io.out.write(
      call.output === 'json' ? `${JSON.stringify(outcome.output ?? null, null, 2)}\n` : ended(outcome.text),
    );
    return outcome.failed === true ? FAILED_EXIT : 0;
  }
  await io.err.write(call.output === 'json' ? errorJson(outcome.error, outcome.plan) : ended(outcome.text));
  if (outcome.plan !== undefined && call.output === 'text') await io.err.write(howToConfirm(io));
  return ERRORS[outcome.error.code].exit;
}

/** A tool that is not shown: why not is the gateway's to say (a closed gate, or no such tool), as on every other surface. */
async function refused(tool: string, { gateway, io, signal }: CliPorts): Promise<number> {
  const outcome = await gateway.call({ tool, arguments: {}, principal: PRINCIPAL, signal });
  await io.err.write(ended(outcome.text));
  return outcome.ok ? 0 : ERRORS[outcome.error.code].exit;
}

/** A plan is shown to the person and, after a yes, carried out with its token. `--yes` says it beforehand. */
async function callAndConfirm(call: ParsedCall, input: JsonObject, ports: CliPorts): Promise<CallOutcome> {
  const { gateway, io, signal } = ports;
  const request: CallRequest = {
    tool: call.tool.name,
    arguments: input,
    principal: PRINCIPAL,
    signal,
    ...(call.output === 'text' ? { textOnly: true as const } : {}),
    ...(io.interactive ? { progress: (message: string) => void io.err.write(`${message}\n`) } : {}),
  };
  const askable = io.interactive && call.json !== '-' && !call.yes;
  const outcome = await gateway.call(askable ? { ...request, human: 'can-ask' } : request);
  if (outcome.ok || outcome.plan === undefined) return outcome;
  const confirmed: CallRequest = { ...request, arguments: { ...input, confirm: outcome.plan.token } };
  if (call.yes) return gateway.call(confirmed);
  if (!askable) return outcome;
  await io.err.write(planText(outcome.plan));
  const answer = await io.ask('Carry this out? [y/N] ', signal);
  const yes = /^y(es)?$/i.test(answer.trim());
  return gateway.call({ ...confirmed, human: yes ? 'accepted' : 'declined' });
}

function planText(plan: PendingPlan): string {
  return [plan.title, ...plan.effects.map((effect) => `  - ${effect}`), ''].join('\n');
}

/** The plan itself stands in the outcome's text already. */
function howToConfirm(io: CliIo): string {
  return `In this shell: run it ${io.interactive ? 'without --json -' : 'in a terminal'} to be asked, or add --yes.\n`;
}

function errorJson(error: AppError, plan: PendingPlan | undefined): string {
  const body = { code: error.code, message: error.message, ...error.detail, ...(plan === undefined ? {} : { plan }) };
  return `${JSON.stringify(body, null, 2)}\n`;
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
