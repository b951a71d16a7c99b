import { AppError } from '../../kernel/errors.ts';
import type { KubeTable, TableColumn } from '../../kube/types.ts';
import { type CompiledPath, compilePath } from './jsonpath.ts';

export interface PathColumn {
  heading: string;
  /** The path as the caller wrote it. */
  source: string;
  path: CompiledPath;
}

/** What a caller wants as columns: those of the server's own table, by name or all with `wide`, or paths into the object. */
export type Columns =
  | { type: 'server'; names: readonly string[] | 'default' | 'wide' }
  | { type: 'paths'; columns: readonly PathColumn[] };

const MAX_COLUMNS = 30;
const HEADED = /^\s*([A-Za-z][A-Za-z0-9 _-]{0,59}):(?=\s*[.[{$A-Za-z])(.*)$/s;
const WORD = /^[A-Za-z][A-Za-z0-9 _-]*$/;

/** Parses `NAME:.metadata.name,.spec.nodeName`, `STATUS,NODE` (names of the server's columns) or `wide`. */
export function parseColumns(text: string | undefined): Columns {
  const parts =
    text === undefined
      ? []
      : splitList(text)
          .map((part) => part.trim())
          .filter((part) => part !== '');
  if (parts.length === 0) return { type: 'server', names: 'default' };
  if (parts.length > MAX_COLUMNS) {
    throw new AppError('invalid_argument', `columns: ${parts.length} columns; at most ${MAX_COLUMNS} are shown.`);
  }
  if (parts.every((part) => WORD.test(part))) {
    const wide = parts.length === 1 && parts[0]?.toLowerCase() === 'wide';
    return { type: 'server', names: wide ? 'wide' : parts };
  }
  return { type: 'paths', columns: parts.map(pathColumn) };
}

function pathColumn(part: string): PathColumn {
  const [, heading, source] = HEADED.exec(part) ?? [];
  const path = compilePath('columns', source ?? part);
  return { heading: heading ?? path.heading, source: (source ?? part).trim(), path };
}

/** Splits at commas outside of quotes and brackets. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quote !== '') {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if ('[({'.includes(char)) depth++;
    else if ('])}'.includes(char)) depth--;
    else if (char === ',' && depth <= 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** The indexes of the server's columns to show; throws with the names there are. */
export function pickColumns(columns: readonly TableColumn[], names: readonly string[] | 'default' | 'wide'): number[] {
  const all = columns.map((_, i) => i);
  if (names === 'wide') return all;
  if (names === 'default') return all.filter((i) => columns[i]?.priority === 0);
  return names.map((name) => {
    const at = columns.findIndex((column) => sameName(column.name, name));
    if (at >= 0) return at;
    throw new AppError('invalid_argument', `columns: the server's table has no column "${name}".`, {
      candidates: columns.map((column) => column.name),
      remedy: 'Use one of these names, or a path such as NAME:.metadata.name.',
    });
  });
}

const plain = (name: string) => name.toLowerCase().replace(/[ _-]/g, '');
const sameName = (a: string, b: string) => plain(a) === plain(b);

/** The cells of one row of the server's table. */
export function tableCells(row: KubeTable['rows'][number], picked: readonly number[]): unknown[] {
  return picked.map((i) => row.cells[i]);
}
