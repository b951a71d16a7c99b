/**
 * Values as the real server's messages show them: in its internal types, under their Go names, with everything there. The shapes
 * are data (`data/go-internals.json`, made by `data/go-internals.go`).
 */
import internals from './data/go-internals.json' with { type: 'json' };
import { type Fields, fieldsOf, has } from './fields.ts';

const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = internals;

/** Fields that stand elsewhere in the internal types than in v1. */
function rearranged(type: string, value: Fields): Fields {
  if (type === 'core.PodSpec') {
    const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = value;
    const context = {
      hostNetwork,
      hostPID,
      hostIPC,
      shareProcessNamespace,
      hostUsers,
      ...fieldsOf(value['securityContext']),
    };
    return { ...value, securityContext: context };
  }
  if (type === 'core.PodTemplateSpec' || type === 'core.PersistentVolumeClaimTemplate') {
    return { ...fieldsOf(value['metadata']), spec: value['spec'] };
  }
  return value;
}

function zero(code: string): unknown {
  if (code === 'S') return '';
  if (code === 'i' || code === 'f' || code === 'I') return 0;
  if (code === 'b') return false;
  if (code === 'Q') return '0';
  return code.startsWith('@') ? struct(code.slice(1), {}) : null;
}

function struct(type: string, value: Fields): Fields {
  const given = rearranged(type, value);
  const byLowerCase = new Map(Object.keys(given).map((name) => [name.toLowerCase(), given[name]]));
  const result: Fields = {};
  for (const [name, text] of Object.entries(shapes[type] ?? {})) {
    const optional = text.endsWith('?') || text.endsWith('~');
    const code = optional ? text.slice(0, -1) : text;
    const field = byLowerCase.get(name.toLowerCase());
    if (field === undefined || field === null) {
      if (!optional || code.startsWith('@')) result[name] = zero(code);
    } else result[name] = shown(code, field);
  }
  return result;
}

const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function shown(code: string, value: unknown): unknown {
  const rest = code.slice(1);
  if (code.startsWith('*')) return shown(rest, value);
  if (code.startsWith('@')) return struct(rest, fieldsOf(value));
  if (code.startsWith('[')) {
    if (isEmpty(value)) return null;
    return Array.isArray(value) ? value.map((item) => shown(rest, item)) : value;
  }
  if (code.startsWith('{')) {
    if (isEmpty(value)) return null;
    const entries = Object.entries(fieldsOf(value)).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, item]) => [key, shown(rest, item)]));
  }
  return value;
}

/** `type` is a name of the data: `core.PodSpec`; `value` is the v1 form. */
export function internalForm(type: string, value: unknown): Fields {
  return struct(type, fieldsOf(value));
}

/** The internal form of an optional struct: null when it is not there. */
export function internalField(type: string, holder: Fields, field: string): Fields | null {
  return has(holder, field) ? internalForm(type, holder[field]) : null;
}
