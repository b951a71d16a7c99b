import { defineCommandTool } from '../../operations/commands/define-command.ts';

export const operation = defineCommandTool({
  name: 'istioctl',
  title: 'Execute istioctl commands',
  description: 'Run istioctl. Mesh-wide installs are refused.',
  example: 'analyze -n shop',
});
