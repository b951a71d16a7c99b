import type { Gate } from '../kernel/vocabulary.ts';

/** What of a tool decides whether and how it is shown. */
interface ToolFacts {
  name: string;
  toolset: string;
  gate?: Gate;
  effect: 'read' | 'write' | 'destructive';
  effectFollowsGates?: true;
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
}

export interface Visibility {
  gates: Readonly<Record<Gate, boolean>>;
  /** Enabled toolsets. */
  toolsets: readonly string[];
  /** Commands may write without the gates. */
  permissive: boolean;
}

/**
 * The one filter of the manifest: the fast start, tools/list and the call all ask it. The tool as it is shown, or nothing.
 * Imports types only, for the fast start.
 */
export function shownTool<T extends ToolFacts>(tool: T, { gates, toolsets, permissive }: Visibility): T[] {
  if (!toolsets.includes(tool.toolset) || (tool.gate !== undefined && !gates[tool.gate])) return [];
  if (tool.effectFollowsGates !== true || permissive || hasWriteGate(gates)) return [tool];
  const annotations = { ...tool.annotations, readOnlyHint: true, destructiveHint: false };
  // Two fields are replaced by other values of their own types.
  return [{ ...tool, effect: 'read', annotations } as T];
}

function hasWriteGate({ list: _reads, ...writes }: Visibility['gates']): boolean {
  return Object.values(writes).some(Boolean);
}
