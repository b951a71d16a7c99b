/** kubectl's annotation of client-side apply, which the server minds when the manager is `kubectl`. */
import type { KubeObject } from '../types.ts';
import { compareObjects } from './compare-objects.ts';
import { difference, type FieldSet } from './field-set.ts';
import { fieldsOf } from './fields-of-object.ts';
import { goJson } from './go-text.ts';
import { copyJson, isObject } from './json.ts';
import { ShapeError } from './list-items.ts';
import { tracked } from './managed-fields.ts';
import type { Shape } from './shape.ts';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** Longer annotations are refused by validation; nothing to read then. */
const LONGEST = 256 * 1024;

/** Fields that client-side apply last set and that still have those values: `kubectl` may take them without force. */
export function lastAppliedFields(live: KubeObject, apiVersion: string, shape: Shape): FieldSet | undefined {
  const applied = parsed(live.metadata.annotations?.[ANNOTATION]);
  if (!isObject(applied) || applied.apiVersion !== apiVersion) return undefined;
  try {
    const { added, modified, removed } = compareObjects(applied, tracked(live), shape, false);
    return [added, modified, removed].reduce(difference, fieldsOf(applied, shape));
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

function parsed(text: string | undefined): unknown {
  if (text === undefined || text.length > LONGEST) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps an annotation that is there in step with what `kubectl` applied on the server. Changes `object`. */
export function updateLastApplied(object: KubeObject, applied: KubeObject): void {
  const { annotations } = object.metadata;
  if (annotations === undefined || (annotations[ANNOTATION] ?? '') === '') return;
  const copy = copyJson(applied);
  delete copy.metadata.annotations?.[ANNOTATION];
  object.metadata.annotations = { ...annotations, [ANNOTATION]: `${goJson(copy)}\n` };
}
