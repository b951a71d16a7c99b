import type { Gate } from '../kernel/vocabulary.ts';

/** What of a tool decides whether it is shown. */
export interface ToolFacts {
  name: string;
  toolset: string;
  gate?: Gate;
}

export interface Visibility {
  gates: Readonly<Record<Gate, boolean>>;
  /** Enabled toolsets. */
  toolsets: readonly string[];
}

/** The one filter of the manifest: the fast start, tools/list and the call all ask it. Imports types only, for the fast start. */
export function toolVisible(tool: ToolFacts, { gates, toolsets }: Visibility): boolean {
  return toolsets.includes(tool.toolset) && (tool.gate === undefined || gates[tool.gate]);
}
