/** How a built-in kind's strategy is put together: canonical form first, then defaults; status belongs to its own subresource. */
import { copyJson } from '../../json-value.ts';
import type { KubeObject } from '../../types.ts';
import type { Strategy } from '../strategy.ts';
import { canonicalise, zeroStruct } from './canonical-form.ts';
import { Findings } from './field-errors.ts';
import type { Fields } from './fields.ts';

interface KindParts {
  defaults?(object: KubeObject): void;
  prepareCreate?(object: KubeObject): void;
  prepareUpdate?(object: KubeObject, old: KubeObject): void;
  validate?(found: Findings, object: KubeObject): void;
  validateUpdate?(found: Findings, object: KubeObject, old: KubeObject): void;
  warnings?(object: KubeObject): string[];
  nameRule?: Strategy['nameRule'];
  /** True for kinds whose generation counts. */
  generation?: boolean;
  createOnUpdate?: boolean;
  gracePeriodSeconds?(object: KubeObject): number;
  defaultPropagation?: 'Orphan' | 'Background';
  /** The status type, whose zero value a new object gets, and which an update keeps; none for kinds without. */
  status?: string;
}

/** `type` names the Go type: `core.Pod`. */
export function kindStrategy(type: string, parts: KindParts = {}): Strategy {
  const { validate, validateUpdate } = parts;
  const strategy: Strategy = {
    defaults(object) {
      canonicalise(type, object);
      parts.defaults?.(object);
    },
    prepareCreate(object) {
      if (parts.status !== undefined) object['status'] = zeroStruct(parts.status);
      parts.prepareCreate?.(object);
    },
    prepareUpdate(object, old) {
      if (parts.status !== undefined) object['status'] = copyJson(old['status']);
      parts.prepareUpdate?.(object, old);
    },
    generation: parts.generation ?? false,
    nameRule: parts.nameRule ?? 'subdomain',
    createOnUpdate: parts.createOnUpdate ?? false,
  };
  if (validate !== undefined) strategy.validate = (object) => collected((found) => validate(found, object));
  if (validateUpdate !== undefined) {
    strategy.validateUpdate = (object, old) => collected((found) => validateUpdate(found, object, old));
  }
  if (parts.warnings !== undefined) strategy.warnings = parts.warnings;
  if (parts.gracePeriodSeconds !== undefined) strategy.gracePeriodSeconds = parts.gracePeriodSeconds;
  if (parts.defaultPropagation !== undefined) strategy.defaultPropagation = parts.defaultPropagation;
  return strategy;
}

function collected(run: (found: Findings) => void) {
  const found = new Findings();
  run(found);
  return found.list;
}

/** The object as plain fields, to reach what its type does not name. */
export const asFields = (object: KubeObject): Fields => object;
