import { describe, expect, it } from 'vitest';
import type { ApiRequest, ResourceRequest, Verb } from '../kernel/vocabulary.ts';
import { type DecideFacts, decide, decideGates } from './decide.ts';
import { namespacesFor } from './namespaces.ts';
import { GATES, gates, rules } from './rules-testing.ts';
import type { PolicyRules } from './types.ts';

const OPEN = rules({ gates: gates(...GATES) });

/** `verb resource[.group][/subresource] [ns/][name] [+dry] [+apply] [+up]`; `-` stands for no namespace or name. */
function parse(text: string): ApiRequest {
  const [verb = '', what = '', where = '-', ...flags] = text.split(' ');
  if (verb === 'PATH') return { type: 'nonResource', method: what, path: where };
  const [full = '', subresource] = what.split('/');
  const [resource = '', ...group] = full.split('.');
  const [namespace, name] = where.includes('/') ? where.split('/') : [undefined, where];
  return {
    type: 'resource',
    verb: verb as Verb,
    group: group.join('.'),
    version: 'v1',
    resource,
    dryRun: flags.includes('+dry'),
    ...(flags.includes('+apply') ? { apply: true } : {}),
    ...(flags.includes('+up') ? { upgrade: true } : {}),
    ...(subresource ? { subresource } : {}),
    ...(namespace ? { namespace } : {}),
    ...(name && name !== '-' ? { name } : {}),
  };
}

function outcome(text: string, policy: PolicyRules, namespaced?: boolean, more: Partial<DecideFacts> = {}): string {
  const decision = decide(parse(text), {
    rules: policy,
    context: 'main',
    ...(namespaced === undefined ? {} : { namespaced }),
    ...more,
  });
  return decision.allow ? 'allow' : decision.code;
}

/** The gates, of all six, without which the request is refused though all others are open. */
function needed(text: string): string {
  if (outcome(text, OPEN) !== 'allow') return outcome(text, OPEN);
  const missing = GATES.filter(
    (gate) => outcome(text, rules({ gates: gates(...GATES.filter((g) => g !== gate)) })) !== 'allow',
  );
  return missing.join('+') || 'none';
}

describe('gates by effect', () => {
  it.each([
    ['get pods a/x', 'none'],
    ['get pods/log a/x', 'none'],
    ['get pods/status a/x', 'none'],
    ['get deployments.apps/scale a/x', 'none'],
    ['list pods a/-', 'list'],
    ['list pods -', 'list'],
    ['watch pods a/-', 'list'],
    ['list secrets a/-', 'list'],
    ['create pods a/-', 'create'],
    ['create widgets.example.com a/-', 'create'],
    ['create pods a/- +dry', 'none'],
    ['update deployments.apps a/x', 'update'],
    ['patch deployments.apps a/x', 'update'],
    ['patch deployments.apps a/x +apply', 'create+update'],
    ['patch deployments.apps a/x +apply +dry', 'none'],
    ['patch deployments.apps/scale a/x', 'update'],
    ['update deployments.apps/status a/x', 'update'],
    ['update deployments.apps/status a/x +dry', 'none'],
    ['delete pods a/x', 'delete'],
    ['delete pods a/x +dry', 'none'],
    ['deletecollection pods a/-', 'delete'],
    ['deletecollection pods a/- +dry', 'list'],
    ['create pods/eviction a/x', 'delete'],
    ['create pods/eviction a/x +dry', 'none'],
    ['create pods/exec a/x +up', 'exec'],
    ['get pods/exec a/x +up', 'exec'],
    ['get pods/attach a/x +up', 'exec'],
    ['get pods/portforward a/x +up', 'exec'],
    ['get pods/exec a/x', 'exec'],
    ['get services/proxy a/x', 'exec'],
    ['get nodes/proxy x', 'exec'],
    ['delete pods/proxy a/x +dry', 'exec'],
    ['patch pods/ephemeralcontainers a/x', 'exec'],
    ['patch pods/ephemeralcontainers a/x +dry', 'exec'],
    ['patch pods/resize a/x', 'update'],
    ['create pods/binding a/x', 'create+escalation'],
    ['create bindings a/-', 'create+escalation'],
    ['create serviceaccounts/token a/x', 'create+escalation'],
    ['create serviceaccounts/token a/x +dry', 'escalation'],
    ['update certificatesigningrequests.certificates.k8s.io/approval x', 'update+escalation'],
    ['patch certificatesigningrequests.certificates.k8s.io/status x', 'update+escalation'],
    ['create certificatesigningrequests.certificates.k8s.io -', 'create'],
    ['create roles.rbac.authorization.k8s.io a/-', 'create+escalation'],
    ['patch clusterroles.rbac.authorization.k8s.io x +apply', 'create+update+escalation'],
    ['delete rolebindings.rbac.authorization.k8s.io a/x', 'delete+escalation'],
    ['get clusterroles.rbac.authorization.k8s.io x', 'none'],
    ['list rolebindings.rbac.authorization.k8s.io -', 'list'],
    ['update mutatingwebhookconfigurations.admissionregistration.k8s.io x', 'update+escalation'],
    ['delete validatingadmissionpolicies.admissionregistration.k8s.io x', 'delete+escalation'],
    ['create groups.user.openshift.io x', 'create+escalation'],
    ['update securitycontextconstraints.security.openshift.io x', 'update+escalation'],
    ['create apiservices.apiregistration.k8s.io -', 'create+escalation'],
    ['create selfsubjectaccessreviews.authorization.k8s.io -', 'none'],
    ['create selfsubjectrulesreviews.authorization.k8s.io -', 'none'],
    ['create selfsubjectreviews.authentication.k8s.io -', 'none'],
    ['create selfsubjectaccessreviews.example.com -', 'create'],
    ['create subjectaccessreviews.authorization.k8s.io -', 'list'],
    ['create localsubjectaccessreviews.authorization.k8s.io a/-', 'list'],
    ['create tokenreviews.authentication.k8s.io -', 'create+escalation'],
    ['create tokenreviews.authentication.k8s.io - +dry', 'create+escalation'],
    ['update namespaces/finalize x', 'update+delete'],
    ['get pods/unheard a/x', 'unsupported_request'],
    ['update pods/unheard a/x', 'unsupported_request'],
    ['patch pods/log a/x', 'unsupported_request'],
    ['list pods/status a/x', 'unsupported_request'],
    ['delete pods/status a/x', 'unsupported_request'],
    ['get pods a/x +up', 'unsupported_request'],
    ['watch pods a/- +up', 'unsupported_request'],
    ['get widgets.example.com/log a/x', 'unsupported_request'],
    ['PATH GET /api', 'none'],
    ['PATH GET /api/v1', 'none'],
    ['PATH GET /apis/apps/v1', 'none'],
    ['PATH GET /openapi/v3/apis/apps/v1?hash=AB', 'none'],
    ['PATH GET /version', 'none'],
    ['PATH GET /readyz/etcd', 'none'],
    ['PATH GET /metrics', 'unsupported_request'],
    ['PATH GET /logs/kube-apiserver.log', 'unsupported_request'],
    ['PATH POST /version', 'unsupported_request'],
    ['PATH GET /apis/apps/v1/namespaces/a/pods', 'unsupported_request'],
    ['PATH GET /healthz/../metrics', 'unsupported_request'],
    ['PATH GET /healthz/%2e%2e/metrics', 'unsupported_request'],
    ['PATH GET /apix', 'unsupported_request'],
    ['PATH GET /debug/pprof/', 'unsupported_request'],
  ])('%s needs %s', (text, expected) => {
    expect(needed(text).split('+').sort().join('+')).toBe(expected.split('+').sort().join('+'));
  });
});

describe('namespace rules', () => {
  const allowed = rules({ gates: gates(...GATES), allowedNamespaces: new Set(['a', 'b']) });
  const forbidden = rules({ gates: gates(...GATES), forbiddenNamespaces: new Set(['kube-system']) });
  it.each<[string, PolicyRules, boolean | undefined, string]>([
    ['get pods a/x', allowed, undefined, 'allow'],
    ['get pods c/x', allowed, undefined, 'namespace_denied'],
    ['create pods c/- +dry', allowed, undefined, 'namespace_denied'],
    ['list pods -', allowed, true, 'namespace_denied'],
    ['list widgets.example.com -', allowed, undefined, 'namespace_denied'],
    ['list widgets.example.com -', allowed, false, 'allow'],
    ['list nodes -', allowed, undefined, 'allow'],
    ['get nodes x', allowed, undefined, 'allow'],
    ['patch nodes x', allowed, undefined, 'namespace_denied'],
    ['get nodes/proxy x', allowed, undefined, 'namespace_denied'],
    ['create clusterroles.rbac.authorization.k8s.io -', allowed, undefined, 'namespace_denied'],
    ['create selfsubjectaccessreviews.authorization.k8s.io -', allowed, undefined, 'allow'],
    ['get namespaces a', allowed, undefined, 'allow'],
    ['get namespaces c', allowed, undefined, 'namespace_denied'],
    ['patch namespaces a', allowed, undefined, 'namespace_denied'],
    ['create namespaces -', allowed, undefined, 'namespace_denied'],
    ['get pods kube-system/x', forbidden, undefined, 'namespace_denied'],
    ['list pods kube-system/-', forbidden, undefined, 'namespace_denied'],
    ['list pods -', forbidden, undefined, 'allow'],
    ['get namespaces kube-system', forbidden, undefined, 'namespace_denied'],
    ['delete namespaces kube-system', forbidden, undefined, 'namespace_denied'],
    ['get namespaces/status kube-system', forbidden, undefined, 'namespace_denied'],
    ['deletecollection namespaces -', forbidden, undefined, 'namespace_denied'],
    ['deletecollection pods -', forbidden, undefined, 'namespace_denied'],
    ['get pods x', forbidden, true, 'namespace_denied'],
    ['patch nodes x', forbidden, undefined, 'allow'],
    ['get nodes/proxy x', forbidden, undefined, 'namespace_denied'],
    ['create nodes/proxy x', forbidden, undefined, 'namespace_denied'],
  ])('%s', (text, policy, namespaced, expected) => {
    expect(outcome(text, policy, namespaced)).toBe(expected);
  });

  it('hides forbidden namespaces from a request over all of them', () => {
    expect(decide(parse('list pods -'), { rules: forbidden, context: 'main' })).toEqual({
      allow: true,
      hideNamespaces: ['kube-system'],
    });
  });

  it('lists only the Namespace objects that are allowed', () => {
    const both = rules({ allowedNamespaces: new Set(['b', 'a']), forbiddenNamespaces: new Set(['b']) });
    expect(decide(parse('list namespaces -'), { rules: both, context: 'main' })).toEqual({
      allow: true,
      onlyNamespaces: ['a'],
      hideNamespaces: ['b'],
    });
    expect(namespacesFor(both)).toEqual({ kind: 'only', names: ['a'] });
    expect(namespacesFor(forbidden)).toEqual({ kind: 'all' });
  });

  it('allows an asker that filters answers to read all namespaces at once, and says what to leave out', () => {
    const both = rules({ allowedNamespaces: new Set(['b', 'a']), forbiddenNamespaces: new Set(['b']) });
    const facts = { rules: both, context: 'main', filtersAnswers: true };
    const filtered = { allow: true, onlyNamespaces: ['a'], hideNamespaces: ['b'] };
    expect(decide(parse('list pods -'), facts)).toEqual(filtered);
    expect(decide(parse('watch pods -'), facts)).toEqual(filtered);
    expect(decide(parse('list namespaces -'), facts)).toEqual(filtered);
    // Alone it has one namespace less to show, never more.
    expect(decide(parse('list pods -'), { ...facts, filtersAnswers: false })).toMatchObject({
      code: 'namespace_denied',
    });
  });

  it.each([
    ['list pods c/-', 'namespace_denied'],
    ['deletecollection pods -', 'namespace_denied'],
    ['deletecollection pods - +dry', 'namespace_denied'],
    ['get pods x', 'allow'],
    ['patch nodes x', 'namespace_denied'],
    ['create pods c/-', 'namespace_denied'],
    ['list nodes -', 'allow'],
  ])('filtering answers changes nothing for %s', (text, expected) => {
    expect(outcome(text, allowed)).toBe(expected);
    expect(outcome(text, allowed, undefined, { filtersAnswers: true })).toBe(expected);
  });

  it('does not take a field selector on the namespace as a way around', () => {
    const request = { ...parse('list pods -'), fieldSelector: 'metadata.namespace=a' } as ResourceRequest;
    expect(decide(request, { rules: allowed, context: 'main' })).toMatchObject({
      code: 'namespace_denied',
      remedy: 'Ask for one namespace at a time: a, b.',
    });
  });
});

describe('denied kinds and contexts', () => {
  it.each([
    ['secrets', 'get secrets a/x', 'kind_denied'],
    ['secrets', 'get secrets.example.com a/x', 'allow'],
    ['pods/log', 'get pods/log a/x', 'kind_denied'],
    ['pods/log', 'get pods a/x', 'allow'],
    ['pods', 'get pods/log a/x', 'kind_denied'],
    ['deployments.apps', 'get deployments.apps/scale a/x', 'kind_denied'],
    ['events', 'list events.events.k8s.io a/-', 'kind_denied'],
    ['secrets', 'create secrets a/- +dry', 'kind_denied'],
    // The kubelet has them too.
    ['pods/log', 'get nodes/proxy x', 'kind_denied'],
    ['pods', 'create nodes/proxy x', 'kind_denied'],
    ['secrets', 'get nodes/proxy x', 'allow'],
    ['pods/log', 'get nodes x', 'allow'],
  ])('with %s denied, %s: %s', (kind, text, expected) => {
    expect(outcome(text, rules({ gates: gates(...GATES), deniedKinds: new Set([kind]) }))).toBe(expected);
  });

  it('says which of the two rules holds a write back, and the flag that opens it', () => {
    const closed = decide(parse('patch pods a/x'), { rules: rules(), context: 'main' });
    expect(closed).toEqual({
      allow: false,
      code: 'gate_closed',
      reason: 'The request patches pods, and the gate for that is closed: update.',
      remedy: 'The operator opens it with --enable-update.',
    });
    const elsewhere = decide(parse('patch pods a/x'), { rules: OPEN, context: 'prod' });
    expect(elsewhere).toEqual({
      allow: false,
      code: 'gate_closed',
      reason: 'The request patches pods, and the context "prod" is read-only: write gates apply to "main" only.',
      remedy: 'The operator makes a context writable with --write-contexts.',
    });
  });

  it('applies write gates to the contexts that the globs name, and reading to all', () => {
    const policy = rules({ gates: gates(...GATES), writeContexts: ['dev-*'] });
    expect(decide(parse('delete pods a/x'), { rules: policy, context: 'dev-1' }).allow).toBe(true);
    expect(decide(parse('delete pods a/x'), { rules: policy, context: 'main' }).allow).toBe(false);
    expect(decide(parse('list pods a/-'), { rules: policy, context: 'main' }).allow).toBe(true);
    expect(decide(parse('delete pods a/x +dry'), { rules: policy, context: 'main' }).allow).toBe(true);
  });

  it('counts the clusters of callers as writable, unless the operator names the writable ones', () => {
    const asks = (context: string, over: Partial<PolicyRules>) =>
      decide(parse('delete pods a/x'), { rules: { ...OPEN, ...over }, context }).allow;
    expect(asks('request:prod', {})).toBe(true);
    expect(asks('prod', {})).toBe(false);
    expect(asks('request:prod', { gates: gates('list') })).toBe(false);
    expect(asks('request:prod', { writeContexts: ['main'] })).toBe(false);
    expect(asks('request:prod', { writeContexts: ['request:*'] })).toBe(true);
    expect(asks('request:prod', { contexts: ['main'] })).toBe(false);
    expect(asks('request:prod', { contexts: ['request:p*'] })).toBe(true);
  });

  it('decides on gates alone, for what is no single request', () => {
    const facts = { rules: rules({ gates: gates('update') }), context: 'main' };
    expect(decideGates(['update'], 'helm upgrade changes objects', facts)).toEqual({ allow: true });
    expect(decideGates(['create', 'update'], 'helm install creates objects', facts)).toMatchObject({
      code: 'gate_closed',
      reason: 'helm install creates objects, and the gate for that is closed: create.',
    });
    expect(decideGates(['create'], 'It creates', { ...facts, permissive: true })).toEqual({ allow: true });
    expect(decideGates([], 'It reads', { ...facts, context: 'prod' })).toEqual({ allow: true });
    expect(decideGates(['update'], 'It writes', { ...facts, context: 'prod' })).toMatchObject({ code: 'gate_closed' });
    const limited = rules({ contexts: ['dev'] });
    expect(decideGates([], 'It reads', { rules: limited, context: 'main' })).toMatchObject({ code: 'context_denied' });
  });

  it('refuses a context outside the usable ones, discovery included', () => {
    const policy = rules({ contexts: ['dev-?', 'kind-*'] });
    expect(decide(parse('PATH GET /version'), { rules: policy, context: 'prod' })).toMatchObject({
      code: 'context_denied',
    });
    expect(decide(parse('PATH GET /version'), { rules: policy, context: 'dev-1' }).allow).toBe(true);
    expect(decide(parse('get pods a/x'), { rules: policy, context: undefined }).allow).toBe(false);
  });

  it('opens create, update and delete in permissive mode, and nothing else', () => {
    const facts = { rules: rules(), context: 'main', permissive: true };
    expect(decide(parse('delete pods a/x'), facts).allow).toBe(true);
    expect(decide(parse('create pods/exec a/x +up'), facts).allow).toBe(false);
    expect(decide(parse('create roles.rbac.authorization.k8s.io a/-'), facts).allow).toBe(false);
    expect(decide(parse('delete pods a/x'), { ...facts, context: 'prod' }).allow).toBe(false);
  });
});
