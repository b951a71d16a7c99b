import { defineCommandTool } from '../../operations/commands/define-command.ts';

export const operation = defineCommandTool({
  name: 'argocd',
  title: 'Execute argocd commands',
  description: 'Run argocd on the Applications of the cluster.',
  example: 'app list',
});
