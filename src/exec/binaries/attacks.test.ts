import { describe, expect, test } from 'vitest';
import { ARGOCD_ACCEPTED, ARGOCD_REFUSED } from '../../../test/attacks/argocd.ts';
import { HELM_ACCEPTED, HELM_REFUSED } from '../../../test/attacks/helm.ts';
import { ISTIOCTL_ACCEPTED, ISTIOCTL_REFUSED } from '../../../test/attacks/istioctl.ts';
import { AppError } from '../../kernel/errors.ts';
import { createCommandLines } from '../command-line/parse.ts';
import { parseFilter } from '../filters/parse.ts';
import type { CliTool, CommandInput, ParsedCommand } from '../types.ts';
import { argocd } from './argocd.ts';
import { helm } from './helm.ts';
import { istioctl } from './istioctl.ts';
import { kubectl } from './kubectl.ts';

const lines = createCommandLines({ kubectl, helm, istioctl, argocd: argocd('core') }, parseFilter);
const onServer = createCommandLines({ argocd: argocd('server') }, parseFilter);

const SUITES = [
  { tool: 'helm', refused: HELM_REFUSED, accepted: HELM_ACCEPTED },
  { tool: 'istioctl', refused: ISTIOCTL_REFUSED, accepted: ISTIOCTL_ACCEPTED },
  { tool: 'argocd', refused: ARGOCD_REFUSED, accepted: ARGOCD_ACCEPTED },
] as const;

function errorOf(parse: () => ParsedCommand): AppError {
  try {
    parse();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error('it was accepted');
}

describe.each(SUITES)('$tool', ({ tool, refused, accepted }) => {
  test.each(refused)('is never started by `$command`', ({ code, ...line }) => {
    const error = errorOf(() => lines.parse({ tool, ...line }));
    expect({ code: error.code, message: error.message }).toMatchObject({ code });
    if (code === 'command_refused') expect(error.detail.remedy).toMatch(/\.$/);
  });

  test.each(accepted)('is given `$command`', ({ argv, ...line }) => {
    expect(lines.parse({ tool, ...line }).argv).toEqual(argv);
  });

  test('no line is there twice', () => {
    const all = [...refused, ...accepted].map((line) => JSON.stringify(line));
    expect(new Set(all).size).toBe(all.length);
  });
});

test('there are enough lines', () => {
  expect(SUITES.reduce((sum, { refused }) => sum + refused.length, 0)).toBeGreaterThan(300);
  expect(SUITES.reduce((sum, { accepted }) => sum + accepted.length, 0)).toBeGreaterThan(100);
});

const CHART = { 'web/Chart.yaml': 'name: web' };

describe('what a command does, and the gates that it needs', () => {
  test.each<[CliTool, string, string, readonly string[]]>([
    ['helm', 'list', 'read', []],
    ['helm', 'version', 'local', []],
    ['helm', 'install web web', 'write', ['create']],
    ['helm', 'install web web --take-ownership', 'write', ['create', 'update']],
    ['helm', 'install web web --force', 'write', ['create', 'update']],
    ['helm', 'install web web --atomic', 'write', ['create', 'delete']],
    ['helm', 'install web web --dry-run', 'read', []],
    ['helm', 'install web web --dry-run=server', 'read', []],
    ['helm', 'install web web --dry-run=none', 'write', ['create']],
    ['helm', 'install web web --dry-run=client --dry-run=false', 'write', ['create']],
    ['helm', 'upgrade web web', 'write', ['create', 'update']],
    ['helm', 'upgrade -i web web --cleanup-on-fail', 'write', ['create', 'update', 'delete']],
    ['helm', 'template web web', 'local', []],
    ['helm', 'template web web --validate', 'read', []],
    ['helm', 'template web web --dry-run=server', 'read', []],
    ['helm', 'lint web', 'local', []],
    ['helm', 'rollback web 1', 'write', ['create', 'update']],
    ['helm', 'rollback web 1 --recreate-pods', 'write', ['create', 'update', 'delete']],
    ['helm', 'rollback web 1 --dry-run', 'read', []],
    ['helm', 'uninstall web', 'destructive', ['delete']],
    ['helm', 'uninstall web --dry-run', 'read', []],
    ['helm', 'uninstall web --dry-run=false', 'destructive', ['delete']],
    ['helm', 'test web', 'write', ['create']],
    ['helm', 'list --kube-as-user=jane', 'read', ['escalation']],
    ['istioctl', 'analyze', 'read', []],
    ['istioctl', 'analyze --use-kube=false web', 'local', []],
    ['istioctl', 'version', 'read', []],
    ['istioctl', 'version --remote=false', 'local', []],
    ['istioctl', 'proxy-status', 'read', ['exec']],
    ['istioctl', 'pc cluster web-1', 'read', ['exec']],
    ['istioctl', 'pc cluster -f web/Chart.yaml', 'local', []],
    ['istioctl', 'pc log web-1', 'read', ['exec']],
    ['istioctl', 'pc log web-1 --level=debug', 'write', ['exec']],
    ['istioctl', 'admin log --reset', 'write', ['exec']],
    ['istioctl', 'install -y', 'write', ['create', 'update', 'escalation']],
    ['istioctl', 'install --dry-run', 'read', []],
    ['istioctl', 'uninstall --purge -y', 'destructive', ['delete', 'escalation']],
    ['istioctl', 'tag remove prod -y', 'destructive', ['delete', 'escalation']],
    ['istioctl', 'waypoint apply', 'write', ['create', 'update']],
    ['istioctl', 'waypoint delete --all', 'destructive', ['delete']],
    ['argocd', 'app list', 'read', []],
    ['argocd', 'app get web -o tree=detailed', 'read', ['exec']],
    ['argocd', 'app diff web', 'read', ['exec']],
    ['argocd', 'version --client', 'local', []],
    ['argocd', 'app get web --refresh', 'write', ['update']],
    ['argocd', 'app sync web', 'write', ['update', 'exec']],
    ['argocd', 'app sync web --dry-run', 'write', ['update', 'exec']],
    ['argocd', 'app sync web --prune', 'destructive', ['update', 'delete', 'exec']],
    ['argocd', 'app sync web --force', 'destructive', ['update', 'delete', 'exec']],
    ['argocd', 'app delete web -y', 'destructive', ['delete']],
    ['argocd', 'app create web --upsert', 'write', ['create', 'update', 'exec']],
    ['argocd', 'app set web --revision v2 --validate=false', 'write', ['update']],
    ['argocd', 'proj add-source team https://git.example', 'write', ['update', 'escalation']],
  ])('%s %s: %s %j', (tool, command, effect, gates) => {
    expect(lines.parse({ tool, command, files: CHART })).toMatchObject({ effect, gates });
  });

  test('what waits for something runs until it is stopped', () => {
    const follows = (tool: CliTool, command: string) => lines.parse({ tool, command }).follows;
    expect(follows('argocd', 'app logs web -f')).toBe(true);
    expect(follows('argocd', 'app logs web')).toBe(false);
    expect(follows('argocd', 'app wait web')).toBe(true);
    expect(follows('istioctl', 'analyze')).toBe(false);
  });
});

describe("argocd with the operator's server", () => {
  const parse = (line: Omit<CommandInput, 'tool'>) => onServer.parse({ tool: 'argocd', ...line });

  test('asks no cluster: no core, no port-forward, no context', () => {
    expect(parse({ command: 'app list' })).toMatchObject({ argv: ['app', 'list'], gates: [], effect: 'read' });
    for (const command of ['app list --core', 'app list --kube-context=a', 'app list --server=x', 'admin export']) {
      expect(errorOf(() => parse({ command })).code).toBe('command_refused');
    }
  });

  test('has what core has not', () => {
    for (const command of ['repo list', 'cluster list', 'account can-i get applications x', 'gpg list']) {
      expect(parse({ command }).effect).toBe('read');
    }
    expect(parse({ command: 'cluster rm prod -y' })).toMatchObject({ effect: 'destructive', gates: ['delete'] });
    expect(errorOf(() => parse({ command: 'repo add https://x' })).code).toBe('command_refused');
  });
});

test('hosts of charts are named, each once', () => {
  const command = 'upgrade web oci://Charts.Example:5000/web --repo https://charts.example/x';
  expect(lines.parse({ tool: 'helm', command }).hosts).toEqual(['charts.example']);
  expect(lines.parse({ tool: 'helm', command: 'lint web', files: CHART }).hosts).toEqual([]);
});
