import { isPair, isScalar, parseDocument, visit } from 'yaml';
import { DISPUTED_BREAKS } from '../../kernel/text/plain-yaml.ts';
import { mistake, neverRun, shown } from './refusals.ts';

/** The names that kustomize looks for. */
const NAME = /^(?<folder>(?:.*\/)?)(?:kustomization\.ya?ml|Kustomization)$/;

/** UTF-16 units. Lists of resources, not manifests. */
const MAX_LENGTH = 64 * 1024;

/** Fields whose text is never loaded from anywhere. */
const PLAIN: ReadonlySet<string> = new Set([
  'commonAnnotations',
  'commonLabels',
  'generatorOptions',
  'images',
  'labels',
  'literals',
  'metadata',
  'options',
  'patch',
  'target',
]);

/** Their entries name files whose own fields load others; names of fields are compared as Go does, without case. */
const PLUGINS: ReadonlySet<string> = new Set(['generators', 'transformers', 'validators']);

/**
 * kustomize loads URLs, and folders above its own, from any field that names a file (measured: `../outside`, http://127.0.0.1).
 * So every kustomization among `files` may name only what is among them.
 */
export function checkKustomizations(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const folder = NAME.exec(name)?.groups?.['folder'];
    if (folder !== undefined) checkOne(name, folder.split('/').length - 1, text);
  }
}

export function isKustomization(name: string): boolean {
  return NAME.test(name);
}

function checkOne(name: string, depth: number, text: string): void {
  const what = `The file ${shown(name)}`;
  if (text.length > MAX_LENGTH) throw mistake(`${what} is longer than ${MAX_LENGTH} characters.`);
  const document = parsed(name, text);
  visit(document, {
    Alias: () => refusePlainOnly(what),
    Collection(_, node) {
      if (isMarked(node)) refusePlainOnly(what);
    },
    Pair(_, { key }) {
      const field = fieldOf(what, key);
      if (PLUGINS.has(field.toLowerCase())) {
        throw neverRun(
          `${what} with ${field}`,
          'They load what cannot be checked: use the built-in fields of a kustomization.',
        );
      }
      return PLAIN.has(field) ? visit.SKIP : undefined;
    },
    Scalar(at, node, path) {
      if (isMarked(node)) refusePlainOnly(what);
      if (typeof node.value !== 'string' || at === 'key') return;
      const pair = path.findLast(isPair);
      if (node.value.trim().includes('\n')) checkLines(what, pair === undefined ? '' : fieldOf(what, pair.key));
      else checkText(what, depth, node.value.trim());
    },
  });
}

function parsed(name: string, text: string) {
  const document = parseDocument(text, { merge: false, uniqueKeys: true, logLevel: 'error', prettyErrors: false });
  if (document.errors.length > 0 || DISPUTED_BREAKS.test(text)) {
    throw mistake(`The file ${shown(name)} is not YAML of one document.`);
  }
  return document;
}

/** What was checked, as JSON: kustomize reads YAML its own way. */
export function rewrittenKustomization(name: string, text: string): string {
  const value: unknown = parsed(name, text).toJS({ maxAliasCount: 0 });
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** Tags, anchors and aliases are where readers of YAML differ. */
function isMarked({ tag, anchor }: { tag?: string; anchor?: string }): boolean {
  return tag !== undefined || anchor !== undefined;
}

function refusePlainOnly(what: string): never {
  throw mistake(`${what} has tags, anchors or aliases.`, 'Write the kustomization without them.');
}

/** Go takes letters for each other that look alike to nobody here (`ſ` for s): names of fields are plain ASCII, or not understood. */
function fieldOf(what: string, key: unknown): string {
  const field = isScalar(key) ? String(key.value) : undefined;
  if (field === undefined || !/^[\x20-\x7e]*$/.test(field)) {
    throw mistake(`${what} has a field whose name is not plain text.`, 'Write its fields as kustomize documents them.');
  }
  return field;
}

/** A text of several lines is a patch in the one field that takes both; anywhere else it is a path that is cleaned of its first line. */
function checkLines(what: string, field: string): void {
  if (field.toLowerCase() === 'patchesstrategicmerge') return;
  throw neverRun(
    `${what} with a line break in ${field === '' ? 'a name' : shown(field)}`,
    'Name only what is among `files`.',
  );
}

/** `path`, or `key=path`. */
function checkText(what: string, depth: number, line: string): void {
  for (const text of new Set([line, line.slice(line.indexOf('=') + 1)])) {
    if (text.includes('://')) {
      throw neverRun(`${what} with a URL`, 'Nothing is fetched: give what it names in `files`.');
    }
    if (/^[/\\~]/.test(text) || leaves(text, depth)) {
      throw neverRun(`${what} with a path that leads out of \`files\``, 'Name only what is among `files`.');
    }
  }
}

function leaves(path: string, depth: number): boolean {
  let at = depth;
  for (const segment of path.split(/[/\\]/)) {
    if (segment === '..') at -= 1;
    else if (segment !== '.' && segment !== '') at += 1;
    if (at < 0) return true;
  }
  return false;
}
