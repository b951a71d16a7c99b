import { readPlainYaml } from '../../kernel/text/plain-yaml.ts';
import { malformedDocument } from './request-problems.ts';

/** A kubeconfig of 256 KiB with inline certificates has about 12,000; at 5 us each the reader is done within 0.1 s. */
const MAX_LEXEMES = 20_000;

/** The values of one YAML or JSON document without any of YAML's indirections: no anchors, aliases, tags, merge keys, directives, repeated keys. Throws `invalid_argument`. */
export function readPlainDocument(text: string): unknown {
  const value = readPlainYaml(text, { maxLexemes: MAX_LEXEMES, complain: malformedDocument });
  if (value === undefined) throw malformedDocument('is empty');
  return value;
}
