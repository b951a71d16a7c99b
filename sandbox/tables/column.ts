/** How a kind prints: its columns in short form, and the cells of a row. */
import type { KubeObject } from '../types.ts';

export interface Column {
  name: string;
  type: 'string' | 'integer' | 'boolean' | 'date' | 'number';
  format: string;
  /** 1: with `-o wide` only. */
  priority: number;
}

/** What an object's age is told against, ms since the epoch. */
export type Now = () => number;

export interface Printer {
  columns: readonly Column[];
  cells(object: KubeObject, now: Now): readonly unknown[];
  conditions?(object: KubeObject): readonly unknown[] | undefined;
}

const TYPES = { int: 'integer', bool: 'boolean', date: 'date' } as const;

/** `Name`, `Replicas:int`, `Node*` (wide only): the first column is the object's name. */
function column(text: string): Column {
  const [, name = '', type, wide] = /^([^:*]+)(?::(int|bool|date))?(\*)?$/.exec(text) ?? [];
  return {
    name,
    type: type === undefined ? 'string' : TYPES[type as keyof typeof TYPES],
    // What names an object; an attacher is one, too.
    format: name === 'Name' || name === 'Attacher' ? 'name' : '',
    priority: wide === undefined ? 0 : 1,
  };
}

/** A printer from its columns in short form. `T` says what of the object the cells look at; the API has checked it. */
export function printer<T extends object>(
  columns: readonly string[],
  cells: (object: KubeObject & T, now: Now) => readonly unknown[],
  conditions?: (object: KubeObject & T) => readonly unknown[] | undefined,
): Printer {
  return {
    columns: columns.map(column),
    cells: (object, now) => cells(object as KubeObject & T, now),
    ...(conditions === undefined ? {} : { conditions: (object) => conditions(object as KubeObject & T) }),
  };
}
