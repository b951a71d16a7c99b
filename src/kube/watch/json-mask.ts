/** Which members of JSON objects are read, told by the bytes of their names. What is not read is not even parsed. */
import { type FieldMask, fieldMask } from './field-mask.ts';

/** What is read below a name: everything, nothing, or what a mask says. */
export type Below = 'all' | 'none' | JsonMask;

export interface JsonMask {
  readonly members: readonly { readonly name: Uint8Array; readonly below: Below }[];
  readonly others: 'all' | 'none';
}

const BACKSLASH = 0x5c;
/** Who wrote what, a third of most objects: nobody here asks. */
const METADATA = maskOf(new Map([['managedFields', 'none' as const]]), 'all');

const masks = new WeakMap<readonly string[], JsonMask>();

/** An object: its `fields` (paths as WatchTarget has them), and metadata. By the list of fields itself: a target's is one list for all its pages. */
export function jsonMask(fields: readonly string[]): JsonMask {
  const known = masks.get(fields);
  if (known !== undefined) return known;
  const { members } = compiled(fieldMask(fields));
  const mask: JsonMask = { members: [{ name: Buffer.from('metadata'), below: METADATA }, ...members], others: 'none' };
  masks.set(fields, mask);
  return mask;
}

/** Of the member whose name is these bytes. */
export function belowOf(mask: JsonMask, bytes: Uint8Array, from: number, to: number): Below {
  const length = to - from;
  for (const { name, below } of mask.members) {
    if (name.length !== length) continue;
    let index = 0;
    while (index < length && name[index] === bytes[from + index]) index++;
    if (index === length) return below;
  }
  // A name may be spelled in other ways: what cannot be told by its bytes is read.
  if (mask.others === 'none') for (let at = from; at < to; at++) if (bytes[at] === BACKSLASH) return 'all';
  return mask.others;
}

function compiled(mask: ReadonlyMap<string, FieldMask>): JsonMask {
  return maskOf(new Map([...mask].map(([name, below]) => [name, below === 'all' ? below : compiled(below)])), 'none');
}

function maskOf(members: ReadonlyMap<string, Below>, others: 'all' | 'none'): JsonMask {
  return { members: [...members].map(([name, below]) => ({ name: Buffer.from(name), below })), others };
}
