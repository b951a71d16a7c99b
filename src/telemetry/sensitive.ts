/** Names of fields that never reach a log or an audit line, whatever they hold. A second net: callers redact before. */
const SENSITIVE =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-kubeconfig|kubeconfig|token|auth-?token|id-?token|access-?token|refresh-?token|bearer|password|passwd|secret|client-?secret|client-?key(-?data)?|api-?key|credentials?|confirm|string-?data|install-?key)$/i;

const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
export const WITHHELD = '<withheld>';

export function isSensitiveField(name: string): boolean {
  return SENSITIVE.test(name.replaceAll('_', '-')) || SENSITIVE.test(name.replaceAll(/([a-z])([A-Z])/g, '$1-$2'));
}

/** `value` with sensitive fields withheld and each string passed through `text`; bounded in depth and length. */
export function withoutSensitive(value: unknown, text: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return text(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (depth >= MAX_DEPTH) return '<nested too deep>';
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => withoutSensitive(item, text, depth + 1));
    return value.length > MAX_ITEMS ? [...items, `<${value.length - MAX_ITEMS} more>`] : items;
  }
  const entries = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, isSensitiveField(key) ? WITHHELD : withoutSensitive(item, text, depth + 1)]),
  );
}
