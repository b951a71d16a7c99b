import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostsInText } from './hosts-in-text.ts';

function hosts(name: string, value: string, own = 'shop'): string[] {
  return hostsInText(name, value, own).map(({ namespace, name: service }) => `${namespace}/${service}`);
}

describe('services named in settings', () => {
  it.each([
    ['PGHOST', 'payments-db.data.svc', 'data/payments-db'],
    ['DB', 'payments-db.data.svc.cluster.local.', 'data/payments-db'],
    ['AMQP_URL', 'amqp://rabbitmq.data.svc:5672', 'data/rabbitmq'],
    ['AMQP_URL', 'amqp://user:p@ss.word.svc@rabbitmq.data.svc:5672/x', 'data/rabbitmq'],
    ['KAFKA', 'kafka-0.kafka.data.svc:9092,kafka-1.kafka.data.svc:9092', 'data/kafka'],
    ['SRV', '_amqp._tcp.rabbitmq.data.svc.cluster.local', 'data/rabbitmq'],
    ['JDBC', 'jdbc:postgresql://orders:5432/orders', 'shop/orders'],
    ['API', 'http://orders:8080/v1', 'shop/orders'],
    ['API', 'http://orders.team-a:8080', 'team-a/orders'],
    ['REDIS_ADDR', 'cache:6379', 'shop/cache'],
    ['redis-addr', 'cache:6379', 'shop/cache'],
    ['', 'until nslookup db.data.svc.cluster.local; do sleep 2; done', 'data/db'],
  ])('%s=%s names %s', (name, value, expected) => {
    expect(hosts(name, value)).toEqual([expected]);
  });

  it.each([
    ['BUCKET', 's3://shop-backups'],
    ['HOST', 'assets.shop.example'],
    ['URL', 'https://example.com'],
    ['URL', 'http://orders.shop:8080'],
    ['URL', 'http://localhost:8080'],
    ['URL', 'http://10.0.0.1:8080'],
    ['URL', 'http://$(HOST):8080'],
    ['URL', 'http://$(HOST).data.svc:8080'],
    ['IMAGE', 'postgres:16'],
    ['VERSION', 'postgres:1600'],
    ['NO_PROXY', 'localhost,.svc,kubernetes.default.svc'],
    ['CERTIFICATE', '*.data.svc'],
    ['HOST', 'db.data.svc.clusterset.local'],
    ['HOST', 'db.data.svc.example.com'],
    ['HOST', 'data.svc'],
    ['URL', 'https://api.v2-beta.example.com'],
    ['KAFKA_ADVERTISED_LISTENERS', 'PLAINTEXT://kafka-0.kafka.data.svc:9092'],
  ])('%s=%s names none', (name, value) => {
    expect(hosts(name, value)).toEqual([]);
  });

  it('says nothing of any text but names that could be those of objects, sixteen at most', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('http://', '.svc', 'a.b.svc', '@', ':80', ',', '.', '$('));
    fc.assert(
      fc.property(fc.string(), fc.array(piece, { maxLength: 40 }), (name, pieces) => {
        const found = hostsInText(name, pieces.join(''), 'shop');
        expect(found.length).toBeLessThanOrEqual(16);
        for (const host of found) {
          expect(host.name).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
          expect(host.namespace).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/);
        }
      }),
    );
  });
});
