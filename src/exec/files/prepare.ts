import { isKustomization, rewrittenKustomization } from '../command-line/kustomizations.ts';
import type { ParsedCommand } from '../types.ts';
import type { PlacedFile } from '../workspace.ts';
import { unpackArchive } from './archive.ts';
import { checkChartDependencies, globsDependencies } from './chart-dependencies.ts';
import { checkGivenName, checkTogether } from './file-names.ts';
import { checkIstioOperator, readsIstioOperator } from './istio-operators.ts';
import { shownPath, tooLarge, wrongFile } from './problems.ts';
import { isArchive, unpackedName } from './unpacked-name.ts';
import { checkValueSchema } from './value-schemas.ts';

export interface FileLimits {
  files: number;
  /** Unpacked. */
  bytes: number;
}

/** A chart with all its subcharts has some hundred files; charts with images or vendored CRDs reach a few MiB. */
export const FILE_LIMITS: FileLimits = { files: 1000, bytes: 8 * 1024 * 1024 };

/** Archives within archives: helm's subcharts of subcharts. */
const MAX_NESTING = 4;

/** Archives that helm reads by itself, as subcharts. */
const SUBCHART = /(?:^|\/)charts\/[^/]+\.tgz$/;

const TOO_MUCH = 'Give only the files that the command needs.';

/**
 * What a caller gave in `files`, made safe: plain files below one folder, archives unpacked, and nothing in them that makes the
 * tool read other files or fetch URLs; `stdin` is looked at where the command reads such things from it. Throws `invalid_argument` or `too_large`.
 */
export async function prepareFiles(
  files: Readonly<Record<string, string>>,
  command: Pick<ParsedCommand, 'tool' | 'path' | 'files'>,
  stdin: string | undefined,
  limits: FileLimits = FILE_LIMITS,
): Promise<readonly PlacedFile[]> {
  const entries = Object.entries(files);
  for (const [path] of entries) checkGivenName(path);
  checkTogether(entries.map(([path]) => path));
  const budget = new Budget(limits);
  const prepared: PlacedFile[] = [];
  // Where the command names one, all of them were checked.
  const kustomizes = command.tool === 'kubectl' && command.files.some(isKustomization);
  for (const [path, given] of entries) {
    const text = kustomizes && isKustomization(path) ? rewrittenKustomization(path, given) : given;
    if (!isArchive(path)) budget.keep(prepared, { path, bytes: Buffer.from(text) });
    else if (command.tool === 'helm') await unpackInto(prepared, path, fromBase64(path, text, limits), budget);
    else throw wrongFile(path, 'is an archive', 'Archives are charts, for helm. Give the files one by one.');
  }
  checkTogether(prepared.map(({ path }) => path));
  if (command.tool === 'helm') for (const { path, bytes } of prepared) checkValueSchema(path, bytes);
  if (command.tool === 'helm' && globsDependencies(command.path)) prepared.forEach(checkDependencies);
  if (command.tool === 'istioctl') checkOperators(command, files, stdin);
  return prepared;
}

class Budget {
  readonly #limits: FileLimits;
  #files = 0;
  #bytes = 0;

  constructor(limits: FileLimits) {
    this.#limits = limits;
  }

  get bytesLeft(): number {
    return this.#limits.bytes - this.#bytes;
  }

  keep(into: PlacedFile[], file: PlacedFile): void {
    this.#files += 1;
    this.#bytes += file.bytes.length;
    if (this.#files > this.#limits.files) throw tooLarge(`more than ${this.#limits.files} files`, TOO_MUCH);
    if (this.#bytes > this.#limits.bytes) throw tooLarge(`more than ${this.#limits.bytes} bytes in all`, TOO_MUCH);
    into.push(file);
  }
}

async function unpackInto(
  into: PlacedFile[],
  archive: string,
  bytes: Uint8Array,
  budget: Budget,
  depth = 1,
): Promise<void> {
  if (depth > MAX_NESTING) {
    throw wrongFile(archive, `is an archive in ${MAX_NESTING} others`, 'Put its subcharts in as folders.');
  }
  for (const file of await unpackArchive(archive, bytes, budget.bytesLeft)) {
    const path = `${unpackedName(archive)}/${file.path}`;
    if (SUBCHART.test(path)) await unpackInto(into, path, file.bytes, budget, depth + 1);
    else budget.keep(into, { path, bytes: file.bytes });
  }
}

/** Base64 of either alphabet, wrapped or not. */
function fromBase64(path: string, text: string, limits: FileLimits): Uint8Array {
  if (text.length > 2 * limits.bytes) throw tooLarge(`"${shownPath(path)}" is longer than is taken`, TOO_MUCH);
  const packed = text.replace(/\s+/g, '');
  if (packed === '' || !/^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/.test(packed)) {
    throw wrongFile(path, 'is not base64', 'Archives are given in base64: `base64 -w0 web-1.0.tgz`.');
  }
  return Buffer.from(packed, 'base64');
}

function checkDependencies({ path, bytes }: PlacedFile): void {
  const remedy = 'Give dependencies plain names, without anchors and tags.';
  checkChartDependencies(path, Buffer.from(bytes).toString('utf8'), (problem) => wrongFile(path, problem, remedy));
}

function checkOperators(
  { path, files: mentioned }: Pick<ParsedCommand, 'path' | 'files'>,
  files: Readonly<Record<string, string>>,
  stdin: string | undefined,
): void {
  if (!readsIstioOperator(path)) return;
  const remedy = 'Give a plain IstioOperator: no anchors and tags, and charts only as istioctl brings them.';
  for (const name of mentioned) checkIstioOperator(files[name] ?? '', (problem) => wrongFile(name, problem, remedy));
  if (stdin !== undefined) checkIstioOperator(stdin, (problem) => wrongFile('stdin', problem, remedy));
}
