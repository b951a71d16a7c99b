/** A kind with objects to make of it. */
export interface Sample {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  /** A controller writes to it as soon as it is there, and when it is done. */
  readonly settles?: (object: {
    metadata: { generation?: number };
    spec?: Record<string, unknown>;
    status?: Record<string, unknown>;
  }) => boolean;
  /** What is beside `metadata`; the least that is accepted, and much that can be said. */
  readonly minimal: Readonly<Record<string, unknown>>;
  readonly rich: Readonly<Record<string, unknown>>;
  /** Not made but tried: a controller that the sandbox does not have writes to it, or others would use it. */
  readonly onlyDry?: boolean;
  /** The name that the kind demands in place of the sequence's own. */
  readonly name?: string;
}

type Fields = Readonly<Record<string, unknown>>;
type Settles = Pick<Sample, 'settles' | 'name' | 'onlyDry'>;

export const namespaced = (
  apiVersion: string,
  kind: string,
  resource: string,
  minimal: Fields,
  rich: Fields,
  more: Settles = {},
): Sample => ({
  apiVersion,
  kind,
  resource,
  namespaced: true,
  minimal,
  rich,
  ...more,
});

export const clusterWide = (
  apiVersion: string,
  kind: string,
  resource: string,
  minimal: Fields,
  rich: Fields,
  more: Settles = {},
): Sample => ({
  apiVersion,
  kind,
  resource,
  namespaced: false,
  minimal,
  rich,
  ...more,
});

/** Its controller has seen what is asked. */
export const observed: Settles = {
  settles: ({ metadata, status }) => status?.['observedGeneration'] === metadata.generation,
};
