/** What the official conformance suite asks a server for, on top of the product's own server and transports. */
import { type McpServer, ProtocolError, ProtocolErrorCode, type RequestStateCodec } from '@modelcontextprotocol/server';
import type { ServerExtension } from '../../src/surfaces/mcp/server.ts';
import { contentTools } from './fixtures/content-tools.ts';
import { elicitationTools } from './fixtures/elicitation-tools.ts';
import type { FixtureTool } from './fixtures/fixture-tool.ts';
import { inputRequiredTools } from './fixtures/input-required-tools.ts';
import { attachPrompts, attachResources } from './fixtures/prompts-and-resources.ts';

let codec: RequestStateCodec | undefined;
let toolsChanged = () => {};

const all: FixtureTool[] = [
  ...contentTools(() => toolsChanged()),
  ...elicitationTools,
  ...inputRequiredTools({
    async mint(payload, ctx) {
      if (codec === undefined) throw new Error('No server has been attached yet.');
      return codec.mint(payload, ctx);
    },
  }),
];
const byName = new Map(all.map((fixture) => [fixture.tool.name, fixture]));

export const extend: ServerExtension = {
  tools: all.map(({ tool }) => tool),
  async call({ params }, ctx) {
    const fixture = byName.get(params.name);
    if (fixture === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `No fixture ${params.name}`);
    return fixture.run(ctx, params.arguments ?? {});
  },
  attach(server: McpServer, stateCodec: RequestStateCodec) {
    codec = stateCodec;
    server.server.registerCapabilities({
      logging: {},
      completions: {},
      prompts: { listChanged: false },
      resources: { listChanged: false, subscribe: true },
    });
    attachPrompts(server);
    attachResources(server);
  },
  serving(surface) {
    toolsChanged = () => surface.notifyToolsChanged();
  },
};
