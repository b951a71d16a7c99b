import type { SecretFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import type { Dict } from './read.ts';
import { dict, text } from './read.ts';

const PLAIN: SecretFacts = Object.freeze({ helm: undefined });

/** Only metadata is ever asked for: no value of a Secret reaches this process through the graph. */
export const secret = defineKind<SecretFacts>({
  kind: 'Secret',
  depth: 'metadata',
  fields: [],
  project(object, intern) {
    const labels = dict(dict(object.metadata)['labels']);
    const helm = helmOf(labels);
    return helm === undefined ? PLAIN : intern.shared({ helm });
  },
  health: () => 'ok',
});

/** Helm labels the Secrets that keep its releases `owner=helm,name,version,status`. */
function helmOf(labels: Dict): SecretFacts['helm'] {
  if (labels['owner'] !== 'helm' || text(labels['name']) === '') return undefined;
  const revision = Number(text(labels['version']));
  return {
    release: text(labels['name']),
    revision: Number.isInteger(revision) ? revision : 0,
    status: text(labels['status']),
  };
}
