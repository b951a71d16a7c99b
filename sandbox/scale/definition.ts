/** The custom kind of generated worlds. */
import type { KubeObject } from '../types.ts';
import { CUSTOM_GROUP } from './objects/policies.ts';

const text = { type: 'string' };

export const customDefinition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `ownerships.${CUSTOM_GROUP}` },
  spec: {
    group: CUSTOM_GROUP,
    scope: 'Namespaced',
    names: {
      plural: 'ownerships',
      singular: 'ownership',
      kind: 'Ownership',
      listKind: 'OwnershipList',
      shortNames: ['own'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Team', type: 'string', jsonPath: '.spec.team' },
          { name: 'Workload', type: 'string', jsonPath: '.spec.workloadRef.name' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['team'],
                properties: {
                  team: text,
                  tier: { type: 'integer' },
                  workloadRef: { type: 'object', properties: { apiVersion: text, kind: text, name: text } },
                },
              },
              status: {
                type: 'object',
                properties: {
                  observedGeneration: { type: 'integer' },
                  conditions: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: { type: text, status: text, reason: text, message: text, lastTransitionTime: text },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};
