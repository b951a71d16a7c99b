import { beforeAll, describe, expect, test } from 'vitest';
import type { Gate } from '../../../src/kernel/vocabulary.ts';
import { DRY_RUNS, WRITE_LINES, type WriteLine } from '../../attacks/writes.ts';
import { eachAtOnce } from '../../support/at-once.ts';
import { hasClis } from '../../support/clis.ts';
import { type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { hasTestUsers } from '../../support/control-plane.ts';
import { listing, policyWorld } from '../../support/policy-world.ts';

const AT_ONCE = 4;
const open = (gates: readonly Gate[]) => gates.map((gate) => `--enable-${gate}`);

describe.skipIf(!hasTestUsers() || !hasClis())('writes by command', () => {
  let namespace: string;
  beforeAll(async () => {
    namespace = await policyWorld('policy', { mesh: true });
  });
  const started = (...args: string[]) =>
    commandProduct({ args: ['--confirm=never', `--argocd-namespace=${namespace}`, ...args] });
  const fill = (text: string, word: string) =>
    text.replaceAll('{{ns}}', namespace).replaceAll('{{n}}', `${word}-${namespace.slice(-8)}`);

  /** `gate` where a closed gate was the reason, `ran` where it was not. */
  async function verdict(product: CommandProduct, { tool, command, stdin, files }: WriteLine, word: string) {
    const answer = await product.run(tool, fill(command, word), {
      timeout: 30,
      ...(stdin === undefined ? {} : { stdin: fill(stdin, word) }),
      ...(files === undefined
        ? {}
        : { files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, fill(text, word)])) }),
    });
    const { code, reason = '', error } = answer;
    if (code === 'gate_closed' || (answer.status === 200 && /\b(?:is|are) closed: /.test(reason) && !answer.success))
      return 'gate';
    return answer.status === 200 ? 'ran' : `${code} ${answer.detail} ${error}`;
  }
  const verdicts = async (product: CommandProduct, word: string) =>
    eachAtOnce(AT_ONCE, WRITE_LINES, async (line) => [line.tool, line.command, await verdict(product, line, word)]);
  const expected = (gates: readonly Gate[]) =>
    WRITE_LINES.map((line) => [
      line.tool,
      line.command,
      line.gates.every((gate) => gates.includes(gate)) ? 'ran' : 'gate',
    ]);

  test('read-only, every one of them in every disguise is refused, and the cluster is as it was', async () => {
    const before = await listing(namespace);
    expect(before.length).toBeGreaterThan(15);
    const product = await started();
    expect(await verdicts(product, 'none')).toEqual(expected([]));
    expect(await listing(namespace)).toEqual(before);
    await product.stop();
  });

  test('read-only, a dry run of them is carried out, and stores nothing', async () => {
    const before = await listing(namespace);
    const product = await started();
    const told = await eachAtOnce(AT_ONCE, DRY_RUNS, async (command) => {
      const { success, error } = await product.run('kubectl', fill(command, 'dry'));
      return [command, success, success ? null : error];
    });
    expect(told).toEqual(DRY_RUNS.map((command) => [command, true, null]));
    expect(await listing(namespace)).toEqual(before);
    await product.stop();
  });

  test.each<[string, Gate[]]>([
    ['exec', ['exec']],
    ['escalation', ['escalation']],
    ['create', ['create']],
    ['update', ['update']],
    ['delete', ['delete']],
  ])('the gate %s alone opens what needs nothing else', async (word, gates) => {
    const product = await started(...open(gates));
    expect(await verdicts(product, word)).toEqual(expected(gates));
    await product.stop();
  });

  test('permissive mode opens create, update and delete, and neither exec nor escalation', async () => {
    const product = await started('--security-mode=permissive');
    expect(await verdicts(product, 'permissive')).toEqual(expected(['create', 'update', 'delete']));
    await product.stop();
  });
});
