import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppError } from '../../kernel/errors.ts';
import { parseApiRequest } from './api-request.ts';

const parse = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  parseApiRequest(method, path, headers, body);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    return (thrown as AppError).code;
  }
  return 'not refused';
}

describe('reading a request as the API server does', () => {
  it.each([
    ['GET', '/api/v1/namespaces/ns/pods/x', { verb: 'get', resource: 'pods', namespace: 'ns', name: 'x' }],
    ['GET', '/api/v1/namespaces/ns/pods', { verb: 'list', resource: 'pods', namespace: 'ns' }],
    ['GET', '/api/v1/pods', { verb: 'list', resource: 'pods' }],
    ['GET', '/api/v1/pods?watch=true', { verb: 'watch', resource: 'pods' }],
    ['GET', '/api/v1/pods?watch', { verb: 'watch', resource: 'pods' }],
    ['GET', '/api/v1/pods?watch=False', { verb: 'list', resource: 'pods' }],
    ['GET', '/api/v1/namespaces/ns/pods/x?watch=true', { verb: 'get', resource: 'pods', namespace: 'ns', name: 'x' }],
    ['GET', '/api/v1/watch/namespaces/ns/pods/x', { verb: 'watch', resource: 'pods', namespace: 'ns', name: 'x' }],
    ['GET', '/api/v1/namespaces', { verb: 'list', resource: 'namespaces' }],
    ['GET', '/api/v1/namespaces/ns', { verb: 'get', resource: 'namespaces', name: 'ns' }],
    [
      'PUT',
      '/api/v1/namespaces/ns/finalize',
      { verb: 'update', resource: 'namespaces', name: 'ns', subresource: 'finalize' },
    ],
    ['DELETE', '/api/v1/namespaces/ns/secrets', { verb: 'deletecollection', resource: 'secrets', namespace: 'ns' }],
    ['HEAD', '/api/v1/nodes/n', { verb: 'get', resource: 'nodes', name: 'n' }],
    [
      'GET',
      '/api/v1/namespaces/ns/pods/x/exec?command=sh&command=-c',
      { verb: 'get', resource: 'pods', namespace: 'ns', name: 'x', subresource: 'exec' },
    ],
    [
      'GET',
      '/api/v1/namespaces/ns/services/https:x:443/proxy/a/b/',
      { verb: 'get', resource: 'services', namespace: 'ns', name: 'https:x:443', subresource: 'proxy' },
    ],
  ])('reads %s %s', (method, path, expected) => {
    expect(parse(method, path)).toEqual({ type: 'resource', group: '', version: 'v1', dryRun: false, ...expected });
  });

  it('reads the group of /apis paths, and apply from the content type', () => {
    expect(
      parse('PATCH', '/apis/apps/v1/namespaces/ns/deployments/d?dryRun=All&force=true', {
        'Content-Type': 'application/apply-patch+yaml; charset=utf-8',
      }),
    ).toEqual({
      type: 'resource',
      verb: 'patch',
      group: 'apps',
      version: 'v1',
      resource: 'deployments',
      namespace: 'ns',
      name: 'd',
      dryRun: true,
      apply: true,
    });
  });

  it('takes the name of a list or watch from one metadata.name term', () => {
    expect(parse('GET', '/api/v1/namespaces/ns/secrets?fieldSelector=metadata.name%3Dx')).toMatchObject({
      verb: 'list',
      name: 'x',
      fieldSelector: 'metadata.name=x',
    });
    for (const selector of ['metadata.name!=x', 'metadata.name=a,metadata.name=b', 'spec.name=x', 'metadata.name=']) {
      expect(parse('GET', `/api/v1/pods?fieldSelector=${encodeURIComponent(selector)}`)).not.toHaveProperty('name');
    }
  });

  it.each(['/', '/version', '/api', '/api/v1', '/apis/', '/apis/apps/v1', '/openapi/v3/apis/apps/v1?hash=1'])(
    'reads %s as no resource',
    (path) => {
      expect(parse('GET', path).type).toBe('nonResource');
    },
  );

  it.each(['true', 'all', '', 'All,All'])('does not count dryRun=%s as a dry run', (value) => {
    expect(parse('POST', `/api/v1/namespaces/ns/pods?dryRun=${value}`)).toMatchObject({ dryRun: false });
  });

  it('ignores dryRun where the server does: on connects, and in the query of a DELETE with a body', () => {
    const path = '/api/v1/namespaces/ns/pods/x';
    expect(parse('POST', `${path}/exec?dryRun=All`)).toMatchObject({ dryRun: false });
    expect(parse('DELETE', `${path}?dryRun=All`)).toMatchObject({ dryRun: true });
    expect(parse('DELETE', path, {}, '{"dryRun":["All"]}')).toMatchObject({ dryRun: true });
    expect(parse('DELETE', `${path}?dryRun=All`, {}, '{"dryRun":["All"]}')).toMatchObject({ dryRun: true });
    expect(refusal(() => parse('DELETE', `${path}?dryRun=All`, {}, '{}'))).toBe('unsupported_request');
    expect(parse('DELETE', path, {}, '{"dryRun":["All"],"dryRun":[]}')).toMatchObject({ dryRun: false });
  });

  it.each([{ connection: 'keep-alive, Upgrade' }, { Upgrade: 'websocket' }])('sees the upgrade in %j', (headers) => {
    expect(parse('GET', '/api/v1/namespaces/ns/pods/x/attach', headers)).toMatchObject({ upgrade: true });
  });

  it.each([
    '/api/v1/namespaces/ns/../kube-system/secrets',
    '/api/v1/namespaces/ns/%2e%2e/secrets',
    '/api/v1/namespaces//secrets',
    '//api/v1/secrets',
    '/api/v1/namespaces/ns%2Fsecrets',
    '/api/v1/secrets/',
    '/api/v1/pods/%00',
    '/api/v1/pods/%252e',
    '/api/v1/pods/%zz',
    '/api/v1/pods/%ff',
    '/api/v1/pods#x',
    '/api/v1\\pods',
    '/api/v1/pöds',
    '/api/v1/pods x',
    'api/v1/pods',
    'http://evil/api/v1/pods',
    '/api/v1/proxy/namespaces/ns/pods/x',
    '/api/v1/watch',
    '/api/v1/pods?dryRun=All&dryRun=All',
    '/api/v1/pods?watch=0;watch=1',
    '/api/v1/pods?watch=0&watch=1',
    '/api/v1/pods?x=%f',
    `/api/v1/pods/${'a'.repeat(5000)}`,
  ])('refuses %s', (path) => {
    expect(refusal(() => parse('GET', path))).toBe('unsupported_request');
  });

  it('refuses methods that have no verb, and any but GET under /watch/', () => {
    for (const method of ['OPTIONS', 'CONNECT', 'get', '']) {
      expect(refusal(() => parse(method, '/api/v1/pods'))).toBe('unsupported_request');
    }
    expect(refusal(() => parse('DELETE', '/api/v1/watch/pods'))).toBe('unsupported_request');
  });
});

const word = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
  .filter((w) => !['namespaces', 'watch', 'proxy', 'status', 'finalize'].includes(w));
const name = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9:.@ _ü-]{0,20}$/);
const parts = fc.record({
  group: fc.option(word, { nil: '' }),
  resource: word,
  namespace: fc.option(name, { nil: undefined }),
  name: fc.option(name, { nil: undefined }),
  subresource: fc.option(fc.constantFrom('status', 'scale', 'exec', 'log', 'eviction'), { nil: undefined }),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
});

describe('any request', () => {
  it('parses back into the parts that its URL was built from', () => {
    fc.assert(
      fc.property(parts, (p) => {
        const subresource = p.name === undefined ? undefined : p.subresource;
        const path = [
          p.group === '' ? '/api/v1' : `/apis/${p.group}/v1`,
          ...(p.namespace === undefined ? [] : ['namespaces', encodeURIComponent(p.namespace)]),
          p.resource,
          ...(p.name === undefined ? [] : [encodeURIComponent(p.name)]),
          ...(subresource === undefined ? [] : [subresource]),
        ].join('/');
        const read = parse(p.method, path);
        expect(read).toMatchObject({ type: 'resource', group: p.group, version: 'v1', resource: p.resource });
        expect(read).toEqual(
          expect.objectContaining({
            ...(p.namespace !== undefined && { namespace: p.namespace }),
            ...(p.name !== undefined && { name: p.name }),
            ...(subresource !== undefined && { subresource }),
          }),
        );
      }),
    );
  });

  it('never becomes a read by what is added to its path or query', () => {
    const reads = new Set(['get', 'list', 'watch']);
    fc.assert(
      fc.property(
        fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'),
        fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
        (method, tail) => {
          let read: ReturnType<typeof parse>;
          try {
            read = parse(method, `/api/v1/namespaces/ns/pods${tail}`);
          } catch (thrown) {
            expect((thrown as AppError).code).toBe('unsupported_request');
            return;
          }
          expect(read.type === 'resource' && !reads.has(read.verb)).toBe(true);
        },
      ),
    );
  });

  it('either throws unsupported_request or gives segments that hold no separator', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        try {
          const read = parse('GET', `/api/v1${path}?${query}`);
          if (read.type === 'resource') expect(`${read.resource}${read.name}${read.namespace}`).not.toMatch(/[/\\%]/);
        } catch (thrown) {
          expect((thrown as AppError).code).toBe('unsupported_request');
        }
      }),
    );
  });
});
