import type { Gate } from '../kernel/vocabulary.ts';

/** Everything that decides, as plain data. Built once from configuration. */
export interface PolicyRules {
  gates: Readonly<Record<Gate, boolean>>;
  /** undefined: every namespace. */
  allowedNamespaces: ReadonlySet<string> | undefined;
  /** Wins over allowed. */
  forbiddenNamespaces: ReadonlySet<string>;
  /** `resource.group[/subresource]`, core without the dot: `secrets`, `pods/log`, `deployments.apps`. */
  deniedKinds: ReadonlySet<string>;
  /** Globs of usable contexts; undefined: all. */
  contexts: readonly string[] | undefined;
  /** Globs of contexts that write gates apply to; undefined: the default context only. */
  writeContexts: readonly string[] | undefined;
  /** The context that was current when the server started. */
  defaultContext: string | undefined;
  /** Caps items per answer; undefined: no cap. */
  maxResources: number | undefined;
}
