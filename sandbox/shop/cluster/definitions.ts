/** The kinds that this cluster has of its own: a Promotion of the shop, and a Certificate for its ingresses. */
import type { KubeObject } from '../../types.ts';
import { object } from '../build/meta.ts';

interface Definition {
  group: string;
  kind: string;
  plural: string;
  short: string;
  spec: Record<string, unknown>;
  required: readonly string[];
  status: Record<string, unknown>;
  columns: readonly Record<string, unknown>[];
}

const string = { type: 'string' };
const time = { type: 'string', format: 'date-time' };

function definition({ group, kind, plural, short, spec, required, status, columns }: Definition): KubeObject {
  const openAPIV3Schema = {
    type: 'object',
    properties: {
      apiVersion: string,
      kind: string,
      metadata: { type: 'object' },
      spec: { type: 'object', required, properties: spec },
      status: { type: 'object', properties: status },
    },
    required: ['spec'],
  };
  const meta = { name: `${plural}.${group}`, namespace: '' };
  return object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', meta, {
    spec: {
      group,
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        shortNames: [short],
        categories: ['shop'],
      },
      scope: 'Namespaced',
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema }, additionalPrinterColumns: columns },
      ],
    },
  });
}

const AGE = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
const condition = {
  type: 'object',
  required: ['type', 'status'],
  properties: { type: string, status: string, reason: string, message: string, lastTransitionTime: time },
};

export const DEFINITIONS: readonly KubeObject[] = [
  definition({
    group: 'shop.k8s-mcp.dev',
    kind: 'Promotion',
    plural: 'promotions',
    short: 'promo',
    required: ['percentOff', 'categories'],
    spec: {
      percentOff: { type: 'integer', minimum: 1, maximum: 90 },
      categories: { type: 'array', minItems: 1, items: string },
      from: time,
      until: time,
      code: { type: 'string', pattern: '^[A-Z0-9]{4,16}$' },
      combinable: { type: 'boolean', default: false },
    },
    status: { phase: { type: 'string', enum: ['Planned', 'Running', 'Over'] }, redemptions: { type: 'integer' } },
    columns: [
      { name: 'Off', type: 'integer', jsonPath: '.spec.percentOff' },
      { name: 'Code', type: 'string', jsonPath: '.spec.code' },
      { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
      AGE,
    ],
  }),
  definition({
    group: 'certs.k8s-mcp.dev',
    kind: 'Certificate',
    plural: 'certificates',
    short: 'crt',
    required: ['secretName', 'dnsNames'],
    spec: {
      secretName: string,
      dnsNames: { type: 'array', items: string },
      issuer: string,
      renewBeforeDays: { type: 'integer', minimum: 1, default: 30 },
    },
    status: { notAfter: time, conditions: { type: 'array', items: condition } },
    columns: [
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: 'Secret', type: 'string', jsonPath: '.spec.secretName' },
      AGE,
    ],
  }),
];
