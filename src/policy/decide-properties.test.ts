import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResourceRequest, Verb } from '../kernel/vocabulary.ts';
import { decide } from './decide.ts';
import { GATES, gates, rules } from './rules-testing.ts';
import type { PolicyRules } from './types.ts';

const NAMESPACES = ['a', 'b', 'kube-system', 'c'];
const anyRequest: fc.Arbitrary<ResourceRequest> = fc
  .record(
    {
      verb: fc.constantFrom<Verb>('get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'),
      what: fc.constantFrom(
        'pods.',
        'secrets.',
        'namespaces.',
        'nodes.',
        'deployments.apps',
        'roles.rbac.authorization.k8s.io',
        'x.y.z',
      ),
      subresource: fc.constantFrom(
        undefined,
        undefined,
        'log',
        'exec',
        'status',
        'scale',
        'proxy',
        'eviction',
        'token',
        'odd',
      ),
      namespace: fc.constantFrom(undefined, ...NAMESPACES),
      name: fc.constantFrom(undefined, 'n', ...NAMESPACES),
      dryRun: fc.boolean(),
      apply: fc.boolean(),
      upgrade: fc.boolean(),
      fieldSelector: fc.constantFrom(undefined, 'metadata.namespace=a', 'metadata.name=a'),
    },
    { noNullPrototype: true },
  )
  .map(({ what, ...rest }) => {
    const [resource = '', ...group] = what.split('.');
    const defined = Object.fromEntries(Object.entries(rest).filter(([, v]) => v !== undefined));
    return { type: 'resource', version: 'v1', resource, group: group.join('.'), ...defined } as ResourceRequest;
  });

const someNames = fc.subarray(NAMESPACES).map((names) => new Set(names));
const anyRules: fc.Arbitrary<PolicyRules> = fc
  .record({
    open: fc.subarray([...GATES]),
    allowedNamespaces: fc.option(someNames, { nil: undefined }),
    forbiddenNamespaces: someNames,
    deniedKinds: fc.subarray(['secrets', 'pods/log', 'x.y.z']).map((kinds) => new Set(kinds)),
    contexts: fc.constantFrom(undefined, ['*'], ['main']),
    writeContexts: fc.constantFrom(undefined, ['*'], ['dev'], []),
  })
  .map(({ open, ...rest }) => rules({ gates: gates(...open), ...rest }));
const anyContext = fc.constantFrom(undefined, 'main', 'dev', 'request:own');
const anyScope = fc.constantFrom(undefined, true, false);

describe('whatever the rules', () => {
  it('never allows a request in a forbidden namespace, and never shows one', () => {
    fc.assert(
      fc.property(
        anyRequest,
        anyRules,
        anyContext,
        anyScope,
        fc.boolean(),
        (request, policy, context, namespaced, filtersAnswers) => {
          const decision = decide(request, {
            rules: policy,
            context,
            filtersAnswers,
            ...(namespaced === undefined ? {} : { namespaced }),
          });
          if (!decision.allow) return;
          const own = request.resource === 'namespaces' ? (request.name ?? request.namespace) : request.namespace;
          if (own !== undefined) {
            expect(policy.forbiddenNamespaces.has(own)).toBe(false);
            expect(policy.allowedNamespaces?.has(own) ?? true).toBe(true);
          } else if (request.resource === 'namespaces' && ['list', 'watch'].includes(request.verb)) {
            expect(new Set(decision.hideNamespaces ?? [])).toEqual(policy.forbiddenNamespaces);
            if (policy.allowedNamespaces) {
              for (const name of decision.onlyNamespaces ?? ['missing'])
                expect(policy.allowedNamespaces.has(name)).toBe(true);
            }
          } else if (!policy.allowedNamespaces && policy.forbiddenNamespaces.size === 0) {
            return;
          } else if (request.resource === 'namespaces') {
            expect(request.verb).toBe('create');
          } else if (namespaced === true) {
            expect(new Set(decision.hideNamespaces ?? [])).toEqual(policy.forbiddenNamespaces);
            if (policy.allowedNamespaces) {
              expect(filtersAnswers).toBe(true);
              for (const name of decision.onlyNamespaces ?? ['missing'])
                expect(policy.allowedNamespaces.has(name)).toBe(true);
            }
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('never becomes stricter when a gate opens, nor looser when a namespace is forbidden', () => {
    fc.assert(
      fc.property(
        anyRequest,
        anyRules,
        anyContext,
        fc.constantFrom(...GATES),
        fc.constantFrom(...NAMESPACES),
        (request, policy, context, gate, namespace) => {
          const now = decide(request, { rules: policy, context });
          const opened = { ...policy, gates: { ...policy.gates, [gate]: true } };
          if (now.allow) expect(decide(request, { rules: opened, context })).toEqual(now);
          const closed = { ...policy, gates: { ...policy.gates, [gate]: false } };
          if (!now.allow) expect(decide(request, { rules: closed, context }).allow).toBe(false);
          const denied = { ...policy, forbiddenNamespaces: new Set([...policy.forbiddenNamespaces, namespace]) };
          if (!now.allow) expect(decide(request, { rules: denied, context }).allow).toBe(false);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
