import { fieldShown } from '../../kernel/table-cells.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { isRecord, list, type RawRecord, record, text } from '../raw-json.ts';
import type { ApiResource, KubeTable, TableColumn } from '../types.ts';
import { asList, badAnswer, listFacts } from './answers.ts';
import type { Obligations } from './obligations.ts';

/** A Table with the metadata of each row, or the plain list from servers that know no tables. */
export const TABLE_ACCEPT = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** Reads either answer. Rows that policy hides are left out, and so is every row that does not say whose it is, when some are hidden. */
export function asTable(answer: unknown, resource: ApiResource, obligations: Obligations, now: number): KubeTable {
  const document = record(answer);
  if (document['kind'] !== 'Table') return tableOfList(answer, resource, obligations, now);
  if (!Array.isArray(document['columnDefinitions'])) throw badAnswer(`the table of ${resource.resource}`);
  const { mayShow } = obligations;
  const rows = list(document['rows']).filter(isRecord).map(readRow);
  return {
    columns: document['columnDefinitions'].map(record).map(readColumn),
    rows: mayShow ? rows.filter(mayShow) : rows,
    ...listFacts(document, mayShow !== undefined),
  };
}

function readColumn(definition: RawRecord): TableColumn {
  const priority = definition['priority'];
  const field = fieldShown(text(definition['description']));
  return {
    name: text(definition['name']),
    type: text(definition['type']),
    priority: typeof priority === 'number' ? priority : 0,
    ...(field === undefined ? {} : { field }),
  };
}

function readRow(row: RawRecord): KubeTable['rows'][number] {
  const metadata = record(record(row['object'])['metadata']);
  const namespace = text(metadata['namespace']);
  return { cells: [...list(row['cells'])], name: text(metadata['name']), ...(namespace ? { namespace } : {}) };
}

function tableOfList(answer: unknown, resource: ApiResource, obligations: Obligations, now: number): KubeTable {
  const { items, ...facts } = asList(answer, resource, obligations);
  return {
    columns: [
      { name: 'Name', type: 'string', priority: 0 },
      { name: 'Age', type: 'string', priority: 0 },
    ],
    rows: items.map((item) => plainRow(item, now)),
    ...facts,
  };
}

function plainRow({ metadata = {} }: KubeObject, now: number): KubeTable['rows'][number] {
  const name = text(metadata.name);
  const namespace = text(metadata.namespace);
  const cells = [name, age(Date.parse(text(metadata.creationTimestamp)), now)];
  return { cells, name, ...(namespace ? { namespace } : {}) };
}

/** The age as servers write it in their own tables (apimachinery's duration.HumanDuration, without years): 45s, 5m30s, 3h20m, 5d. */
function age(created: number, now: number): string {
  if (Number.isNaN(created)) return '<unknown>';
  const seconds = Math.max(0, Math.floor((now - created) / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  return days < 8 && hours % 24 !== 0 ? `${days}d${hours % 24}h` : `${days}d`;
}
