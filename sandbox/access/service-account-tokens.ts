/** Tokens of service accounts (TokenRequest): JWTs that only this run of the sandbox signs and takes. */
import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { Clock } from '../../src/kernel/clock.ts';
import { badRequest, invalid, notFound } from '../api/failure.ts';
import type { Store } from '../store/types.ts';
import { rfc3339 } from '../timestamps.ts';
import type { KubeObject } from '../types.ts';

export interface AccountClaim {
  namespace: string;
  name: string;
  uid: string;
}

export interface ServiceAccountTokens {
  /** Answers a TokenRequest for an account that exists. Throws `ApiFailure`. */
  request(account: KubeObject, request: KubeObject): KubeObject;
  /** The account of a token that we signed, that is in time and whose account (by uid) and bound object still exist. */
  verify(token: string): AccountClaim | undefined;
}

interface Claims {
  aud: readonly string[];
  exp: number;
  iat: number;
  iss: string;
  nbf: number;
  sub: string;
  'kubernetes.io': {
    namespace: string;
    serviceaccount: { name: string; uid: string };
    pod?: { name: string; uid: string };
  };
}

const ISSUER = 'https://kubernetes.default.svc';
const DEFAULT_SECONDS = 3_600;
/** The real API's bounds. */
const LEAST_SECONDS = 600;
const MOST_SECONDS = 2 ** 32;
const MAX_TOKEN = 8_192;

export function createServiceAccountTokens(store: Pick<Store, 'get'>, clock: Pick<Clock, 'now'>): ServiceAccountTokens {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    request(account, request) {
      const spec = (request['spec'] ?? {}) as {
        audiences?: string[];
        expirationSeconds?: number;
        boundObjectRef?: { kind?: string; name?: string; uid?: string };
      };
      const seconds = spec.expirationSeconds ?? DEFAULT_SECONDS;
      checkSeconds(seconds);
      const now = Math.floor(clock.now() / 1000);
      const { namespace = '', name, uid = '' } = account.metadata;
      const pod = boundPod(store, namespace, spec.boundObjectRef);
      const claims: Claims = {
        aud: spec.audiences?.length ? spec.audiences : [ISSUER],
        exp: now + seconds,
        iat: now,
        iss: ISSUER,
        nbf: now,
        sub: `system:serviceaccount:${namespace}:${name}`,
        'kubernetes.io': { namespace, serviceaccount: { name, uid }, ...(pod === undefined ? {} : { pod }) },
      };
      return {
        ...request,
        metadata: { ...request.metadata, name, namespace, creationTimestamp: timestamp(now) },
        spec: { ...spec, audiences: claims.aud, expirationSeconds: seconds },
        status: { token: signed(claims, privateKey), expirationTimestamp: timestamp(claims.exp) },
      };
    },
    verify(token) {
      const claims = verified(token, publicKey);
      if (claims === undefined || claims.exp * 1000 <= clock.now() || !claims.aud.includes(ISSUER)) return undefined;
      const { namespace, serviceaccount, pod } = claims['kubernetes.io'];
      if (store.get('serviceaccounts', namespace, serviceaccount.name)?.uid !== serviceaccount.uid) return undefined;
      if (pod !== undefined && store.get('pods', namespace, pod.name)?.uid !== pod.uid) return undefined;
      return { namespace, ...serviceaccount };
    },
  };
}

function checkSeconds(seconds: number): void {
  const problem =
    seconds < LEAST_SECONDS
      ? 'may not specify a duration less than 10 minutes'
      : seconds > MOST_SECONDS
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  if (problem === undefined) return;
  throw invalid({ kind: 'TokenRequest', group: 'authentication.k8s.io' }, '', [
    {
      reason: 'FieldValueInvalid',
      field: 'spec.expirationSeconds',
      message: `Invalid value: ${seconds}: ${problem}`,
    },
  ]);
}

function boundPod(
  store: Pick<Store, 'get'>,
  namespace: string,
  reference: { kind?: string; name?: string; uid?: string } | undefined,
): { name: string; uid: string } | undefined {
  if (reference === undefined) return undefined;
  const { kind, name = '', uid } = reference;
  if (kind !== 'Pod')
    throw badRequest(`the k8s-mcp sandbox binds tokens to a Pod only, not to ${JSON.stringify(kind)}`);
  const pod = store.get('pods', namespace, name);
  if (pod === undefined || (uid !== undefined && uid !== pod.uid)) throw notFound({ plural: 'pods', group: '' }, name);
  return { name, uid: pod.uid };
}

const timestamp = (seconds: number) => rfc3339(seconds * 1000);
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Raw r||s signatures, as JWS has them (RFC 7518 §3.4). */
const JWS = { dsaEncoding: 'ieee-p1363' } as const;

function signed(claims: Claims, key: KeyObject): string {
  const body = `${base64url({ alg: 'ES256', typ: 'JWT' })}.${base64url(claims)}`;
  return `${body}.${sign('sha256', Buffer.from(body), { key, ...JWS }).toString('base64url')}`;
}

function verified(token: string, key: KeyObject): Claims | undefined {
  const [head = '', body = '', signature = '', ...rest] = token.length > MAX_TOKEN ? [] : token.split('.');
  if (signature === '' || rest.length > 0) return undefined;
  const isOurs = verify('sha256', Buffer.from(`${head}.${body}`), { key, ...JWS }, Buffer.from(signature, 'base64url'));
  // What we signed is what we wrote.
  return isOurs ? (JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims) : undefined;
}
