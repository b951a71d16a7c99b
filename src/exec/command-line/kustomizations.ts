import { isScalar, parseDocument, visit } from 'yaml';
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
  const document = parseDocument(text, { merge: false, uniqueKeys: true, logLevel: 'error', prettyErrors: false });
  if (document.errors.length > 0) throw mistake(`${what} is not YAML of one document.`);
  visit(document, {
    Alias: () => refusePlainOnly(what),
    Collection(_, node) {
      if (isMarked(node)) refusePlainOnly(what);
    },
    Pair(_, { key }) {
      const field = isScalar(key) ? String(key.value) : '';
      if (PLUGINS.has(field.toLowerCase())) {
        throw neverRun(
          `${what} with ${field}`,
          'They load what cannot be checked: use the built-in fields of a kustomization.',
        );
      }
      return PLAIN.has(field) ? visit.SKIP : undefined;
    },
    Scalar(_, node) {
      if (isMarked(node)) refusePlainOnly(what);
      if (typeof node.value === 'string') checkText(what, depth, node.value);
    },
  });
}

/** Tags, anchors and aliases are where readers of YAML differ. */
function isMarked({ tag, anchor }: { tag?: string; anchor?: string }): boolean {
  return tag !== undefined || anchor !== undefined;
}

function refusePlainOnly(what: string): never {
  throw mistake(`${what} has tags, anchors or aliases.`, 'Write the kustomization without them.');
}

/** `path`, or `key=path`. A text of several lines is a patch: no loader takes it for a name. */
function checkText(what: string, depth: number, value: string): void {
  const line = value.trim();
  if (line.includes('\n')) return;
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
