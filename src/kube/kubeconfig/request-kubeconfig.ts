import { AppError } from '../../kernel/errors.ts';
import { decodeRequestKubeconfig } from './request-base64.ts';
import { readPlainDocument } from './request-document.ts';
import { type Placed, readCluster, readContext, readEntries, readUser } from './request-entries.ts';
import { readMap, readText, type Spot } from './request-fields.ts';
import { type Report, type RequestProblem, requestProblemsError } from './request-problems.ts';
import type { RequestKubeconfigRules } from './request-rules.ts';
import type { ClusterEntry, ContextEntry, Kubeconfig, UserEntry } from './types.ts';

/** A caller's kubeconfig, rebuilt from the fields that are taken: it names no file, and no program but allowed ones. */
export interface RequestKubeconfig extends Kubeconfig {
  clusters: ReadonlyMap<string, Placed<ClusterEntry>>;
  users: ReadonlyMap<string, Placed<UserEntry>>;
  contexts: ReadonlyMap<string, Placed<ContextEntry>>;
}

const DOCUMENT = {
  read: ['apiVersion', 'kind', 'clusters', 'users', 'contexts', 'current-context'],
  ignored: ['preferences', 'extensions'],
  strict: false,
};

/**
 * Reads what came in X-Kubeconfig or in the argument `kubeconfig`. Nothing is run, opened or looked up.
 * Throws `kubeconfig_refused` for what a rule refuses, `invalid_argument` for what is malformed: with all problems at once, each
 * with its field, none with a value.
 */
export function readRequestKubeconfig(encoded: string, rules: RequestKubeconfigRules): RequestKubeconfig {
  return parseRequestKubeconfig(decodeRequestKubeconfig(encoded), rules);
}

/** As `readRequestKubeconfig`, for text that is decoded already. */
export function parseRequestKubeconfig(text: string, rules: RequestKubeconfigRules): RequestKubeconfig {
  const problems: RequestProblem[] = [];
  const report: Report = (problem) => problems.push(problem);
  const config = readDocument({ field: '', value: readPlainDocument(text) }, rules, report);
  if (problems.length > 0) throw requestProblemsError(problems);
  return config;
}

export type Inspection =
  | { ok: true; contexts: string[]; currentContext: string | undefined }
  | { ok: false; refused: boolean; problems: readonly { field: string; problem: string }[]; advice: string };

/** For `doctor` and for forms: what is wrong with a caller's kubeconfig, field by field, without throwing. */
export function inspectRequestKubeconfig(encoded: string, rules: RequestKubeconfigRules): Inspection {
  try {
    const { contexts, currentContext } = readRequestKubeconfig(encoded, rules);
    return { ok: true, contexts: [...contexts.keys()], currentContext };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const { problems = [], remedy = '' } = thrown.detail;
    return { ok: false, refused: thrown.code === 'kubeconfig_refused', problems, advice: remedy };
  }
}

function readDocument(document: Spot, rules: RequestKubeconfigRules, report: Report): RequestKubeconfig {
  const field = readMap(document, DOCUMENT, (problem) =>
    report(problem.field === '' ? { ...problem, field: 'kubeconfig' } : problem),
  );
  expectText(field('apiVersion'), 'v1', report);
  expectText(field('kind'), 'Config', report);
  const clusters = readEntries(field('clusters'), 'cluster', (name, spot) => readCluster(name, spot, report), report);
  const users = readEntries(field('users'), 'user', (name, spot) => readUser(name, spot, rules, report), report);
  const contexts = readEntries(field('contexts'), 'context', (name, spot) => readContext(name, spot, report), report);
  const [only] = contexts.size === 1 ? contexts.keys() : [];
  // kubectl would want it said. With one context there is nothing to choose.
  const currentContext = readText(field('current-context'), report, 253) ?? only;
  if (contexts.size === 0) report({ field: 'contexts', problem: 'holds no context', kind: 'malformed' });
  return { currentContext, clusters, users, contexts };
}

function expectText(spot: Spot, wanted: string, report: Report): void {
  const { field, value } = spot;
  if (value === undefined || value === null || value === '' || value === wanted) return;
  report({ field, problem: `must be ${wanted}`, kind: 'malformed' });
}
