import { AppError } from '../../kernel/errors.ts';
import type { Path, YamlFile } from './yaml-document.ts';

/** One place in a kubeconfig. Fields that nobody asks for are never looked at, so unknown ones are tolerated. */
export interface Place {
  source: YamlFile;
  path: Path;
  value: unknown;
}

export function root(source: YamlFile): Place {
  return { source, path: [], value: source.value };
}

/** The error for what is written at `place`: names file, line and field, never the value. */
export function wrong({ source, path }: Place, problem: string): AppError {
  const name = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
  return new AppError(
    'kubeconfig_invalid',
    `${source.file}, line ${source.lineOf(path)}: ${name === '' ? 'the file' : name} ${problem}.`,
    {
      remedy: 'Correct that field of the kubeconfig.',
    },
  );
}

/** A member of a map; absent for null and for a missing map. */
export function field(parent: Place, name: string): Place {
  const { source, path, value } = parent;
  const here = [...path, name];
  if (value === undefined || value === null) return { source, path: here, value: undefined };
  if (!isRecord(value)) throw wrong(parent, 'must be a map of fields');
  return { source, path: here, value: Object.hasOwn(value, name) ? value[name] : undefined };
}

/** A string; undefined when absent, null or empty. Numbers and booleans are refused as kubectl refuses them. */
export function text(place: Place): string | undefined {
  const { value } = place;
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw wrong(place, 'must be a string; put it in quotes');
  return value;
}

/** Words for booleans in YAML 1.1, which kubectl reads. */
const TRUE = new Set(['y', 'yes', 'on', 'true']);
const FALSE = new Set(['', 'n', 'no', 'off', 'false']);

export function flag(place: Place): boolean {
  const { value } = place;
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : undefined;
  if (word !== undefined && TRUE.has(word)) return true;
  if (word !== undefined && FALSE.has(word)) return false;
  throw wrong(place, 'must be true or false');
}

export function items(place: Place): Place[] {
  const { source, path, value } = place;
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(place, 'must be a list');
  return value.map((item: unknown, index) => ({ source, path: [...path, index], value: item }));
}

export function texts(place: Place): string[] {
  return items(place).map((item) => text(item) ?? '');
}

export function members(place: Place): [string, Place][] {
  const { value } = place;
  if (value === undefined || value === null) return [];
  if (!isRecord(value)) throw wrong(place, 'must be a map');
  return Object.keys(value).map((name) => [name, field(place, name)]);
}

export function textMap(place: Place): Record<string, string> {
  return Object.fromEntries(members(place).map(([name, member]) => [name, text(member) ?? '']));
}

/** Base64 text, decoded as UTF-8; line breaks inside it are allowed. */
export function base64Text(place: Place): string | undefined {
  const encoded = text(place)?.replace(/[\r\n]/g, '');
  if (encoded === undefined || encoded === '') return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || encoded.length % 4 !== 0) throw wrong(place, 'is not valid base64');
  return Buffer.from(encoded, 'base64').toString('utf8');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
