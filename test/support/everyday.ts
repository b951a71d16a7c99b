/** Everyday commands through the product and through the plain tools, in a namespace where everything they ask for is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, type ExpectStatic, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { EverydayCommand } from '../control-plane/everyday/types.ts';
import { atRest } from './at-rest.ts';
import { type CliResult, hasClis, plainCli, plainShell } from './clis.ts';
import { type CommandProduct, type CommandTool, commandProduct } from './command-product.ts';
import { controlPlane, freshNamespace, hasTestUsers } from './control-plane.ts';
import { scratchFolder } from './product.ts';

const OBJECTS = join(import.meta.dirname, '..', 'control-plane', 'fixtures', 'everyday.yaml');

/** What prints ages is looked at again until both look in the same second. */
const LOOKS = 25;

/** Compares each command of the lists; the first of a list is its title. */
export function compareEveryday(title: string, lists: readonly (readonly [string, readonly EverydayCommand[]])[]) {
  describe.skipIf(!hasTestUsers() || !hasClis())(title, () => {
    let shop: Shop;
    beforeAll(async () => {
      shop = await openShop();
    });

    describe.each(lists)('%s', (_, commands) => {
      test.concurrent.for(commands.map((command) => [shown(command), command] as const))(
        '%s',
        async ([, command], { expect }) => compare(shop, command, expect),
      );
    });
  });
}

async function compare(shop: Shop, command: EverydayCommand, expect: ExpectStatic) {
  let said = await bothSay(shop, command);
  for (let look = 1; look < LOOKS && command.moves && differ(said); look++) said = await bothSay(shop, command);
  expect(said.ours, said.refused).toEqual(said.plain);
  expect(said.changed).toBeUndefined();
}

async function bothSay({ product, plain }: Shop, command: EverydayCommand) {
  const { line, sent, argv, stdin, files, namespace } = command;
  const tool = line.split(' ', 1)[0] as CommandTool;
  const input = { ...(stdin === undefined ? {} : { stdin }), ...(files === undefined ? {} : { files }) };
  const [theirs, ours] = await Promise.all([
    argv === undefined ? plain.shell(line, input) : plain.run(tool, argv, input),
    product.run(tool, sent ?? line.slice(tool.length + 1), {
      ...input,
      ...(namespace === undefined ? {} : { namespace }),
    }),
  ]);
  return {
    plain: {
      status: 200,
      code: theirs.code,
      output: withoutFolders(theirs.stdout),
      error: inOrder(withoutFolders(theirs.stderr)),
    },
    ours: { status: ours.status, code: ours.exit_code, output: ours.output, error: inOrder(ours.error ?? '') },
    refused: ours.detail,
    changed: ours.changed,
  };
}

/** The programs of a pipe complain at the same time: whose line comes first is chance. */
function inOrder(text: string): string {
  return text.split('\n').sort().join('\n');
}

/** Where the plain tool was run, as it stands in its texts: its working folder is left out, as it would be for a caller. */
function withoutFolders(text: string): string {
  return text.replaceAll(/\/tmp\/k8s-mcp-work-\w+\//g, '').replaceAll(/\/tmp\/k8s-mcp-plain-\w+/g, '~');
}

function differ({ plain, ours }: { plain: object; ours: object }): boolean {
  return JSON.stringify(plain) !== JSON.stringify(ours);
}

function shown({ line, stdin }: EverydayCommand): string {
  return `${line}${stdin === undefined ? '' : ` <<< ${stdin.slice(0, 30)}`}`.replaceAll(/\s+/g, ' ');
}

type Input = Pick<EverydayCommand, 'stdin' | 'files'>;

/** The product and the plain tools on one kubeconfig, whose current context is in a namespace of its own. */
export interface Shop {
  namespace: string;
  kubeconfig: string;
  product: CommandProduct;
  plain: {
    /** As typed into bash. */
    shell(line: string, input?: Input): Promise<CliResult>;
    run(tool: CommandTool, argv: readonly string[], input?: Input): Promise<CliResult>;
  };
}

export async function openShop(args: readonly string[] = []): Promise<Shop> {
  const namespace = await freshNamespace('everyday');
  const kubeconfig = join(scratchFolder(), 'kubeconfig');
  writeFileSync(kubeconfig, inNamespace(readFileSync(controlPlane().kubeconfig, 'utf8'), namespace));
  // Discovery of the plain tools is kept from command to command, as on anybody's machine.
  const env = { KUBECACHEDIR: join(scratchFolder(), 'cache') };
  const plain: Shop['plain'] = {
    shell: (line, input = {}) => plainShell(line, { ...input, kubeconfig, env }),
    run: (tool, argv, input = {}) => plainCli(tool, argv, { ...input, kubeconfig, env }),
  };
  await fill(plain, namespace);
  return { namespace, kubeconfig, plain, product: await commandProduct({ kubeconfig, args }) };
}

/** Everything is there and nothing moves any more. */
async function fill({ run }: Shop['plain'], namespace: string) {
  const must = async (words: string[], stdin = '') => {
    const { code, stderr } = await run('kubectl', words, { stdin });
    if (code !== 0) throw new Error(`kubectl ${words.join(' ')}: ${stderr}`);
  };
  await must(['apply', '-f', '-'], readFileSync(OBJECTS, 'utf8').replaceAll('THIS_NAMESPACE', namespace));
  await must(['rollout', 'status', 'deploy/web', '--timeout=120s']);
  await must(['set', 'image', 'deploy/web', 'app=example.test/web:1.28']);
  await must(['annotate', 'deploy/web', 'kubernetes.io/change-cause=second release', '--overwrite']);
  await must(['rollout', 'status', 'deploy/web', '--timeout=120s']);
  await must(['rollout', 'status', 'sts/db', '--timeout=120s']);
  await must(['wait', '--for=condition=Ready', 'pod/web-0', 'pod/single', '--timeout=120s']);
  await atRest(namespace);
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
