/** How large a generated world is. */
export interface ScaleOptions {
  nodes: number;
  pods: number;
  /** Their EndpointSlices come on top. */
  services: number;
  /** Everything else; what the pods and services need exists in any case. */
  others: number;
  /** Writes a second, of all kinds together. */
  churnPerSecond: number;
  seed: number;
}
