import { beforeAll, describe, expect, test } from 'vitest';
import { ARGOCD_REFUSED } from '../../attacks/argocd.ts';
import type { RefusedLine } from '../../attacks/command-line.ts';
import { HOSTILE_FILES, type HostileFiles } from '../../attacks/files.ts';
import { HELM_REFUSED } from '../../attacks/helm.ts';
import { ISTIOCTL_REFUSED } from '../../attacks/istioctl.ts';
import { KUBECTL_REFUSED } from '../../attacks/kubectl-refused.ts';
import { eachAtOnce } from '../../support/at-once.ts';
import { CANARY_TEXT, type Canaries, childrenOf, setCanaries } from '../../support/canaries.ts';
import { hasClis } from '../../support/clis.ts';
import { type CommandProduct, type CommandTool, commandProduct } from '../../support/command-product.ts';
import { hasTestUsers } from '../../support/control-plane.ts';

const LINES: Readonly<Record<CommandTool, readonly RefusedLine[]>> = {
  kubectl: KUBECTL_REFUSED,
  helm: HELM_REFUSED,
  istioctl: ISTIOCTL_REFUSED,
  argocd: ARGOCD_REFUSED,
};
const TOOLS = Object.keys(LINES) as CommandTool[];
const ALL_GATES = ['create', 'update', 'delete', 'exec', 'escalation'].map((gate) => `--enable-${gate}`);
/** The worst that an operator can do, and the least. */
const SERVERS = {
  'with all gates open, permissive, and nothing to confirm': [
    ...ALL_GATES,
    '--security-mode=permissive',
    '--confirm=never',
    '--max-body-bytes=67108864',
  ],
  'read-only': [],
};
/** Calls at once: the server takes 32. */
const AT_ONCE = 16;

describe.skipIf(!hasTestUsers() || !hasClis())('hostile command lines', () => {
  test('are at least 300, for all four tools', () => {
    const counts = TOOLS.map((tool) => LINES[tool].length);
    expect(counts.every((count) => count >= 75)).toBe(true);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(300);
    expect(HOSTILE_FILES.length).toBeGreaterThanOrEqual(40);
  });

  describe.each(Object.entries(SERVERS))('sent to a server %s', (name, args) => {
    const atWorst = name !== 'read-only';
    let canaries: Canaries;
    let product: CommandProduct;
    let children: ReturnType<typeof childrenOf>;
    const answers: string[] = [];

    beforeAll(async () => {
      canaries = await setCanaries();
      product = await commandProduct({ args, env: canaries.env });
      // What a command needs at the first one is there before the children are counted.
      expect(await product.run('kubectl', 'version --client')).toMatchObject({ status: 200, success: true });
      children = childrenOf(product.pid);
      expect(children.before).toBeGreaterThan(0);
    });

    test.each(TOOLS)('%s: each is refused with its code, as it stands and aimed at canaries', async (tool) => {
      const lines = LINES[tool].flatMap((line) => [line, ...(atWorst ? aimed(line, canaries) : [])]);
      expect(lines.length > LINES[tool].length).toBe(atWorst);
      const told = await eachAtOnce(AT_ONCE, lines, async (line) => {
        const { code: _, command, ...rest } = line;
        const answer = await product.run(tool, command, rest);
        answers.push(JSON.stringify(answer));
        return [short(command), answer.code ?? `ran: ${answer.exit_code}`];
      });
      expect(told).toEqual(lines.map(({ command, code }) => [short(command), code]));
    });

    test.runIf(atWorst)('files that are hostile are refused with their code, and the file is named', async () => {
      const told = await eachAtOnce(AT_ONCE, HOSTILE_FILES, async (hostile) => {
        const answer = await product.run(hostile.tool, commandOf(hostile), {
          files: hostile.files,
          ...(hostile.stdin === undefined ? {} : { stdin: hostile.stdin }),
        });
        answers.push(JSON.stringify(answer));
        const text = JSON.stringify([answer.detail, answer['problems' as keyof typeof answer]]);
        return [hostile.name, answer.code ?? answer, text.includes(JSON.stringify(hostile.says).slice(1, -1))];
      });
      expect(told).toEqual(HOSTILE_FILES.map(({ name, code }) => [name, code, true]));
    });

    test('nothing ran', () => {
      expect(childrenOf(product.pid)).toEqual(children);
      expect(canaries.seen().ran).toEqual([]);
    });

    test('nobody was contacted', () => {
      expect(canaries.seen().contacts).toBe(0);
    });

    test('no file was read', (context) => {
      context.skip(!canaries.seesReads(), 'this file system does not say when a file was read');
      expect(canaries.seen().read).toEqual([]);
    });

    test('no answer, and no line of the logs, holds what a canary holds', () => {
      expect(answers.length).toBeGreaterThan(600);
      expect(answers.filter((answer) => answer.includes(CANARY_TEXT))).toEqual([]);
      expect(product.log()).not.toContain(CANARY_TEXT);
    });

    test('the instruments would have seen a child', async () => {
      expect(await product.run('kubectl', 'version --client')).toMatchObject({ success: true });
      expect(childrenOf(product.pid).before).toBeGreaterThan(children.before);
    });
  });
});

/** The same line at a file, a program and a port of this machine that tell of it. What runs in a pod is not on this machine. */
function aimed(line: RefusedLine, { file, program, port }: Canaries): RefusedLine[] {
  if (line.command.startsWith('exec ')) return [];
  const command = line.command
    .replace(/\/etc\/passwd|\/proc\/self\/environ|\/etc\/kubernetes\/admin\.conf|\/root\/\.kube\/config/g, file)
    .replace(/\/bin\/(?:ba)?sh\b/g, program)
    .replace(/\bevil\.example\b/gi, `127.0.0.1:${port}`);
  return command === line.command ? [] : [{ ...line, command }];
}

/** A command line that takes such files. */
function commandOf({ tool, path, stdin }: HostileFiles): string {
  if (tool === 'kubectl') return 'get pods';
  if (tool === 'helm') return 'list';
  const words = path?.join(' ') ?? '';
  return `${words} --filename=${stdin === undefined ? 'iop.yaml' : '-'}${words === 'install' ? ' --dry-run' : ''}`;
}

const short = (command: string) => (command.length > 120 ? `${command.slice(0, 100)}… (${command.length})` : command);
