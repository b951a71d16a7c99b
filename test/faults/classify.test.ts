import { expect, test } from 'vitest';
import { classify, matches } from './classify.ts';
import { createListMemory } from './list-memory.ts';

const facts = (url: string, method = 'GET', pageOf = createListMemory().pageOf) =>
  classify({ method, url, accept: 'application/json', authorization: 'Bearer secret', protocol: 'h2' }, pageOf);

test.each([
  ['GET', '/api/v1/pods', 'list ///'],
  ['GET', '/api/v1/pods?watch=true', 'watch ///'],
  ['GET', '/api/v1/pods?watch=false', 'list ///'],
  ['GET', '/api/v1/watch/namespaces/shop/pods', 'watch shop///'],
  ['GET', '/api/v1/namespaces/shop/pods/cart', 'get shop/cart//'],
  ['GET', '/api/v1/namespaces/shop/pods/cart/log?follow=true', 'get shop/cart/log/'],
  ['GET', '/apis/apps/v1/namespaces/shop/deployments', 'list shop///apps'],
  ['PATCH', '/apis/apps/v1/namespaces/shop/deployments/cart/scale', 'patch shop/cart/scale/apps'],
  ['POST', '/api/v1/namespaces/shop/pods', 'create shop///'],
  ['DELETE', '/api/v1/namespaces/shop/pods', 'deletecollection shop///'],
  ['DELETE', '/api/v1/namespaces/shop/pods/cart', 'delete shop/cart//'],
  ['GET', '/apis', 'discovery ///'],
  ['GET', '/apis/apps/v1', 'discovery ///'],
  ['GET', '/openapi/v3', 'discovery ///'],
  ['GET', '/readyz', 'other ///'],
])('%s %s is %s', (method, url, expected) => {
  const { verb, namespace, name, subresource, group } = facts(url, method);
  expect(`${verb} ${namespace}/${name}/${subresource}/${group}`).toBe(expected);
});

test('pages are counted by their tokens, and each list begins anew', () => {
  const { pageOf } = createListMemory();
  const page = (query: string) => facts(`/api/v1/pods?limit=2${query}`, 'GET', pageOf).page;
  const pages = ['', '&continue=x', '&continue=x', '&continue=y', '', '&continue=z'].map(page);
  expect(pages).toEqual([1, 2, 2, 3, 1, 2]);
});

test('a match holds when all of its fields do', () => {
  const list = facts('/api/v1/namespaces/shop/pods?sendInitialEvents=true');
  expect(matches({}, list)).toBe(true);
  expect(
    matches({ verb: ['list', 'watch'], resource: 'pods', namespace: 'shop', bearer: 'secret', page: 1 }, list),
  ).toBe(true);
  const wrong = [
    { verb: 'get' },
    { group: 'apps' },
    { namespace: '' },
    { page: 2 },
    { bearer: 'other' },
    { accept: 'protobuf' },
    { initialEvents: false },
    { protocol: 'h1' },
    { path: '/apis' },
  ] as const;
  for (const match of wrong) expect(matches(match, list)).toBe(false);
});
