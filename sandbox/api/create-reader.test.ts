import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bed } from './test-reader.ts';
import type { WatchFrame } from './types.ts';

describe('lists and watches beside a model', () => {
  const NAMESPACES = ['a', 'a-b', 'b'];
  const NAMES = ['x', 'y', 'z', 'x-1'];
  const write = fc.record({
    remove: fc.boolean(),
    namespace: fc.constantFrom(...NAMESPACES),
    name: fc.constantFrom(...NAMES),
    app: fc.constantFrom('web', 'db'),
  });
  const query = fc.record({
    namespace: fc.constantFrom(undefined, ...NAMESPACES),
    labelSelector: fc.constantFrom('', 'app=web', 'app!=web'),
    fieldSelector: fc.constantFrom('', 'metadata.name=x', 'metadata.namespace!=a', 'spec.nodeName=web'),
  });

  it('end where a new list begins, from whatever page or version they came', () => {
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 40 }),
        fc.array(write, { maxLength: 40 }),
        query,
        fc.nat(5),
        (before, later, asked, limit) => {
          const { put, store, reader, scopeOf } = bed();
          const { namespace, ...selectors } = asked;
          const scope = scopeOf('pods', namespace);
          const apply = ({ remove, namespace: within, name, app }: (typeof before)[number]) => {
            if (remove) store.remove('pods', within, name);
            else put('pods', within, name, { metadata: { labels: { app } }, spec: { nodeName: app } });
          };
          const replica = () => {
            const held = new Map<string, number>();
            const send = (frame: WatchFrame) => {
              if (frame.type === 'BOOKMARK' || frame.type === 'ERROR') return true;
              const key = `${frame.version.namespace}/${frame.version.name}`;
              expect(held.has(key)).toBe(frame.type !== 'ADDED');
              if (frame.type === 'DELETED') held.delete(key);
              else held.set(key, frame.version.revision);
              return true;
            };
            return { held, send, end: () => undefined };
          };
          const keyed = (versions: readonly { namespace: string; name: string; revision: number }[]) =>
            versions.map((version) => [`${version.namespace}/${version.name}`, version.revision] as const);

          before.forEach(apply);
          const whole = reader.list(scope, selectors);
          const fromStart = replica();
          reader.watch(scope, selectors, fromStart);
          const fromList = replica();
          for (const [key, revision] of keyed(whole.versions)) fromList.held.set(key, revision);

          const paged = [];
          let answer = reader.list(scope, { ...selectors, limit: `${limit + 1}` });
          paged.push(...answer.versions);
          const rest = [...later];
          while (answer.continue !== undefined) {
            const next = rest.shift();
            if (next !== undefined) apply(next);
            answer = reader.list(scope, { ...selectors, limit: `${limit + 1}`, continue: answer.continue });
            expect(answer.resourceVersion).toBe(whole.resourceVersion);
            paged.push(...answer.versions);
          }
          expect(keyed(paged)).toEqual(keyed(whole.versions));

          rest.forEach(apply);
          reader.watch(scope, { ...selectors, resourceVersion: whole.resourceVersion }, fromList);
          const now = keyed(reader.list(scope, selectors).versions);
          const sorted = (held: Map<string, number>) => [...held].sort((a, b) => (a[0] < b[0] ? -1 : 1));
          expect(sorted(fromList.held)).toEqual(now);
          expect(sorted(fromStart.held)).toEqual(now);
        },
      ),
      { numRuns: 200 },
    );
  });
});
