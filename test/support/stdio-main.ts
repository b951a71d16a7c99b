/** A server over stdio on the scripted gateway, for tests that spawn one. */
import { runStdio } from '../../src/surfaces/mcp/stdio.ts';
import { createScriptedGateway } from './scripted-gateway.ts';

const gateway = createScriptedGateway();
await runStdio({
  info: { name: 'k8s-mcp', title: 'k8s-mcp', version: '1' },
  listToolsTtlMs: 0,
  tools: gateway.tools(),
  principal: { id: 'local', transport: 'stdio', authenticated: true },
  loadGateway: async () => gateway,
  input: process.stdin,
  output: process.stdout,
});
