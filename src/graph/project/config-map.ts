import { defineKind } from './define-kind.ts';

/** Only metadata is asked for: nothing of its data enters. */
export const configMap = defineKind<Readonly<Record<string, never>>>({
  kind: 'ConfigMap',
  depth: 'metadata',
  fields: [],
  project: () => NOTHING,
  health: () => 'ok',
});

const NOTHING: Readonly<Record<string, never>> = Object.freeze({});
