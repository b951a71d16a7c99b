/** Tables (meta.k8s.io/v1): how the API server prints each kind for kubectl. */

import type { KubeObject, ResourceInfo } from '../types.ts';
import { AUTOSCALERS, SCALES } from './autoscalers.ts';
import { CLUSTER } from './cluster.ts';
import { type Column, type Now, type Printer, printer } from './column.ts';
import { customCells, customColumns, customDescription } from './custom.ts';
import { NETWORK } from './network.ts';
import { PODS } from './pods.ts';
import { STORAGE } from './storage.ts';
import { WORKLOADS } from './workloads.ts';

export interface TableColumn {
  name: string;
  type: string;
  format: string;
  description: string;
  priority: number;
}

/** How one resource prints; good for one request. */
export interface TablePrinter {
  columns: readonly TableColumn[];
  row(object: KubeObject): { cells: readonly unknown[]; conditions?: readonly unknown[] };
}

/** Kinds without a printer: the server shows when they were made. */
const CREATED = printer(['Name', 'Created At:date'], ({ metadata }) => [
  metadata.name,
  metadata.creationTimestamp ?? null,
]);

const PRINTERS: Readonly<Record<string, Printer>> = {
  pods: PODS,
  ...WORKLOADS,
  'horizontalpodautoscalers.autoscaling': AUTOSCALERS,
  // What the scale of something built in prints as.
  'scales.autoscaling': SCALES,
  ...NETWORK,
  ...STORAGE,
  ...CLUSTER,
};

/** Ours: the real ones quote each field's documentation. */
const NAME_DESCRIPTION = 'Unique within its namespace; the name of the object.';

/** Columns that have a format of their own. */
const described = (column: Column): TableColumn => ({
  ...column,
  description: column.name === 'Name' ? NAME_DESCRIPTION : '',
});

export function createTables(now: Now): (resource: ResourceInfo, version: string) => TablePrinter {
  return (resource, version) => {
    if (resource.origin === 'custom') return customPrinter(resource, version, now);
    const { columns, cells, conditions } = PRINTERS[resource.id] ?? CREATED;
    return {
      columns: columns.map(described),
      row(object) {
        const told = conditions?.(object);
        return { cells: cells(object, now), ...(told === undefined ? {} : { conditions: told }) };
      },
    };
  };
}

function customPrinter({ versions }: ResourceInfo, version: string, now: Now): TablePrinter {
  const columns = customColumns(versions.find((one) => one.version === version)?.printerColumns);
  return {
    columns: [
      { name: 'Name', type: 'string', format: 'name', description: NAME_DESCRIPTION, priority: 0 },
      ...columns.map(({ column }) => ({
        name: column.name,
        type: column.type,
        format: column.format ?? '',
        description: customDescription(column),
        priority: column.priority ?? 0,
      })),
    ],
    row: (object) => ({ cells: customCells(object, columns, now) }),
  };
}
