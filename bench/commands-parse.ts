import { argocd } from '../src/exec/binaries/argocd.ts';
import { helm } from '../src/exec/binaries/helm.ts';
import { istioctl } from '../src/exec/binaries/istioctl.ts';
import { kubectl } from '../src/exec/binaries/kubectl.ts';
import { createCommandLines } from '../src/exec/command-line/parse.ts';
import { parseFilter } from '../src/exec/filters/parse.ts';
import { checkRules } from '../src/exec/security-rules.ts';
import type { CliTool, CommandInput } from '../src/exec/types.ts';
import { parseApiRequest } from '../src/kube/transport/api-request.ts';
import { decide } from '../src/policy/decide.ts';
import { KUBECTL_CHANGES } from '../test/control-plane/everyday/kubectl-changes.ts';
import { KUBECTL_GET } from '../test/control-plane/everyday/kubectl-get.ts';
import { KUBECTL_LOOK } from '../test/control-plane/everyday/kubectl-look.ts';
import { OTHER_TOOLS } from '../test/control-plane/everyday/other-tools.ts';
import { PIPES } from '../test/control-plane/everyday/pipes.ts';
import type { EverydayCommand } from '../test/control-plane/everyday/types.ts';
import { median, quantile, type Sample } from './table.ts';

const ROUNDS = 200;

/** Judging a command line and one request of it, over the everyday commands that the suites compare with the plain tools. */
export function measureParse(): Sample[] {
  const specs = { kubectl, helm, istioctl, argocd: argocd('core') };
  const lines = createCommandLines(specs, parseFilter);
  const everyday = [...KUBECTL_GET, ...KUBECTL_LOOK, ...KUBECTL_CHANGES, ...PIPES, ...OTHER_TOOLS].map(inputOf);
  const rules = {
    gates: { list: true, create: true, update: true, delete: true, exec: false, escalation: false },
    allowedNamespaces: new Set(['team-a', 'team-b']),
    forbiddenNamespaces: new Set(['kube-system']),
    deniedKinds: new Set(['secrets', 'nodes/proxy']),
    contexts: ['dev-*', 'bench'],
    writeContexts: ['bench'],
    defaultContext: 'bench',
    maxResources: undefined,
  };
  const judge = (input: CommandInput): void => {
    checkRules(new Map(), lines.parse(input));
    const request = parseApiRequest('GET', '/apis/apps/v1/namespaces/team-a/deployments?limit=500', {});
    decide(request, { rules, context: 'bench', filtersAnswers: true });
  };
  const inputs = everyday.filter((input) => isAccepted(() => judge(input)));
  const each = inputs.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, input] of inputs.entries()) {
      const started = performance.now();
      judge(input);
      each[at]?.push(performance.now() - started);
    }
  }
  const medians = each.map(median);
  const sample = (what: string, value: number): Sample => ({
    measure: `parse and policy of an everyday command, ${what}`,
    unit: `ms (${inputs.length} commands)`,
    contender: 'k8s-mcp',
    value,
  });
  return [
    sample('p50', median(medians)),
    sample('p99', quantile(medians, 0.99)),
    sample('slowest', quantile(medians, 1)),
  ];
}

function isAccepted(read: () => void): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

function inputOf({ line, sent, stdin, files }: EverydayCommand): CommandInput {
  const [tool = '', ...words] = line.split(' ');
  return { tool: tool as CliTool, command: sent ?? words.join(' '), stdin, files };
}
