import type { KubeObject } from '../../kernel/vocabulary.ts';
import { unifiedDiff } from '../shape/diff.ts';
import { trimObject } from '../shape/trim.ts';
import { toYaml } from '../shape/yaml.ts';

/** What changed between two states of an object, as a unified diff of its YAML; '' when nothing a person wrote did. */
export function objectDiff(before: KubeObject, after: KubeObject): string {
  return unifiedDiff(plain(before), plain(after));
}

/** Without what every write changes. */
function plain(object: KubeObject): string {
  const { resourceVersion: _, generation: __, ...metadata } = object.metadata ?? {};
  return toYaml(trimObject({ ...object, metadata }));
}
