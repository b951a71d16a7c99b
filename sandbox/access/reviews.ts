/** The reviews of authorization.k8s.io and authentication.k8s.io: POSTs that ask and store nothing. */
import { badRequest, type FieldError, invalid } from '../api/failure.ts';
import { rfc3339 } from '../timestamps.ts';
import type { Caller, KubeObject, ResourceId } from '../types.ts';
import { serviceAccountCaller } from './authenticate.ts';
import type { Attributes, Authorizer, PolicyRule } from './rbac.ts';
import type { AccountClaim } from './service-account-tokens.ts';

/** Answers one review. `namespace` is that of the path, '' outside one. Throws `ApiFailure`. */
export type Review = (review: KubeObject, caller: Caller, namespace: string) => KubeObject;

interface ReviewSpec {
  resourceAttributes?: {
    verb?: string;
    group?: string;
    resource?: string;
    subresource?: string;
    namespace?: string;
    name?: string;
  };
  nonResourceAttributes?: { verb?: string; path?: string };
  user?: string;
  groups?: readonly string[];
  namespace?: string;
  token?: string;
}

export function createReviews(
  authorizer: Authorizer,
  verifyToken: (token: string) => AccountClaim | undefined,
  now: () => number = Date.now,
): Readonly<Record<ResourceId, Review>> {
  const decide = (review: KubeObject, caller: Caller, problems: readonly FieldError[] = []): KubeObject => {
    const { allowed, reason } = authorizer.authorize(caller, attributesOf(review, problems));
    return { ...review, status: { allowed, ...(reason === undefined ? {} : { reason }) } };
  };
  const forOther: Review = (review) => {
    const { user = '', groups = [] } = specOf(review);
    const nobody = user === '' && groups.length === 0 ? [NOBODY] : [];
    return decide(review, { user, groups }, nobody);
  };
  return {
    'selfsubjectaccessreviews.authorization.k8s.io': (review, caller) => decide(review, caller),
    'subjectaccessreviews.authorization.k8s.io': forOther,
    'localsubjectaccessreviews.authorization.k8s.io': (review, caller, namespace) => {
      const asked = specOf(review).resourceAttributes;
      if (asked !== undefined && asked.namespace !== namespace) {
        const why = `${JSON.stringify(asked.namespace ?? '')}: must match metadata.namespace`;
        throw refused([wrong('spec.resourceAttributes.namespace', why)]);
      }
      return forOther({ ...review, metadata: { ...review.metadata, namespace } }, caller, namespace);
    },
    'selfsubjectrulesreviews.authorization.k8s.io': (review, caller) => {
      const namespace = specOf(review).namespace ?? '';
      if (namespace === '') throw badRequest('no namespace on request');
      return { ...review, spec: {}, metadata: NO_METADATA, status: rulesStatus(authorizer, caller, namespace) };
    },
    'selfsubjectreviews.authentication.k8s.io': (review, caller) => ({
      ...review,
      metadata: { ...NO_METADATA, creationTimestamp: rfc3339(now()) },
      status: { userInfo: userInfo(caller) },
    }),
    'tokenreviews.authentication.k8s.io': (review) => {
      const { token = '' } = specOf(review);
      if (token === '') throw badRequest('token is required for TokenReview in authentication');
      const account = verifyToken(token);
      const status =
        account === undefined
          ? { user: {}, error: 'invalid bearer token' }
          : {
              authenticated: true,
              user: userInfo(serviceAccountCaller(account.namespace, account.name, account.uid)),
            };
      return { ...review, status };
    },
  };
}

/** As it is answered: with nothing in it, not even a name. */
const NO_METADATA = {} as KubeObject['metadata'];

/** The server has checked the types; null is the same as nothing. */
const specOf = (review: KubeObject): ReviewSpec =>
  Object.fromEntries(Object.entries(review['spec'] ?? {}).filter(([, value]) => value !== null));

const NOBODY: FieldError = wrong('spec.user', '"": at least one of user or group must be specified');

/** Throws what is wrong with the review: that, and what was found before. */
function attributesOf(review: KubeObject, problems: readonly FieldError[]): Attributes {
  const { resourceAttributes: resource, nonResourceAttributes: path } = specOf(review);
  const found: FieldError[] = [];
  if (!resource && !path)
    found.push(
      wrong(
        'spec.resourceAttributes',
        'null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    );
  if (resource && path)
    found.push(
      wrong(
        'spec.nonResourceAttributes',
        `${JSON.stringify({ Path: path.path ?? '', Verb: path.verb ?? '' })}: cannot be specified in combination with resourceAttributes`,
      ),
    );
  if (found.length + problems.length > 0) throw refused([...found, ...problems]);
  if (path) return { kind: 'path', verb: path.verb ?? '', path: path.path ?? '' };
  return {
    kind: 'resource',
    verb: resource?.verb ?? '',
    group: resource?.group ?? '',
    resource: resource?.resource ?? '',
    subresource: resource?.subresource ?? '',
    namespace: resource?.namespace ?? '',
    name: resource?.name ?? '',
  };
}

/** The real one does not say either of what kind the review is. */
const refused = (errors: readonly FieldError[]) => invalid({ kind: '', group: 'authorization.k8s.io' }, '', errors);

function wrong(field: string, problem: string): FieldError {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${problem}` };
}

function userInfo({ user, uid, groups, extra }: Caller) {
  return { username: user, ...(uid === undefined ? {} : { uid }), groups, ...(extra === undefined ? {} : { extra }) };
}

function rulesStatus(authorizer: Authorizer, caller: Caller, namespace: string) {
  const { rules, problems } = authorizer.rulesFor(caller, namespace);
  const everything = caller.groups.includes('system:masters')
    ? [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ]
    : [];
  const all: PolicyRule[] = [...everything, ...rules];
  return {
    resourceRules: all
      .filter(({ resources }) => resources?.length)
      .map(({ verbs = [], apiGroups = [], resources = [], resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames?.length ? { resourceNames } : {}),
      })),
    nonResourceRules: all
      .filter(({ nonResourceURLs }) => nonResourceURLs?.length)
      .map(({ verbs = [], nonResourceURLs = [] }) => ({ verbs, nonResourceURLs })),
    incomplete: problems.length > 0,
    ...(problems.length === 0 ? {} : { evaluationError: problems.join(', ') }),
  };
}
