import type { CommandResponse } from '../../exec/types.ts';

/** A command's answer for a model: what it printed, and what else there is to know, each only where it says something. */
export function renderCommand(response: CommandResponse): string {
  const { success, output, error, exit_code: code, truncated, changed, reason, hint } = response;
  const notes = [
    ...(truncated === true ? ['output was cut: add a filter (| grep, | head, | jq), -o name, or a selector'] : []),
    ...(changed ?? []),
  ];
  return [
    ...(success ? [] : [`exit code ${code}`]),
    ...(output === '' ? [] : [withoutLastBreak(output)]),
    ...(error === null || error === ''
      ? []
      : [success ? `stderr:\n${withoutLastBreak(error)}` : withoutLastBreak(error)]),
    ...(success && output === '' && (error === null || error === '') ? ['(no output)'] : []),
    ...(reason === undefined ? [] : [`Reason: ${reason}`]),
    ...(hint === undefined ? [] : [`Next: ${hint}`]),
    ...(notes.length === 0 ? [] : [`[${notes.join('; ')}]`]),
  ].join('\n');
}

function withoutLastBreak(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}
