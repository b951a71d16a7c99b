import { defineCommandTool } from '../../operations/commands/define-command.ts';

export const operation = defineCommandTool({
  name: 'kubectl',
  title: 'Execute kubectl commands',
  description: 'Run kubectl without a shell. Interactive commands and server files are refused.',
  example: 'get pods -A -o wide',
});
