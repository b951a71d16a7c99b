import { type Document, isScalar, LineCounter, parseAllDocuments, visit, type YAMLError } from 'yaml';
import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { KUBERNETES_TAGS } from './yaml-tags.ts';

/** As the API server's own limit for a request body is 3 MiB, and etcd's for an object 1.5 MiB. */
const MAX_BYTES = 1024 * 1024;
/** 512 KiB of hostile YAML take the parser seconds, in which nobody else is served. */
const MAX_YAML_BYTES = 512 * 1024;
const MAX_OPEN_BRACKETS = 1000;
const MAX_DOCUMENTS = 50;
/** Aliases resolved per document; a bomb needs thousands. */
const MAX_ALIASES = 50;

/** Far above any kind's schema; a guard against stacks that overflow later. */
const MAX_DEPTH = 100;
/** Values of one document with aliases written out. */
const MAX_VALUES = 200_000;

/** One document of a manifest; `line` is where it starts, from 1. */
export interface ManifestDocument {
  value: unknown;
  line: number;
}

/** The documents of a manifest in JSON or YAML, in order; empty ones are left out. Throws `invalid_manifest` with line and column. */
export function parseDocuments(text: string): ManifestDocument[] {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new AppError(
      'too_large',
      `The manifest has ${Buffer.byteLength(text)} bytes; at most ${MAX_BYTES} are taken.`,
      {
        remedy: 'Send fewer documents a call.',
      },
    );
  }
  const documents = parseJson(text) ?? parseYaml(text);
  if (documents.length > MAX_DOCUMENTS) {
    throw new AppError(
      'too_large',
      `The manifest has ${documents.length} documents; at most ${MAX_DOCUMENTS} are taken.`,
      {
        remedy: 'Send them in several calls.',
      },
    );
  }
  if (documents.length === 0) throw invalid('The manifest is empty.');
  for (const { value } of documents) checkSize(value);
  return documents;
}

/** Refuses trees that are too deep or, aliases written out, too large; a cycle is both. */
function checkSize(root: unknown): void {
  let values = 0;
  const open: { value: object; depth: number }[] = [];
  const look = (value: unknown, depth: number) => {
    if (++values > MAX_VALUES || depth > MAX_DEPTH) {
      throw invalid(depth > MAX_DEPTH ? TOO_DEEP : `The manifest holds more than ${MAX_VALUES} values.`);
    }
    if (typeof value === 'object' && value !== null) open.push({ value, depth });
  };
  look(root, 0);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of Object.values(next.value)) look(child, next.depth + 1);
  }
}

const TOO_DEEP = 'The manifest is nested too deeply.';

/** The objects of a manifest; a `List` is replaced by its items. */
export function parseObjects(text: string): { object: KubeObject; line: number }[] {
  const objects = parseDocuments(text).flatMap(({ value, line }) =>
    expand(value).map((item) => ({ value: item, line })),
  );
  if (objects.length > MAX_DOCUMENTS) {
    throw new AppError('too_large', `The manifest has ${objects.length} objects; at most ${MAX_DOCUMENTS} are taken.`, {
      remedy: 'Send them in several calls.',
    });
  }
  return objects.map(({ value, line }) => {
    if (!isObject(value))
      throw invalid(`The document at line ${line} is no object with apiVersion, kind and metadata.`);
    return { object: value, line };
  });
}

function expand(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (isObject(value) && value.kind === 'List' && Array.isArray(value['items'])) return value['items'];
  return [value];
}

function isObject(value: unknown): value is KubeObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** undefined where the text is no JSON: the YAML parser then says where the problem is, as JSON is YAML. */
function parseJson(text: string): ManifestDocument[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return [{ value: JSON.parse(text), line: 1 }];
  } catch {
    return undefined;
  }
}

function parseYaml(text: string): ManifestDocument[] {
  refuseSlowYaml(text);
  const lines = new LineCounter();
  const parsed = guarded(() =>
    parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      customTags: KUBERNETES_TAGS,
      // The parser compares each key with every other: minutes for a megabyte of keys.
      uniqueKeys: false,
    }),
  );
  const documents: ManifestDocument[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw syntaxError(problem, lines);
    guarded(() => refuseRepeatedKeys(document, lines));
    // Each document for itself: JSON and YAML may follow each other.
    if (LOOKS_JSON.test(text.slice(document.contents?.range?.[0] ?? 0))) refuseBareWords(document, lines);
    const value: unknown = guarded(() => document.toJS({ maxAliasCount: MAX_ALIASES }));
    if (value !== null && value !== undefined) documents.push({ value, line: startLine(document, lines) });
  }
  return documents;
}

/** The YAML parser is not linear in what makes trees: bytes, brackets and documents are bounded before it sees them. JSON's is. */
function refuseSlowYaml(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_YAML_BYTES) {
    throw new AppError(
      'too_large',
      `The YAML has ${bytes} bytes; at most ${MAX_YAML_BYTES} are taken, and more as JSON.`,
      {
        remedy: 'Send it as JSON, or in several calls.',
      },
    );
  }
  let open = 0;
  for (const bracket of text.matchAll(/[[\]{}]|^---/gm)) {
    // Brackets in quoted text count too: no honest manifest leaves a thousand of them open.
    if (bracket[0] === '---') open = 0;
    else open += bracket[0] === '[' || bracket[0] === '{' ? 1 : -1;
    if (open > MAX_OPEN_BRACKETS) throw invalid(TOO_DEEP);
  }
  const separators = text.match(/^---/gm)?.length ?? 0;
  if (separators > 2 * MAX_DOCUMENTS) {
    throw new AppError(
      'too_large',
      `The manifest has ${separators} document separators; at most ${MAX_DOCUMENTS} documents are taken.`,
      {
        remedy: 'Send them in several calls.',
      },
    );
  }
}

/** Two readers could take either of two equal keys. */
function refuseRepeatedKeys(document: Document.Parsed, lines: LineCounter): void {
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key) || key.source === '<<') continue;
        const name = String(key.value);
        if (seen.has(name)) {
          const { line, col } = lines.linePos(key.range?.[0] ?? 0);
          throw invalid(`Line ${line}, column ${col}: Map keys must be unique.`, { line, column: col });
        }
        seen.add(name);
      }
    },
  });
}

const LOOKS_JSON = /^\s*(?:\{\s*"|\[)/;
const JSON_WORD = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** YAML takes `{"a": }` and `{"a": tru}`; in a text that means to be JSON they are mistakes. */
function refuseBareWords(document: Document.Parsed, lines: LineCounter): void {
  visit(document, {
    Scalar(_, node) {
      if (node.type !== 'PLAIN' || JSON_WORD.test(node.source ?? '')) return;
      const { line, col } = lines.linePos(node.range?.[0] ?? 0);
      throw invalid(`Line ${line}, column ${col}: expected a JSON value.`, { line, column: col });
    },
  });
}

function startLine(document: Document.Parsed, lines: LineCounter): number {
  return lines.linePos(document.contents?.range?.[0] ?? 0).line || 1;
}

function syntaxError(problem: YAMLError, lines: LineCounter): AppError {
  const { line, col } = lines.linePos(problem.pos[0]);
  if (problem.message.includes('call stack')) return invalid(TOO_DEEP, { line, column: col });
  const reason = problem.message.split('\n')[0]?.slice(0, 200) ?? 'syntax error';
  return invalid(`Line ${line}, column ${col}: ${reason.replace(/[.:]?$/, '.')}`, { line, column: col });
}

/** What the parser throws instead of reporting: too many aliases, too deep nesting. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw invalid(
      thrown instanceof RangeError ? TOO_DEEP : 'The manifest uses too many or unresolvable aliases (&, *).',
    );
  }
}

function invalid(message: string, facts?: Record<string, number>): AppError {
  return new AppError('invalid_manifest', message, {
    remedy: 'Send Kubernetes objects as JSON or YAML, several documents separated by "---".',
    ...(facts === undefined ? {} : { facts }),
  });
}
