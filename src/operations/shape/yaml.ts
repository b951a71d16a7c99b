import { stringify } from 'yaml';

/** Compact YAML: lists not indented, lines not folded, no anchors for repeated parts. */
export function toYaml(value: unknown): string {
  return stringify(value, { indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });
}
