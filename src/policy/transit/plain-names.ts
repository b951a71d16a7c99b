import { isFields } from './fields.ts';

/**
 * Whether an object is called as API servers allow: names and namespaces are single parts of a path, kinds are words. Tools build paths of
 * files from them (kubectl diff), and a caller's cluster may answer anything.
 */
export function hasPlainNames(object: unknown): boolean {
  if (!isFields(object)) return true;
  const { kind, metadata } = object;
  if (typeof kind === 'string' && !isPlainKind(kind)) return false;
  if (!isFields(metadata)) return true;
  return [metadata['name'], metadata['namespace']].every((name) => typeof name !== 'string' || isPathPart(name));
}

/** As IsValidPathSegmentName of apimachinery has it. */
function isPathPart(name: string): boolean {
  return name !== '.' && name !== '..' && !/[/%]/.test(name);
}

/** Words: `Pod`, `APIGroupList`. */
export function isPlainKind(kind: string): boolean {
  return /^[A-Za-z0-9_.-]*$/.test(kind) && !kind.includes('..');
}
