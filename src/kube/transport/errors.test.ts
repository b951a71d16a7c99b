import { describe, expect, it } from 'vitest';
import { parseApiRequest } from './api-request.ts';
import { errorFromResponse } from './errors.ts';
import { connectFailure } from './failures.ts';

const api = parseApiRequest('GET', '/api/v1/namespaces/team/pods/x/log', {});
const status = (fields: object) => JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...fields });
const answer = (code: number, body: string, headers: Record<string, string> = {}) =>
  errorFromResponse(code, headers, body, { context: 'prod', api });

describe('the error of an answer', () => {
  it.each([
    [400, 'BadRequest', 'cluster_refused'],
    [401, 'Unauthorized', 'cluster_unauthorized'],
    [403, 'Forbidden', 'cluster_forbidden'],
    [404, 'NotFound', 'not_found'],
    [405, 'MethodNotAllowed', 'cluster_refused'],
    [409, 'AlreadyExists', 'already_exists'],
    [409, 'Conflict', 'conflict'],
    [410, 'Expired', 'expired'],
    [410, 'Gone', 'expired'],
    [413, 'RequestEntityTooLarge', 'too_large'],
    [415, 'UnsupportedMediaType', 'cluster_refused'],
    [422, 'Invalid', 'invalid_object'],
    [429, 'TooManyRequests', 'too_many_requests'],
    [500, 'InternalError', 'cluster_unavailable'],
    [503, 'ServiceUnavailable', 'cluster_unavailable'],
    [504, 'Timeout', 'deadline_exceeded'],
  ])('%i %s is %s, with and without a Status', (code, reason, expected) => {
    expect(answer(code, status({ reason, message: 'words of the server' }))).toMatchObject({
      code: expected,
      message: 'Cluster "prod": words of the server',
    });
    if (reason !== 'AlreadyExists') expect(answer(code, '').code).toBe(expected);
  });

  it('does not repeat a body that is no Status', () => {
    const error = answer(502, '<html>internal page of 10.0.0.7</html>', { 'content-type': 'text/html; charset=utf-8' });
    expect(error.code).toBe('cluster_unavailable');
    expect(error.message).toBe(
      'Cluster "prod" answered HTTP 502 to get pods/log "x" in namespace "team", with no Kubernetes Status (content type text/html).',
    );
    expect(JSON.stringify(error.detail)).not.toContain('10.0.0.7');
  });

  it('keeps the words of a 403 and names the check', () => {
    const message =
      'pods "x" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "team"';
    const error = answer(403, status({ reason: 'Forbidden', message }));
    expect(error.message).toContain(message);
    expect(error.detail.remedy).toContain('kubectl --context prod auth can-i get pods/log -n team');
  });

  it('tells admission from RBAC', () => {
    const message = 'admission webhook "policy.example" denied the request: no latest tag';
    expect(answer(403, status({ reason: 'Forbidden', message })).detail.remedy).toContain('admission rules');
  });

  it('lists manager and field of each conflict', () => {
    const causes = [
      { reason: 'FieldManagerConflict', message: 'conflict with "helm" using apps/v1', field: '.spec.replicas' },
      { reason: 'FieldManagerConflict', message: 'conflict with "argocd" using apps/v1', field: '.spec.template' },
    ];
    expect(
      answer(409, status({ reason: 'Conflict', message: 'Apply failed', details: { causes } })).detail.problems,
    ).toEqual([
      { field: '.spec.replicas', problem: 'conflict with "helm" using apps/v1' },
      { field: '.spec.template', problem: 'conflict with "argocd" using apps/v1' },
    ]);
  });

  it('lists each field of an invalid object', () => {
    const causes = [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' }];
    expect(answer(422, status({ reason: 'Invalid', message: 'invalid', details: { causes } })).detail.problems).toEqual(
      [{ field: 'spec.selector', problem: 'Required value' }],
    );
  });

  it('takes the wait from Retry-After or from the Status', () => {
    expect(answer(429, '', { 'retry-after': '7' }).detail.retryAfterSeconds).toBe(7);
    expect(
      answer(500, status({ reason: 'ServerTimeout', details: { retryAfterSeconds: 3 } })).detail.retryAfterSeconds,
    ).toBe(3);
  });

  it('removes control characters and cuts what is long', () => {
    const error = answer(400, status({ message: `\u001b[31mred\u202e${'x'.repeat(9000)}` }));
    expect(error.message).toContain('"prod": [31mred');
    expect(error.message).not.toContain('\u001b');
    expect(error.message.length).toBeLessThan(4100);
  });
});

describe('the error of a connection', () => {
  const to = { context: 'prod', address: 'api.example:6443', viaProxy: false, untold: false };
  it.each([
    ['ENOTFOUND', 'cluster_unreachable', 'Cluster "prod" at api.example:6443 has a host name that DNS does not know.'],
    ['ECONNREFUSED', 'cluster_unreachable', 'Cluster "prod" at api.example:6443 refused the connection.'],
    ['ETIMEDOUT', 'cluster_unreachable', 'Cluster "prod" at api.example:6443 did not answer in time.'],
    ['CERT_HAS_EXPIRED', 'cluster_tls', 'Cluster "prod" at api.example:6443 has a certificate that is expired.'],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'cluster_tls',
      'Cluster "prod" at api.example:6443 has a certificate for other host names.',
    ],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'cluster_tls', 'Cluster "prod" at api.example:6443 does not speak TLS.'],
    ['EWEIRD', 'cluster_unreachable', 'Cluster "prod" at api.example:6443 could not be reached (EWEIRD).'],
  ])('of %s', (code, expected, message) => {
    const raw = Object.assign(new Error('secret text'), { code });
    for (const thrown of [raw, new AggregateError([raw])]) {
      const error = connectFailure(thrown, to);
      expect(error).toMatchObject({ code: expected, message });
      expect(error.detail.remedy).toBeDefined();
    }
  });

  it.each(['ENOTFOUND', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ERR_SSL_WRONG_VERSION_NUMBER', 'EWEIRD'])(
    'of %s is the same as any other where a caller chose the server',
    (code) => {
      const error = connectFailure(Object.assign(new Error('secret text'), { code }), { ...to, untold: true });
      expect(error).toMatchObject({
        code: 'cluster_unreachable',
        message: 'Cluster "prod" could not be connected to.',
      });
    },
  );

  it('tells a caller who chose the server what is wrong with its certificate', () => {
    const raw = Object.assign(new Error('x'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(connectFailure(raw, { ...to, untold: true }).code).toBe('cluster_tls');
  });
});
