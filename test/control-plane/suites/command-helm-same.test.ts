import { beforeAll, describe, expect, test } from 'vitest';
import { chartFiles } from '../../support/charts.ts';
import { CHART_PASSWORD } from '../../support/cli-fixtures.ts';
import { hasClis, plainShell } from '../../support/clis.ts';
import { type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { RELEASE_LIFE } from '../everyday/releases.ts';

const GATES = ['--enable-create', '--enable-update', '--enable-delete', '--confirm=never'];
const FILES = { ...chartFiles(), 'my.yaml': 'greeting: from a file\n' };

/** Without times, and with the chart's password as we show it: hidden. */
function steady(text: string, namespace: string): string {
  return text
    .replaceAll(namespace, 'NS')
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z| \+0000 UTC)?/g, '<time>')
    .replaceAll(/\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, '<time>')
    .replaceAll(/<redacted sha256:[0-9a-f]{8}>/g, '<hidden>')
    .replaceAll(CHART_PASSWORD, '<hidden>');
}

/** The same release in two namespaces: in one by the plain helm, in the other by the product, with the chart in `files`. */
describe.skipIf(!hasTestUsers() || !hasClis())('the life of a release is the same', () => {
  let plain: string;
  let ours: string;
  let product: CommandProduct;
  const seen: string[] = [];

  beforeAll(async () => {
    [plain, ours, product] = await Promise.all([
      freshNamespace('plain'),
      freshNamespace('ours-'),
      commandProduct({ args: GATES }),
    ]);
  });

  // One after the other: each is built on those before.
  test.each(RELEASE_LIFE.map((line, index) => [index + 1, line] as const))('%i. %s', async (_, line) => {
    const [theirs, answer] = await Promise.all([
      plainShell(line, { files: FILES, namespace: plain }),
      product.run('helm', line, { files: FILES, namespace: ours }),
    ]);
    seen.push(JSON.stringify(answer));
    const { status, exit_code: code, output = '', error } = answer;
    expect({ status, code, output: steady(output, ours), error: steady(error ?? '', ours) }, answer.detail).toEqual({
      status: 200,
      code: theirs.code,
      output: steady(theirs.stdout, plain),
      error: steady(theirs.stderr, plain),
    });
  });

  test('no answer held the password, which is in the release all the same', async () => {
    expect(seen.filter((text) => text.includes(CHART_PASSWORD))).toEqual([]);
    await product.run('helm', 'install stored ./chart', { files: FILES, namespace: ours });
    const stored = await kubectl(['get', 'secret', 'stored', '-n', ours, '-o', 'jsonpath={.data.password}']);
    expect(Buffer.from(stored, 'base64').toString()).toBe(CHART_PASSWORD);
  });
});
