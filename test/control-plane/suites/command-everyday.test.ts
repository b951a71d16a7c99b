import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, type ExpectStatic, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { hasClis, plainCli, plainShell } from '../../support/clis.ts';
import { type CommandProduct, type CommandTool, commandProduct } from '../../support/command-product.ts';
import { controlPlane, freshNamespace, hasTestUsers } from '../../support/control-plane.ts';
import { scratchFolder } from '../../support/product.ts';
import { KUBECTL_CHANGES } from '../everyday/kubectl-changes.ts';
import { KUBECTL_FAILURES } from '../everyday/kubectl-failures.ts';
import { KUBECTL_GET } from '../everyday/kubectl-get.ts';
import { KUBECTL_LOOK } from '../everyday/kubectl-look.ts';
import { OTHER_TOOLS } from '../everyday/other-tools.ts';
import { PIPES } from '../everyday/pipes.ts';
import type { EverydayCommand } from '../everyday/types.ts';

const OBJECTS = join(import.meta.dirname, '..', 'fixtures', 'everyday.yaml');

/** What prints ages is looked at again until both look in the same second. */
const LOOKS = 12;

describe.skipIf(!hasTestUsers() || !hasClis())(
  'everyday commands print what the plain tool prints, byte for byte',
  () => {
    let product: CommandProduct;
    let kubeconfig: string;
    /** Discovery of the plain tools, kept from command to command as on anybody's machine. */
    const cache = mkdtempSync(join(tmpdir(), 'k8s-mcp-cache-'));
    afterAll(() => rmSync(cache, { recursive: true, force: true }));

    beforeAll(async () => {
      const namespace = await freshNamespace('everyday');
      kubeconfig = join(scratchFolder(), 'kubeconfig');
      writeFileSync(kubeconfig, inNamespace(readFileSync(controlPlane().kubeconfig, 'utf8'), namespace));
      await settle(namespace);
      product = await commandProduct({ kubeconfig });
    });

    /** Everything is there and nothing moves any more. */
    async function settle(namespace: string) {
      await must(['apply', '-f', '-'], readFileSync(OBJECTS, 'utf8').replaceAll('THIS_NAMESPACE', namespace));
      await must(['rollout', 'status', 'deploy/web', '--timeout=40s']);
      await must(['set', 'image', 'deploy/web', 'app=example.test/web:1.28']);
      await must(['annotate', 'deploy/web', 'kubernetes.io/change-cause=second release', '--overwrite']);
      await must(['rollout', 'status', 'deploy/web', '--timeout=40s']);
      await must(['rollout', 'status', 'sts/db', '--timeout=40s']);
      await must(['wait', '--for=condition=Ready', 'pod/web-0', 'pod/single', '--timeout=40s']);
    }

    async function must(words: string[], stdin = '') {
      const { code, stderr } = await plainCli('kubectl', words, { kubeconfig, stdin, env: { KUBECACHEDIR: cache } });
      if (code !== 0) throw new Error(`kubectl ${words.join(' ')}: ${stderr}`);
    }

    async function bothSay({ line, sent, stdin, files }: EverydayCommand) {
      const [tool = ''] = line.split(' ', 1);
      const input = { ...(stdin === undefined ? {} : { stdin }), ...(files === undefined ? {} : { files }) };
      const [plain, ours] = await Promise.all([
        plainShell(line, { ...input, kubeconfig, env: { KUBECACHEDIR: cache } }),
        product.run(tool as CommandTool, sent ?? line.slice(tool.length + 1), input),
      ]);
      return {
        plain: { status: 200, code: plain.code, output: plain.stdout, error: plain.stderr },
        ours: { status: ours.status, code: ours.exit_code, output: ours.output, error: ours.error ?? '' },
        whole: ours,
      };
    }

    async function compare(command: EverydayCommand, expect: ExpectStatic) {
      let said = await bothSay(command);
      for (let look = 1; look < LOOKS && command.moves && differ(said); look++) said = await bothSay(command);
      expect(said.ours, said.whole.detail).toEqual(said.plain);
      expect(said.whole.changed).toBeUndefined();
    }

    const lists: [string, readonly EverydayCommand[]][] = [
      ['get', KUBECTL_GET],
      ['describe, logs, explain and the rest that only looks', KUBECTL_LOOK],
      ['dry runs and differences', KUBECTL_CHANGES],
      ['failures', KUBECTL_FAILURES],
      ['pipes', PIPES],
      ['helm, istioctl and argocd', OTHER_TOOLS],
    ];
    describe.each(lists)('%s', (_, commands) => {
      test.concurrent.for(commands.map((command) => [shown(command), command] as const))(
        '%s',
        async ([, command], { expect }) => {
          await compare(command, expect);
        },
      );
    });
  },
);

function differ({ plain, ours }: { plain: object; ours: object }): boolean {
  return JSON.stringify(plain) !== JSON.stringify(ours);
}

function shown({ line, stdin }: EverydayCommand): string {
  return `${line}${stdin === undefined ? '' : ` <<< ${stdin.slice(0, 30)}`}`.replaceAll(/\s+/g, ' ');
}

interface Kubeconfig {
  'current-context': string;
  contexts: { name: string; context: { namespace?: string } }[];
}

/** The same kubeconfig, its current context in this namespace. */
function inNamespace(text: string, namespace: string): string {
  const config = parse(text) as Kubeconfig;
  for (const { name, context } of config.contexts) {
    if (name === config['current-context']) context.namespace = namespace;
  }
  return stringify(config, { aliasDuplicateObjects: false, lineWidth: 0 });
}
