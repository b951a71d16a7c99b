import { encode } from 'gpt-tokenizer/encoding/o200k_base';

export interface ListedTool {
  name: string;
  description?: string;
  inputSchema: unknown;
}

/** What a model pays for a tool: its name, description and input schema, in o200k tokens (field.md §4). */
export function toolTokens(tools: readonly ListedTool[]): number {
  return tools.reduce((sum, { name, description, inputSchema }) => {
    return sum + textTokens(JSON.stringify({ name, description, input_schema: inputSchema }));
  }, 0);
}

export function textTokens(text: string): number {
  return encode(text).length;
}
