import { AppError } from '../../kernel/errors.ts';

/** One thing that is wrong with a caller's kubeconfig. Never holds anything of its values. */
export interface RequestProblem {
  /** Dotted path into the document, for instance `users[0].user.exec`; `kubeconfig` for the document itself. */
  field: string;
  /** What is wrong, and what to do about it. */
  problem: string;
  /** `refused`: by a rule of this server; `malformed`: it is no kubeconfig that anyone could use. */
  kind: 'refused' | 'malformed';
}

export type Report = (problem: RequestProblem) => void;

const DOCUMENT = 'kubeconfig';
const MAX_SHOWN = 20;

export const INLINE_HINT =
  'Send one that holds everything inline and names no program: `kubectl config view --minify --flatten --raw | base64`. ' +
  'Where its user signs in by a program, put a token in its place (`kubectl create token <service account>`).';

/** All problems as one error: `kubeconfig_refused` where a rule refuses any of it, else `invalid_argument`. */
export function requestProblemsError(problems: readonly RequestProblem[]): AppError {
  const refused = problems.filter(({ kind }) => kind === 'refused');
  const [first, ...more] = refused.length > 0 ? [...refused, ...problems.filter(isMalformed)] : problems;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const verdict = refused.length > 0 ? 'is refused' : 'cannot be read';
  return new AppError(
    refused.length > 0 ? 'kubeconfig_refused' : 'invalid_argument',
    `The kubeconfig that came with the call ${verdict}: ${first?.field ?? DOCUMENT} ${first?.problem ?? 'is wrong'}${rest}.`,
    {
      remedy: INLINE_HINT,
      problems: [first, ...more]
        .filter((problem) => problem !== undefined)
        .slice(0, MAX_SHOWN)
        .map(({ field, problem }) => ({ field, problem })),
    },
  );
}

/** The document as a whole cannot be read. */
export function malformedDocument(problem: string): AppError {
  return requestProblemsError([{ field: DOCUMENT, problem, kind: 'malformed' }]);
}

/** A rule refuses what `field` says. */
export function refusedField(field: string, problem: string): AppError {
  return requestProblemsError([{ field, problem, kind: 'refused' }]);
}

function isMalformed({ kind }: RequestProblem): boolean {
  return kind === 'malformed';
}
