import { expect } from 'vitest';
import { type Check, CONFIG_MAPS, type Ground, LIST, next, refusal, rest, testRows, told } from './row-setup.ts';
import { watchRows } from './rows-watch.ts';

const HISTORY = ['ADDED a', 'ADDED b', 'ADDED c', 'ADDED d', 'MODIFIED b', 'DELETED d'];
const INITIAL = `${LIST}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`;
const NAMES = ['a', 'b', 'c', 'kube-root-ca.crt'];
const INITIAL_EVENTS = NAMES.map((name) => `ADDED ${name}`);
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

interface Event {
  type: string;
  object: { kind: string; metadata: { name: string; resourceVersion?: string; annotations?: object } };
}

const label = ({ sandbox }: Ground, value: string) =>
  sandbox.operator.modify('configmaps', 'team-a', 'c', (draft) => {
    draft.metadata.labels = { at: value };
  });

/** These lines and the end; the next watch is as it should be. */
const ends =
  (lines: readonly string[], end = 'clean'): Check =>
  async ({ client, watch }) => {
    const answer = (await client()).open(watch);
    expect([await rest(answer), await answer.end]).toEqual([lines, end]);
    expect(await next((await client()).open(watch), 6)).toEqual(HISTORY);
  };

/** The watch begins so. */
const begins =
  (lines: readonly string[], path?: string): Check =>
  async ({ client, watch }) => {
    expect(await next((await client()).open(path ?? watch), lines.length)).toEqual(lines);
  };

async function events(answer: { line(): Promise<string | undefined> }, count: number): Promise<Event[]> {
  const found: Event[] = [];
  for (let at = 0; at < count; at++) found.push(JSON.parse((await answer.line()) ?? 'null'));
  return found;
}

let changes = 0;

/** The end mark does not come, nor does anything else before the next change. */
const withoutMark =
  (before: number): Check =>
  async (ground) => {
    const answer = (await ground.client()).open(INITIAL);
    expect(new Set(await next(answer, before))).toEqual(new Set(INITIAL_EVENTS));
    label(ground, `change-${changes++}`);
    expect(await next(answer, 1)).toEqual(['MODIFIED c']);
  };

const swapped =
  (sameUid: boolean): Check =>
  async ({ client, watch, sandbox }) => {
    const uid = async () =>
      JSON.parse((await (await client()).ask('/api/v1/namespaces/kube-system')).body.toString()).metadata.uid;
    const before = await uid();
    const answer = (await client()).open(watch);
    expect([await rest(answer), await answer.end]).toEqual([['ADDED a'], 'ECONNRESET']);
    expect((await uid()) === before).toBe(sameUid);
    const list = JSON.parse((await (await client()).ask(LIST)).body.toString());
    expect(list.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['kube-root-ca.crt']);
    expect(Number(list.metadata.resourceVersion)).toBeLessThan(sandbox.store.revision);
  };

const skewed =
  (skewMs: number): Check =>
  async ({ client, proxy }) => {
    const made = await client();
    const wrong = Date.parse((await made.ask(LIST)).headers['date'] ?? '');
    await proxy.setPlan({ rules: [] });
    const right = Date.parse((await made.ask(LIST)).headers['date'] ?? '');
    // The second answer may be of a later second.
    expect(Math.round((wrong - right) / 60_000)).toBe(skewMs / 60_000);
  };

testRows(watchRows(CONFIG_MAPS), {
  'F35 in the stream': ends(['ADDED a', 'ERROR 410']),
  'F35 http': async ({ client, watch }) => {
    const made = await client();
    expect((await made.ask(watch)).status).toBe(410);
    expect(await next(made.open(watch), 1)).toEqual(['ADDED a']);
  },
  'F36 500': ends(['ADDED a', 'ERROR 500']),
  'F36 unknown code': ends(['ADDED a', 'ERROR 599']),
  'F36 malformed': ends(['ADDED a', 'ERROR']),
  'F37 by the server': async ({ client, watch, sandbox }) => {
    const answer = (await client()).open(watch);
    expect(await next(answer, 6)).toEqual(HISTORY);
    sandbox.clock.advance(1000);
    expect([await answer.line(), await answer.end]).toEqual([undefined, 'clean']);
  },
  'F37 by the proxy': async ({ client, watch, advance }) => {
    const answer = (await client()).open(watch);
    expect(await next(answer, 6)).toEqual(HISTORY);
    await advance(300_000);
    expect([await answer.line(), await answer.end]).toEqual([undefined, 'clean']);
  },
  'F38 four times': async ({ client, watch }) => {
    const made = await client();
    for (let turn = 0; turn < 4; turn++) {
      const { status, body, end } = await made.ask(watch);
      expect([status, body.length, end]).toEqual([200, 0, 'clean']);
    }
    expect(await next(made.open(watch), 6)).toEqual(HISTORY);
  },
  'F39 restart after 3 h': async ({ client, watch, advance, clock }) => {
    const made = await client();
    const answer = made.open(watch);
    expect(await next(answer, 6)).toEqual(HISTORY);
    await advance(10_800_000);
    await expect.poll(() => made.goaways).toEqual([0]);
    clock.advance(5000);
    expect(await answer.end).toBe('cut');
  },
  'F40 none': withoutMark(4),
  'F41 older': async ({ client, sandbox }) => {
    const bookmark = (await events((await client()).open(INITIAL), 5))[4];
    expect([bookmark?.type, bookmark?.object.metadata.resourceVersion]).toEqual([
      'BOOKMARK',
      String(sandbox.store.revision - 10),
    ]);
  },
  'F41 without version': async ({ client }) => {
    const bookmark = (await events((await client()).open(INITIAL), 5))[4];
    expect([bookmark?.type, bookmark?.object.metadata.resourceVersion]).toEqual(['BOOKMARK', undefined]);
  },
  'F42 repeated': begins(HISTORY.flatMap((event) => [event, event])),
  'F42 ADDED of known': begins(['ADDED a', 'ADDED b', 'ADDED c', 'ADDED d', 'ADDED b', 'DELETED d']),
  'F42 MODIFIED of unknown': begins([
    'MODIFIED a',
    'MODIFIED b',
    'MODIFIED c',
    'MODIFIED d',
    'MODIFIED b',
    'DELETED d',
  ]),
  'F42 DELETED of unknown': begins(['ADDED a', 'DELETED never-seen', 'ADDED b']),
  'F42 turned round': begins(['MODIFIED b', 'ADDED b', 'DELETED d', 'ADDED d']),
  'F43 away': async ({ client, watch, clock }) => {
    const answer = (await client()).open(watch);
    expect([await rest(answer), await answer.end]).toEqual([['ADDED a'], 'ECONNRESET']);
    expect(await refusal(client())).toBe('ECONNREFUSED');
    clock.advance(10_000);
    await expect.poll(async () => refusal(client())).toBe('connected');
  },
  'F44 once': async ({ client, watch }) => {
    const made = await client();
    expect(await next(made.open(watch), 3)).toEqual(['ADDED a', '{"type":"ADDED","object":{"meta', 'ADDED c']);
    expect(await next(made.open(watch), 3)).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
  },
  'F44 three times': async ({ client, watch }) => {
    const made = await client();
    for (let turn = 0; turn < 3; turn++) {
      expect(await next(made.open(watch), 3)).toEqual(['ADDED a', 'not JSON at all', 'ADDED c']);
    }
    expect(await next(made.open(watch), 3)).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
  },
  'F44 corrupt byte': async ({ client, watch }) => {
    const answer = (await client()).open(watch);
    const [first, second] = [await answer.line(), await answer.line()];
    expect([first?.startsWith('{'), first?.endsWith('"type":"ADDED"'), told(second)]).toEqual([
      false,
      false,
      'ADDED b',
    ]);
    expect(answer.chunks[0]?.[0]).toBe(0xff - '{'.charCodeAt(0));
  },
  'F45 clean end': async ({ client, watch }) => {
    const answer = (await client()).open(watch);
    expect([await rest(answer), await answer.end]).toEqual([['ADDED a'], 'clean']);
    const text = Buffer.concat(answer.chunks).toString();
    expect(text.slice(text.indexOf('\n') + 1)).toBe('{"type":"ADDED","object":{"kin');
  },
  'F45 reset': async ({ client, watch }) => {
    const answer = (await client()).open(watch);
    expect([await rest(answer), await answer.end]).toEqual([['ADDED a'], 'ECONNRESET']);
    const text = Buffer.concat(answer.chunks).toString();
    expect(text.slice(text.indexOf('\n') + 1)).toBe('{"type":"ADDED","object":{"kin');
  },
  'F46 type': begins(['ADDED a', 'MUTATED b', 'ADDED c']),
  'F46 kind': async ({ client, watch }) => {
    const found = await events((await client()).open(watch), 3);
    expect(found.map((event) => event.object.kind)).toEqual(['ConfigMap', 'Gadget', 'ConfigMap']);
  },
  'F47 slow': async ({ client, sandbox, clock }) => {
    const { operator, store } = sandbox;
    const busy = operator.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'busy', namespace: 'default' },
      data: { text: 'y'.repeat(2000) },
    });
    const answer = (await client()).open(
      `/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=${store.revision}`,
    );
    expect((await answer.head)?.status).toBe(200);
    // The server lets a watch be 10,000 events behind, besides what is in its buffers: about 1,000 of these.
    for (let count = 0; count < 12_000; count++) {
      store.put({ resource: 'configmaps', object: { ...busy, metadata: { ...busy.metadata } } });
      if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    operator.delete('configmaps', 'default', 'busy');
    let end = '';
    void answer.end.then((how) => {
      end = how;
    });
    const goOn = () => {
      clock.advance(1e6);
      return end;
    };
    await expect.poll(goOn, { interval: 1 }).toBe('clean');
    const lines = Buffer.concat(answer.chunks).toString().split('\n').length - 1;
    expect([lines > 100, lines < 5000]).toEqual([true, true]);
  },
  'F48 400': async ({ client }) => {
    const made = await client();
    expect((await made.ask(INITIAL)).status).toBe(400);
    expect((await made.ask(LIST)).status).toBe(200);
  },
  'F48 422': async ({ client }) => {
    expect((await (await client()).ask(INITIAL)).status).toBe(422);
  },
  'F48 ignored': async (ground) => {
    const answer = (await ground.client()).open(`${INITIAL}&resourceVersion=${ground.sandbox.store.revision}`);
    expect((await answer.head)?.status).toBe(200);
    label(ground, 'F48');
    expect(await next(answer, 1)).toEqual(['MODIFIED c']);
  },
  'F49 no end mark': withoutMark(4),
  'F49 events without end': withoutMark(1004),
  'F50 annotation': async ({ client }) => {
    const bookmark = (await events((await client()).open(INITIAL), 5))[4];
    expect([bookmark?.type, bookmark?.object.metadata.annotations]).toEqual(['BOOKMARK', {}]);
  },
  'F50 bookmarks': withoutMark(4),
  'F51 cut halfway': async ({ client }) => {
    const answer = (await client()).open(INITIAL);
    expect([await rest(answer), await answer.end]).toEqual([['ADDED a', 'ADDED b'], 'ECONNRESET']);
    expect(await next((await client()).open(INITIAL), 5)).toEqual([...INITIAL_EVENTS, 'BOOKMARK']);
  },
  'F51 MODIFIED before the end': begins(['ADDED a', 'MODIFIED a', 'ADDED b'], INITIAL),
  'F51 DELETED before the end': begins(['ADDED a', 'DELETED a', 'ADDED b'], INITIAL),
  'F51 no order': async ({ client }) => {
    const right = JSON.parse((await (await client()).ask(`${LIST}/b`)).body.toString());
    const [, second] = await events((await client()).open(INITIAL), 2);
    expect(Number(second?.object.metadata.resourceVersion)).toBe(Number(right.metadata.resourceVersion) - 3);
  },
  'F53 404': async ({ client, watch }) => {
    const made = await client();
    expect((await made.ask(LIST)).status).toBe(200);
    expect((await made.ask(watch)).end).toBe('clean');
    const { status, body } = await made.ask(watch);
    expect([status, body.toString()]).toEqual([404, '404 page not found\n']);
    expect((await made.ask(LIST)).status).toBe(404);
  },
  'F55 503': async ({ client, watch }) => {
    const made = await client();
    expect([(await made.ask(LIST)).status, (await made.ask(watch)).status]).toEqual([503, 503]);
  },
  'F55 stale': async ({ client }) => {
    const { body } = await (await client()).ask('/apis', { headers: { accept: AGGREGATED } });
    const groups: { metadata: { name: string }; versions: { freshness: string }[] }[] = JSON.parse(
      body.toString(),
    ).items;
    const stale = groups.filter((group) => group.versions.some((version) => version.freshness === 'Stale'));
    expect(stale.map((group) => group.metadata.name)).toEqual(['metrics.k8s.io']);
  },
  'F56 one group version': async ({ client }) => {
    const made = await client();
    expect((await made.ask('/apis/apps/v1')).status).toBe(503);
    expect((await made.ask('/apis/batch/v1')).status).toBe(200);
    expect((await made.ask('/apis', { headers: { accept: AGGREGATED } })).status).toBe(200);
  },
  'F56 all groups': async ({ client }) => {
    const made = await client();
    expect([(await made.ask('/apis')).status, (await made.ask('/api')).status]).toEqual([503, 200]);
  },
  'F58 repeated': begins([...Array.from({ length: 1001 }, () => 'ADDED a'), 'ADDED b']),
  'F59 large': async ({ client }) => {
    const { body } = await (await client()).ask(LIST);
    expect(Math.floor(body.length / 1_000_000)).toBe(2);
    expect(JSON.parse(body.toString()).items).toHaveLength(4);
  },
  'F60 in turn': async ({ client, watch, clock, sandbox }) => {
    const list = async () => JSON.parse((await (await client()).ask(LIST)).body.toString()).metadata.resourceVersion;
    const before = await list();
    const made = await client();
    const first = made.open(watch);
    expect([await rest(first), await first.end, made.goaways]).toEqual([['ADDED a'], 'cut', [0]]);
    const second = (await client()).open(watch);
    expect([await rest(second), await second.end]).toEqual([['ADDED a'], 'cut']);
    label({ sandbox } as Ground, 'F60');
    expect([await list(), await list()]).toEqual([before, before]);
    const third = (await client()).open(watch);
    expect([await rest(third), await third.end]).toEqual([['ADDED a'], 'ECONNRESET']);
    expect(await refusal(client())).toBe('ECONNREFUSED');
    clock.advance(2000);
    await expect.poll(async () => refusal(client())).toBe('connected');
    expect(Number(await list())).toBeGreaterThan(Number(before));
  },
  'F61 restored': async (ground) => {
    await swapped(true)(ground);
    ground.proxy.swapUpstream('main');
  },
  'F62 replaced': async (ground) => {
    await swapped(false)(ground);
    ground.proxy.swapUpstream('main');
  },
  'F63 suspended': async (ground) => {
    const { client, watch, clock } = ground;
    const made = await client();
    const answer = made.open(watch);
    let count = 0;
    const counting = (async () => {
      while ((await answer.line()) !== undefined) count++;
    })();
    await expect.poll(() => clock.pending() > 0 && count).toBe(1);
    label(ground, 'F63');
    const other = refusal(client());
    clock.advance(28_800_000);
    // The connection that was held goes on, and so does what came meanwhile.
    await expect.poll(() => count).toBeGreaterThanOrEqual(7);
    expect(await other).toBe('connected');
    answer.cancel();
    await counting;
  },
  'F64 ahead': skewed(600_000),
  'F64 behind': skewed(-600_000),
  'F65 every watch': async ({ client, watch }) => {
    for (let turn = 0; turn < 10; turn++) {
      const answer = (await client()).open(watch);
      expect([await rest(answer), await answer.end]).toEqual([['ADDED a'], 'cut']);
    }
  },
  'F66 relist': async ({ client, watch }) => {
    const made = await client();
    for (let turn = 0; turn < 3; turn++) expect(await rest(made.open(watch))).toEqual(['ADDED a', 'ERROR 410']);
  },
});
