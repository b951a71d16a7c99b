import { beforeAll, describe, expect, test } from 'vitest';
import { hasClis, plainShell } from '../../support/clis.ts';
import { type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import type { EverydayCommand } from '../everyday/types.ts';
import { REMAINDER, WRITES } from '../everyday/writes.ts';

const GATES = ['--enable-create', '--enable-update', '--enable-delete', '--confirm=never'];

/** The same changes in two namespaces: in one by the plain tool, in the other by the product. */
describe.skipIf(!hasTestUsers() || !hasClis())('everyday changes, with their gates open', () => {
  let plain: string;
  let ours: string;
  let product: CommandProduct;

  beforeAll(async () => {
    [plain, ours, product] = await Promise.all([
      freshNamespace('plain'),
      freshNamespace('ours-'),
      commandProduct({ args: GATES }),
    ]);
  });

  /** What both say, each in its own namespace, which is taken out of the texts. */
  async function bothSay({ line, stdin, files }: EverydayCommand) {
    const input = { ...(stdin === undefined ? {} : { stdin }), ...(files === undefined ? {} : { files }) };
    const [theirs, answer] = await Promise.all([
      plainShell(line, { ...input, namespace: plain }),
      product.run('kubectl', line, { ...input, namespace: ours }),
    ]);
    return {
      plain: {
        status: 200,
        code: theirs.code,
        output: theirs.stdout.replaceAll(plain, 'NS'),
        error: theirs.stderr.replaceAll(plain, 'NS'),
      },
      ours: {
        status: answer.status,
        code: answer.exit_code,
        output: answer.output?.replaceAll(ours, 'NS'),
        error: (answer.error ?? '').replaceAll(ours, 'NS'),
      },
      refused: answer.detail,
    };
  }

  // One after the other: each is built on those before.
  test.each(WRITES.map((command, index) => [index + 1, command.line, command] as const))(
    '%i. %s',
    async (_, __, command) => {
      const said = await bothSay(command);
      expect(said.ours, said.refused).toEqual(said.plain);
    },
  );

  test('what they leave behind is the same', async () => {
    const said = await bothSay(REMAINDER);
    expect(said.ours).toEqual(said.plain);
    expect(JSON.parse(said.ours.output).length).toBeGreaterThan(8);
  });

  test('what was sent as a Secret is what is stored', async () => {
    for (const name of ['creds', 'sent']) {
      const stored = await kubectl(['get', 'secret', name, '-n', ours, '-o', 'jsonpath={.data.pass}']);
      expect(Buffer.from(stored, 'base64').toString()).toBe('canary-written-value');
    }
  });
});
