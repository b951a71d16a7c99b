/** What was asked and answered on one side, in order. */

export type Entry =
  | {
      readonly kind: 'answer';
      /** The request as the sequence has it, placeholders and all. */
      readonly title: string;
      /** The request as it was sent. */
      readonly path: string;
      readonly sent: string;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
      readonly unordered: readonly string[];
      readonly endedBy?: string;
    }
  | { readonly kind: 'note'; readonly title: string; readonly value: unknown };

export type Transcript = readonly Entry[];
