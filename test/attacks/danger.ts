/**
 * Commands that are accepted and dangerous by nature: their files, templates and filters would read, run or ask something. `{{file}}`
 * is a file of the server, `{{up}}` the way to it from any folder, `{{dir}}` its folder, `{{port}}` a listener on loopback, `{{namespace}}` a namespace with the Secret
 * `db`. What they print may hold nothing of these.
 */
import type { CommandTool } from '../support/command-product.ts';

export interface Danger {
  readonly tool: CommandTool;
  readonly name: string;
  readonly command: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** How it ends: its exit code, or the code of its refusal. */
  readonly ends: number | string;
  /** In what it prints or in why it is refused. */
  readonly says?: string;
}
