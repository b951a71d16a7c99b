import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IMAGES } from './image-catalogue.ts';
import { parseImage } from './image-reference.ts';
import { findImage, hasTag } from './images.ts';
import { parseTargets } from './services.ts';

const full = (image: string) => {
  const parsed = parseImage(image);
  return parsed.kind === 'ok' ? parsed.reference.full : 'invalid';
};

describe('image names', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['grafana/grafana:12.0.1', 'docker.io/grafana/grafana:12.0.1'],
    ['ghcr.io/acme/shop/cart:v2', 'ghcr.io/acme/shop/cart:v2'],
    ['localhost:5000/x', 'localhost:5000/x:latest'],
    [`nginx@sha256:${'a'.repeat(64)}`, `docker.io/library/nginx@sha256:${'a'.repeat(64)}`],
    ['Nginx', 'invalid'],
    ['nginx:', 'invalid'],
    ['nginx:a b', 'invalid'],
    ['', 'invalid'],
  ])('%s is %s', (image, expected) => {
    expect(full(image)).toBe(expected);
  });

  it('are read without a throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), (text) => {
        expect(['ok', 'invalid']).toContain(parseImage(text).kind);
      }),
    );
  });
});

describe('tags', () => {
  const nginx = findImage(IMAGES, 'docker.io', 'library/nginx')!;
  it.each(['latest', '1.27', '1.27.3', '1.27-alpine', '1.27.3-alpine3.20', 'stable', '1.29.4'])('%s exists', (tag) => {
    expect(hasTag(nginx, tag)).toBe(true);
  });
  it.each(['1.27-alpin', '1.30', '9.9', 'nope', '1.27-typo', 'v'])('%s does not', (tag) => {
    expect(hasTag(nginx, tag)).toBe(false);
  });
});

describe('addresses of services', () => {
  it.each([
    ['http://cart:8080/x?y', [{ host: 'cart', port: 8080 }]],
    ['db.prod.svc.cluster.local:5432', [{ host: 'db.prod.svc.cluster.local', port: 5432 }]],
    ['postgres://user:p%40ss@db:5432/shop', [{ host: 'db', port: 5432 }]],
    [
      'mq-0:5672,mq-1:5672',
      [
        { host: 'mq-0', port: 5672 },
        { host: 'mq-1', port: 5672 },
      ],
    ],
    ['user:pw@tcp(db:3306)/shop', [{ host: 'db', port: 3306 }]],
    [':8080', []],
    ['a b', []],
  ])('in %s', (text, expected) => {
    expect(parseTargets(text)).toEqual(expected);
  });
});
