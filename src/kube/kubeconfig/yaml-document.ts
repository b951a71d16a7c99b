import { type Document, isAlias, isCollection, isMap, isNode, isPair, isScalar, LineCounter } from 'yaml';
import { AppError } from '../../kernel/errors.ts';
import { composeYaml } from '../../kernel/text/compose-yaml.ts';

export type Path = readonly (string | number)[];

/** A parsed file: plain values, and the line of any path in it. */
export interface YamlFile {
  file: string;
  value: unknown;
  lineOf(path: Path): number;
}

/** Characters. A kubeconfig of 700 clusters with inline certificates is about this large. */
const MAX_LENGTH = 4 * 1024 * 1024;
/** The parser needs about 5 us per lexeme; a kubeconfig of 1000 clusters with exec plugins has 200,000 (measured). */
const MAX_LEXEMES = 300_000;
/** Aliases expanded in one document, as the `yaml` package counts them (nested ones multiply). */
const MAX_ALIASES = 100;

/** Reads one YAML (or JSON) document of bounded size. Throws `kubeconfig_invalid` with file, line and column, never with text of the file. */
export function readYaml(text: string, file: string): YamlFile {
  if (text.length > MAX_LENGTH) {
    throw invalid(file, 'is larger than 4 MiB', 'Split the file, or keep only the contexts that are needed.');
  }
  const lines = new LineCounter();
  const document = composeYaml(text, lines, {
    maxLexemes: MAX_LEXEMES,
    merge: true,
    complaints: {
      malformed: (offset, code) => malformed(file, lines, offset, code),
      tooMany: () =>
        invalid(
          file,
          'has more entries than can be read safely',
          'Split the file, or keep only the contexts that are needed.',
        ),
      several: () =>
        invalid(file, 'holds several YAML documents', 'Keep one kubeconfig per file and list the files in KUBECONFIG.'),
      unreadable: () => invalid(file, 'is not YAML that can be read', REPAIR),
    },
  });
  if (document === undefined) return { file, value: undefined, lineOf: () => 1 };
  return { file, value: toValue(document, file), lineOf: (path) => lineOf(document, path, lines) };
}

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    throw invalid(
      file,
      'has a YAML alias without an anchor, or aliases that expand without end or more than 100 times',
      'Write the repeated parts out.',
    );
  }
}

function lineOf(document: Document, path: Path, lines: LineCounter): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of [undefined, ...path]) {
    const next = key === undefined ? node : child(document, node, key);
    if (isPair(next)) {
      offset = startOf(next.key) ?? offset;
      node = next.value;
    } else {
      offset = startOf(next) ?? offset;
      node = next;
    }
  }
  return lines.linePos(offset).line;
}

function child(document: Document, parent: unknown, key: string | number): unknown {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (!isCollection(node)) return undefined;
  if (!isMap(node)) return node.items[Number(key)];
  return node.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

const REPAIR = 'Repair the file; `kubectl config view --kubeconfig <file>` checks it too.';

function malformed(file: string, lines: LineCounter, offset: number, code: string): AppError {
  const { line, col } = lines.linePos(offset);
  const what = code.toLowerCase().replaceAll('_', ' ');
  return new AppError('kubeconfig_invalid', `${file}, line ${line}, column ${col}: not valid YAML (${what}).`, {
    remedy: REPAIR,
  });
}

function invalid(file: string, problem: string, remedy: string): AppError {
  return new AppError('kubeconfig_invalid', `${file} ${problem}.`, { remedy });
}
