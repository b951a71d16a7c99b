import { z } from 'zod';
import type { CliTool, CommandInput, CommandResponse } from '../../exec/types.ts';
import { defineOperation } from '../define.ts';
import type { Operation } from '../types.ts';
import { auditedCommand } from './audited.ts';
import { planOf } from './plan.ts';
import { renderCommand } from './render.ts';

interface CommandTool {
  name: CliTool;
  title: string;
  description: string;
  /** An everyday command, for the schema. */
  example: string;
}

const OUTPUT = z.looseObject({
  /** Exit code 0. */
  success: z.boolean(),
  output: z.string(),
  error: z.string().nullable(),
  exit_code: z.int(),
  duration_ms: z.number(),
});

/** One CLI tool: all four take the same arguments and differ in what their command lines may be. */
export function defineCommandTool({ name, title, description, example }: CommandTool): Operation {
  return defineOperation({
    name,
    toolset: 'cli',
    title,
    description,
    effect: 'destructive',
    effectFollowsGates: true,
    input: {
      command: z.string().describe(`e.g. ${example}; may end in | grep, head, sort, jq...`),
      namespace: z.string().optional(),
      timeout: z.int().min(1).max(3600).optional().describe('seconds'),
      stdin: z.string().optional().describe('for -f -'),
      files: z
        .record(z.string(), z.string())
        .optional()
        .describe('relative path to text (.tgz: base64), to name in command'),
    },
    output: OUTPUT,
    aliases: { args: 'command', cmd: 'command', timeout_seconds: 'timeout', input: 'stdin' },
    command: (input): CommandInput => ({
      tool: name,
      command: input.command,
      namespace: input.namespace,
      context: input.context,
      stdin: input.stdin,
      files: input.files,
    }),
    // What a command asks of the API server is not known before it asks: its gates are decided on before it starts, each of its requests at the guard.
    resolve: async () => [],
    audited: (input, command) => auditedCommand(input, command),
    plan: (_input, ctx) => planOf(ctx),
    async run(_input, { command }): Promise<CommandResponse & Record<string, unknown>> {
      if (command === undefined) throw new Error(`${name} was called without its command line`);
      return { ...(await command.run()) };
    },
    failed: ({ success }) => !success,
    // The pipeline parsed the output of run: the runner's own type.
    render: (response) => renderCommand(response as CommandResponse),
  });
}
