import { defineCommandTool } from '../../operations/commands/define-command.ts';

export const operation = defineCommandTool({
  name: 'helm',
  title: 'Execute helm commands',
  description: 'Run helm. Charts come by files.',
  example: 'list -A',
});
