/** What a client sees of the server before any call. Types and plain data only: the fast start imports this. */
import type { JsonObject } from '../../kernel/vocabulary.ts';
import type { ManifestTool } from '../../operations/gateway.ts';

export interface ServerFace {
  info: { name: string; title: string; version: string };
  /** Shown to models by most hosts; counts against their context. */
  instructions?: string;
  /** How long a 2026-07-28 client may keep the tool list, ms. */
  listToolsTtlMs: number;
}

/** A tool on the wire: these fields and no others, because every one costs the model tokens. */
export interface ListedTool {
  name: string;
  title: string;
  description: string;
  inputSchema: JsonObject & { type: 'object' };
  annotations: ManifestTool['annotations'];
}

export const SERVER_CAPABILITIES = { tools: { listChanged: true } };

export function listedTool(tool: ManifestTool): ListedTool {
  const { name, title, description, inputSchema, annotations } = tool;
  return { name, title, description, inputSchema: { ...inputSchema, type: 'object' }, annotations };
}
