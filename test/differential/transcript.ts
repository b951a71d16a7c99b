/** What was asked and answered on one side, in order. */

export type Entry =
  | {
      readonly kind: 'answer';
      /** The request as the sequence has it, placeholders and all. */
      readonly title: string;
      /** As it was sent. */
      readonly path: string;
      /** Path and body as the sequence has them, but for its own names. */
      readonly sent: string;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
      readonly unordered: readonly string[];
      readonly endedBy?: string;
    }
  | { readonly kind: 'note'; readonly title: string; readonly value: unknown };

export type Transcript = readonly Entry[];
