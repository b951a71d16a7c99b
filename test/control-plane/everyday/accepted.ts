/** The lines that our readers of command lines are held to accept, where nothing is changed by them and where they end by themselves. */
import type { AcceptedLine } from '../../attacks/command-line.ts';
import { HELM_ACCEPTED } from '../../attacks/helm.ts';
import { ISTIOCTL_ACCEPTED } from '../../attacks/istioctl.ts';
import { KUBECTL_ACCEPTED } from '../../attacks/kubectl-accepted.ts';
import type { EverydayCommand } from './types.ts';

/** Words that lead to commands which only look, by tool. */
const READS = {
  kubectl: new Set([
    ...[
      'get',
      'describe',
      'logs',
      'top',
      'explain',
      'api-resources',
      'api-versions',
      'cluster-info',
      'version',
      'auth',
    ],
    ...['config', 'events', 'wait', 'diff', 'kustomize', 'help', '--help'],
  ]),
  helm: new Set(['list', 'status', 'history', 'get', 'lint', 'template', 'show', 'dependency', 'version']),
  istioctl: new Set(['analyze', 'validate', 'version', 'experimental', 'tag', 'waypoint']),
};

/**
 * Goes on for ever, tells times, needs a gate, is longer than an answer may be, shows with what credentials the guard is asked
 * (`config view`), or looks as if a password followed.
 */
const NOT_HERE = /^(--watch=true|--follow=true|--v=|--as=|dump$|--minify=true|--namespace=--token|authz$)/;
/** Other suites' releases and gateways come and go. Charts of other hosts and archives are for suites of their own. */
const ELSEWHERE = /--context|--kube-context| -A| -aA|\||https:|--repo|oci:|\.tgz/;

function ends({ command, argv, context }: AcceptedLine, reads: ReadonlySet<string>): boolean {
  const [verb = '', word = ''] = argv;
  const looks = reads.has(verb) || argv.includes('--help') || /^(status|history|view-last-applied)$/.test(word);
  const dry = argv.some((part) => part.startsWith('--dry-run=')) && reads === READS.kubectl;
  return (
    (looks || dry) && context === undefined && !ELSEWHERE.test(command) && !argv.some((part) => NOT_HERE.test(part))
  );
}

function comparable(tool: keyof typeof READS, lines: readonly AcceptedLine[]): EverydayCommand[] {
  return lines
    .filter((line) => ends(line, READS[tool]))
    .map(({ command, argv, stdin, files, namespace }) => ({
      line: `${tool} ${command}`,
      argv,
      ...(stdin === undefined ? {} : { stdin }),
      ...(files === undefined ? {} : { files }),
      ...(namespace === undefined ? {} : { namespace }),
      // Most of them are tables.
      moves: true,
    }));
}

export const ACCEPTED: readonly EverydayCommand[] = [
  ...comparable('kubectl', KUBECTL_ACCEPTED),
  ...comparable('helm', HELM_ACCEPTED),
  ...comparable('istioctl', ISTIOCTL_ACCEPTED),
];
