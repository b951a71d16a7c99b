import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { KubeconfigAttack } from '../../attacks/kubeconfig-parts.ts';
import { KUBECONFIG_ATTACKS } from '../../attacks/kubeconfigs.ts';
import { eachAtOnce } from '../../support/at-once.ts';
import { CANARY_TEXT, type Canaries, childrenOf, setCanaries } from '../../support/canaries.ts';
import { hasClis } from '../../support/clis.ts';
import { type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { hasTestUsers } from '../../support/control-plane.ts';

/**
 * Scripted answers of name servers are for src/kube/request-attacks.test.ts, and a name that nobody knows is no attack: its commands run
 * and fail. An empty text is as good as none, on every face.
 */
const ATTACKS = KUBECONFIG_ATTACKS.filter(
  ({ dns, code, encoded }) => dns === undefined && code !== 'cluster_unreachable' && encoded !== '',
);
/** One server for each way in which the operator may have set it up. */
const SETUPS = Object.entries(
  Object.groupBy(ATTACKS, ({ settings = {}, loopbackOnly = false }) => setupOf(settings, loopbackOnly).join(' ')),
).map(([args, attacks = []]) => ({ args, attacks, count: attacks.length }));

/** Every tool takes a kubeconfig; each attack is tried with the first and with one of the others. */
const CALLS = [
  ['kubectl', { command: 'get pods' }],
  ['helm', { command: 'list' }],
  ['istioctl', { command: 'version' }],
  ['argocd', { command: 'app list' }],
  ['get_api_resources', {}],
  ['list_resources', { kind: 'Pod' }],
  ['kubectl', { command: 'config view' }],
] as const;

/** Calls at once: the server takes 32. */
const AT_ONCE = 12;
/** In the list's place of an address of this machine. */
const SCRIPTED_ADDRESS = '10.9.8.7';

describe.skipIf(!hasTestUsers() || !hasClis())('hostile kubeconfigs', () => {
  test('are at least 80', () => {
    expect(ATTACKS.length).toBeGreaterThanOrEqual(80);
  });

  test.each(SETUPS)('$count of them at `serve $args`: each refused with its code and field', async (setup) => {
    const canaries = await setCanaries();
    const product = await commandProduct({
      args: [...setup.args.split(' '), '--max-body-bytes=16777216'],
      env: canaries.env,
    });
    expect(await product.run('kubectl', 'version --client')).toMatchObject({ status: 200, success: true });
    const children = childrenOf(product.pid);
    const told = await eachAtOnce(AT_ONCE, setup.attacks, (attack, at) => tryAttack(product, canaries, attack, at));
    expect(told).toEqual(
      setup.attacks.map(({ name, code, field }) => [name, [code, field, false], [code, field, false]]),
    );
    expect(childrenOf(product.pid)).toEqual(children);
    expect(canaries.seen()).toEqual({ ran: [], contacts: 0, read: [] });
    expect(product.log()).not.toContain(CANARY_TEXT);
    await product.stop();
  });
});

function setupOf(settings: NonNullable<KubeconfigAttack['settings']>, loopbackOnly: boolean): string[] {
  const lists = {
    'kubeconfig-exec-allow': settings.kubeconfigExecAllow,
    'kubeconfig-server-allow': settings.kubeconfigServerAllow,
    'kubeconfig-server-deny': settings.kubeconfigServerDeny,
  };
  return [
    ...(loopbackOnly ? ['--host=127.0.0.1'] : ['--host=0.0.0.0', '--allow-unauthenticated']),
    ...Object.entries(lists).flatMap(([flag, values]) => (values === undefined ? [] : [`--${flag}=${values.join()}`])),
    ...(settings.cloudEnv === true ? ['--cloud-env'] : []),
  ];
}

/** With the first call and another one: by the field, and by the header where it fits into one. */
async function tryAttack(product: CommandProduct, canaries: Canaries, attack: KubeconfigAttack, at: number) {
  const encoded = encodedOf(attack, canaries, product);
  const other = CALLS[1 + (at % (CALLS.length - 1))] ?? CALLS[0];
  const inHeader = encoded.length > 0 && encoded.length < 8000 && !/[^\x21-\x7e]/.test(encoded);
  const first = await send(product, CALLS[0], { kubeconfig: encoded }, {});
  const second = inHeader
    ? await send(product, other, {}, { 'x-kubeconfig': encoded })
    : await send(product, other, { kubeconfig: encoded }, {});
  return [attack.name, resultOf(first, attack), resultOf(second, attack)];
}

async function send(
  { url }: CommandProduct,
  [tool, args]: (typeof CALLS)[number],
  more: object,
  headers: Record<string, string>,
): Promise<string> {
  const response = await fetch(`${url.replace('0.0.0.0', '127.0.0.1')}/tools/${tool}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ ...args, ...more }),
  });
  return response.text();
}

interface Problem {
  code?: string;
  problems?: { field: string }[];
}

/** The code, the field if it is among the problems, and whether anything of the document or the machine is told. */
function resultOf(text: string, { field }: KubeconfigAttack) {
  const { code, problems } = JSON.parse(text) as Problem;
  const named = field === undefined ? undefined : problems?.find((problem) => problem.field === field)?.field;
  return [code ?? text, named, /canary/i.test(text)];
}

function encodedOf({ config, encoded }: KubeconfigAttack, { home, port }: Canaries, { url }: CommandProduct): string {
  if (encoded !== undefined) return encoded;
  const text = (typeof config === 'string' ? config : JSON.stringify(config))
    .replaceAll('{{dir}}/canary', `${home}/.kube/config`)
    .replaceAll('{{dir}}/aws', `${home}/bin/canary-program`)
    .replaceAll('{{dir}}', home)
    .replaceAll('{{port}}', String(port))
    .replaceAll(SCRIPTED_ADDRESS, ownAddress())
    .replaceAll('{{own}}', new URL(url).port);
  return Buffer.from(text).toString('base64');
}

/** Of a network card, or loopback where there is none: refused for another reason, and just as well. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
