/** Pieces of cells that several kinds share, in kubectl's own forms. */
import { ageOf } from '../../src/kernel/text/age.ts';
import type { KubeObject } from '../types.ts';
import type { Now } from './column.ts';

export const NONE = '<none>';
export const UNSET = '<unset>';

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

export interface Container {
  name: string;
  image?: string;
  restartPolicy?: string;
}

export const age = ({ metadata }: KubeObject, now: Now) => since(metadata.creationTimestamp, now);

export const since = (time: string | null | undefined, now: Now) => ageOf(time ?? undefined, now());

/** `a=b,c=d` in the order of names. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const names = Object.keys(labels ?? {}).sort();
  return names.length === 0 ? NONE : names.map((name) => `${name}=${labels?.[name]}`).join(',');
}

/** A selector in one line: `app=web,tier in (a,b),!old`. */
export function selectorText(selector: LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }));
  const others = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    const list = `(${[...values].sort().join(',')})`;
    switch (operator) {
      case 'In':
        return { key, text: `${key} in ${list}` };
      case 'NotIn':
        return { key, text: `${key} notin ${list}` };
      case 'Exists':
        return { key, text: key };
      default:
        return { key, text: `!${key}` };
    }
  });
  const all = [...equal, ...others].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return all.length === 0 ? NONE : all.map(({ text }) => text).join(',');
}

export const containerNames = (containers: readonly Container[] = []) => containers.map(({ name }) => name).join(',');
export const containerImages = (containers: readonly Container[] = []) =>
  containers.map(({ image = '' }) => image).join(',');

/** The first three and how many more there are. */
export function firstThree(items: readonly string[], empty: string): string {
  if (items.length === 0) return empty;
  const shown = items.slice(0, 3).join(',');
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown;
}

const SHORT_MODES: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

export function accessModes(modes: readonly string[] = []): string {
  return SHORT_MODES.filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}
