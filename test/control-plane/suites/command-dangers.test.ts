import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Danger } from '../../attacks/danger.ts';
import { DANGERS } from '../../attacks/dangers.ts';
import { eachAtOnce } from '../../support/at-once.ts';
import { CANARY_TEXT, type Canaries, setCanaries } from '../../support/canaries.ts';
import { installArgocd } from '../../support/cli-fixtures.ts';
import { hasClis } from '../../support/clis.ts';
import { type CommandProduct, type CommandTool, commandProduct } from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';

const SECRET = 'Canary-Secret-0417-value';
/** The value as it is, and in the forms in which a template could print it. */
const FORMS = [
  SECRET,
  Buffer.from(SECRET).toString('base64'),
  Buffer.from(SECRET).toString('hex'),
  SECRET.split('').join('-'),
  [...Buffer.from(Buffer.from(SECRET).toString('base64'))].join(','),
];
const TOOLS: readonly CommandTool[] = ['kubectl', 'helm', 'istioctl', 'argocd'];
const AT_ONCE = 4;

describe.skipIf(!hasTestUsers() || !hasClis())('commands that are dangerous by nature, with all gates open', () => {
  let canaries: Canaries;
  let product: CommandProduct;
  let namespace: string;
  const answers: string[] = [];

  beforeAll(async () => {
    canaries = await setCanaries();
    namespace = await freshNamespace('dangers');
    await kubectl(['create', 'secret', 'generic', 'db', `--from-literal=password=${SECRET}`, '-n', namespace]);
    await installArgocd(namespace);
    const gates = ['create', 'update', 'delete', 'exec', 'escalation'].map((gate) => `--enable-${gate}`);
    product = await commandProduct({
      args: [...gates, '--confirm=never', `--argocd-namespace=${namespace}`, '--helm-repo-allow=charts.example'],
      env: canaries.env,
    });
  });

  test.each(TOOLS)('%s ends each as it should, and tells nothing of this machine', async (tool) => {
    const dangers = DANGERS.filter((danger) => danger.tool === tool);
    const told = await eachAtOnce(AT_ONCE, dangers, (danger) => attempt(danger));
    expect(told).toEqual(dangers.map(({ name, ends }) => [name, ends, 'as told']));
  });

  test('nothing of a canary or a Secret is in any answer', () => {
    expect(answers).toHaveLength(DANGERS.length);
    const leaks = [CANARY_TEXT, ...FORMS, 'root:x:0:0'];
    expect(answers.filter((answer) => leaks.some((leak) => answer.includes(leak)))).toEqual([]);
  });

  test('no other program ran, nobody was contacted, nothing was written', () => {
    expect(canaries.seen()).toMatchObject({ ran: [], contacts: 0 });
    expect(readdirSync(dirname(canaries.file)).sort()).toEqual(['bin', 'canary.yaml', 'control', 'home', 'marks']);
  });

  test('no file was read', (context) => {
    context.skip(!canaries.seesReads(), 'this file system does not say when a file was read');
    expect(canaries.seen().read).toEqual([]);
  });

  async function attempt(danger: Danger): Promise<unknown[]> {
    const { tool, name, command, files, stdin, says = '' } = danger;
    const answer = await product.run(tool, filled(command), {
      ...(files === undefined
        ? {}
        : { files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, filled(text)])) }),
      ...(stdin === undefined ? {} : { stdin: filled(stdin) }),
    });
    answers.push(JSON.stringify(answer));
    const { code, exit_code: exit, output, error, detail, reason, hint } = answer;
    const text = [output, error, detail, reason, hint].join('\n');
    return [name, code ?? exit, text.includes(filled(says)) ? 'as told' : text.slice(0, 600)];
  }

  function filled(text: string): string {
    return text
      .replaceAll('{{file}}', canaries.file)
      .replaceAll('{{up}}', `${'../'.repeat(20)}${canaries.file.slice(1)}`)
      .replaceAll('{{dir}}', dirname(canaries.file))
      .replaceAll('{{port}}', String(canaries.port))
      .replaceAll('{{namespace}}', namespace);
  }
});
