import { describe, expect, it } from 'vitest';
import { createTestWorld } from './controllers/test-world.ts';

function recorder(name = 'p') {
  const world = createTestWorld();
  world.clock.advance(1000);
  const about = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', uid: 'u' } };
  const say = (message: string, reason = 'Failed') => world.user.event(about, 'Warning', reason, message);
  const events = () =>
    world.user.list('events', 'shop').map((event) => [event['count'], event['message']] as [number, string]);
  return { world, say, events };
}

describe('a recorder of events', () => {
  it('counts equal events up', () => {
    const { say, events } = recorder();
    for (let at = 0; at < 5; at++) say('no');
    say('no', 'Other');
    expect(events()).toEqual([
      [5, 'no'],
      [1, 'no'],
    ]);
  });

  it('folds the tenth of many similar ones and those after it', () => {
    const { say, events } = recorder();
    for (let at = 0; at < 15; at++) say(`no ${at}`);
    expect(events()).toHaveLength(10);
    expect(events().at(-1)).toEqual([6, '(combined from similar events): no 14']);
  });

  it('unfolds them once it was quiet for ten minutes', () => {
    const { world, say, events } = recorder();
    for (let at = 0; at < 15; at++) say(`no ${at}`);
    world.clock.advance(601_000);
    say('again');
    expect(events().at(-1)).toEqual([1, 'again']);
  });

  it('falls silent after 25, and says one more each five minutes, with all that it saw meanwhile', () => {
    const { world, say, events } = recorder();
    for (let at = 0; at < 40; at++) say('no');
    expect(events()).toEqual([[25, 'no']]);
    world.clock.advance(300_000);
    say('no');
    say('no');
    expect(events()).toEqual([[41, 'no']]);
  });

  it('keeps about each object apart, and survives that its event is gone', () => {
    const { world, say, events } = recorder();
    for (let at = 0; at < 3; at++) say('no');
    const [event] = world.user.list('events', 'shop');
    world.user.delete('events', 'shop', event?.metadata.name ?? '');
    say('no');
    expect(events()).toEqual([[4, 'no']]);
  });

  it.each([['x'.repeat(253)], ['Not:A:Name']])(
    'takes another name for its event where that of the object will not do',
    (name) => {
      const { say, events } = recorder(name);
      say('no');
      expect(events()).toEqual([[1, 'no']]);
    },
  );

  it('says nothing in a namespace that ends', () => {
    const { world, say, events } = recorder();
    world.apply('configmaps', { metadata: { name: 'a', finalizers: ['example.com/keep'] } });
    world.user.delete('namespaces', '', 'shop');
    world.clock.advance(1000);
    say('no');
    expect(events()).toEqual([]);
  });
});

it('events go an hour after the last time', () => {
  const { world, say, events } = recorder();
  say('old');
  world.clock.advance(1_800_000);
  say('old');
  world.clock.advance(3_500_000);
  expect(events()).toEqual([[2, 'old']]);
  world.clock.advance(200_000);
  expect(events()).toEqual([]);
});
