import { decodeUtf8 } from '../redaction/fingerprint.ts';
import { unreadable } from './answer.ts';
import { isFields } from './fields.ts';
import { isPlainKind } from './plain-names.ts';

/** Whether a path is one of discovery, from whose documents tools take the names of kinds, groups and versions. */
export function namesKinds(path: string): boolean {
  return /^\/apis?(?:\/|$)/.test(path);
}

/**
 * A discovery document as it may pass: the same bytes where they say nothing but what was looked at. Throws `cluster_bad_answer` for
 * one whose names would lead elsewhere as parts of a path.
 */
export function transitDiscovery(bytes: Uint8Array): Uint8Array {
  const text = decodeUtf8(bytes);
  const document = text === undefined ? undefined : parsed(text);
  if (text === undefined || !isFields(document)) throw unreadable('to a question of discovery is no JSON object');
  if (!namesPlainly(document)) throw unreadable('names a kind, group or version as no API server does');
  const plain = JSON.stringify(document);
  // A key that is there twice is read in one way by us, and in another by Go.
  return plain === text.trimEnd() ? bytes : Buffer.from(`${plain}\n`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Fields of discovery whose values name something. */
const NAMING: ReadonlySet<string> = new Set([
  'group',
  'groupVersion',
  'name',
  'resource',
  'singularName',
  'singularResource',
  'version',
]);

/** Kinds are words, and no name or version leads up in a path. */
function namesPlainly(document: unknown): boolean {
  const open: unknown[] = [document];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) for (const item of next) open.push(item);
    else if (isFields(next)) {
      for (const [key, value] of Object.entries(next)) {
        if (typeof value !== 'string') open.push(value);
        else if (key === 'kind' && !isPlainKind(value)) return false;
        // `pods/log`, `apps/v1`: each part counts.
        else if (NAMING.has(key) && value.split('/').some((part) => part === '.' || part === '..')) return false;
      }
    }
  }
  return true;
}
