/** References of custom kinds that nobody wrote down by hand: found in the schemas of their definitions. */
import type { KindKey } from '../../types.ts';

/** A field of a custom kind that names something, or selects it. */
export type SchemaRule = {
  /** As fieldPath reads it: `spec.storage.secrets[].secretRef`. */
  at: string;
} & (
  | { type: 'name'; kind: KindKey }
  /** A record with `key` for an object of `kind`; one that says another kind is not meant. */
  | { type: 'record'; key: 'name' | 'claimName' | 'secretName'; kind: KindKey }
  /** A record that says itself what it names. */
  | { type: 'typed' }
  | { type: 'selector' }
);

/** What a definition says of its kind, as far as the graph asks. */
export interface SchemaFacts {
  kind: KindKey;
  namespaced: boolean;
  rules: readonly SchemaRule[];
  /** It has conditions or a phase: what its health is read from. */
  status: boolean;
}
