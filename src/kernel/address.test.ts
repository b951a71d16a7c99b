import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressClass, canonicalHost, matchesHost, parseHostPattern } from './address.ts';

describe('addressClass', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['172.32.0.1', 'public'],
    ['2606:4700::1111', 'public'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12:3456::1', 'private'],
    ['fec0::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.1.1', 'linkLocal'],
    ['fe80::1', 'linkLocal'],
    ['fe80::1%eth0', 'linkLocal'],
    ['169.254.169.254', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['169.254.170.23', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['198.18.0.1', 'private'],
    ['2001:db8::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['100::1', 'reserved'],
    ['64:ff9b:1:a9fe:a9:fe00::', 'reserved'],
  ])('%s is %s', (ip, is) => expect(addressClass(ip)).toBe(is));

  it.each([
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['::ffff:0:10.0.0.1', 'private'],
    ['::7f00:1', 'loopback'],
    ['64:ff9b::169.254.169.254', 'metadata'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['2002:7f00:1::', 'loopback'],
    ['2002:a9fe:a9fe::1', 'metadata'],
    ['2002:808:808::1', 'public'],
    // Teredo: the server's address plain, the client's inverted.
    ['2001:0:7f00:1:0:0:f7f7:f7f7', 'loopback'],
    ['2001:0:808:808:0:0:80ff:fffe', 'loopback'],
    ['2001:0:808:808:0:0:f7f7:f7f7', 'public'],
    ['2606:4700::5efe:127.0.0.1', 'loopback'],
    ['fe80::200:5efe:8.8.8.8', 'linkLocal'],
    ['2606:4700::5efe:8.8.8.8', 'public'],
  ])('%s counts as the IPv4 address it carries: %s', (ip, is) => expect(addressClass(ip)).toBe(is));

  it.each(['', 'localhost', '127.1', '0x7f.0.0.1', '2130706433', '127.0.0.1:80', '[::1]', '1.2.3.4/8'])(
    'takes %j for no address',
    (text) => expect(addressClass(text)).toBe('reserved'),
  );

  it('finds what an IPv4 address is in each form that carries it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (v4) => {
        const is = addressClass(v4);
        expect(addressClass(`::ffff:${v4}`)).toBe(is);
        expect(addressClass(`64:ff9b::${v4}`)).toBe(is);
      }),
    );
  });
});

describe('canonicalHost', () => {
  it.each([
    ['EXAMPLE.com.', 'example.com'],
    ['bücher.de', 'xn--bcher-kva.de'],
    ['127.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::FFFF:7f00:1', '::ffff:7f00:1'],
    ['localhost', 'localhost'],
    ['my_host', 'my_host'],
    ['ⓛocalhost', 'localhost'],
  ])('writes %j as %s', (text, host) => expect(canonicalHost(text)).toBe(host));

  it.each([
    '',
    '.',
    '..',
    'a..b',
    'a b',
    'a/b',
    'u@h',
    'a:80',
    '[a]',
    '1.2.3.4.5',
    '%31',
    'a?b',
    'a#b',
    'x'.repeat(255),
  ])('refuses %j', (text) => expect(canonicalHost(text)).toBeUndefined());
});

describe('host patterns', () => {
  const matches = (pattern: string, host: string, more: { port?: number; addresses?: string[] } = {}) =>
    matchesHost(parseHostPattern(pattern)!, { host, ...more });

  it('match a host in any spelling, and nothing beside it', () => {
    expect(matches('Charts.Example.com', 'charts.example.COM.')).toBe(true);
    expect(matches('charts.example.com', 'evilcharts.example.com')).toBe(false);
    expect(matches('charts.example.com', 'charts.example.com.evil.net')).toBe(false);
    expect(matches('127.0.0.1', '127.1')).toBe(true);
  });

  it('match sub-domains by *., never the domain itself', () => {
    expect(matches('*.example.com', 'a.b.example.com')).toBe(true);
    expect(matches('*.example.com', 'example.com')).toBe(false);
    expect(matches('*.example.com', 'notexample.com')).toBe(false);
  });

  it('match addresses by network, resolved or written, IPv4 inside IPv6 too', () => {
    expect(matches('10.0.0.0/8', '10.2.3.4')).toBe(true);
    expect(matches('10.0.0.0/8', '11.2.3.4')).toBe(false);
    expect(matches('10.0.0.0/9', '10.128.0.1')).toBe(false);
    expect(matches('10.0.0.0/8', 'db.corp', { addresses: ['10.0.0.9'] })).toBe(true);
    expect(matches('10.0.0.0/8', 'db.corp')).toBe(false);
    expect(matches('10.0.0.0/8', '[::ffff:10.0.0.9]')).toBe(true);
    expect(matches('fd00::/8', '[fd12::1]')).toBe(true);
    expect(matches('0.0.0.0/0', '1.2.3.4')).toBe(true);
    expect(matches('1.2.3.4/32', '1.2.3.5')).toBe(false);
  });

  it('match by port where one is given', () => {
    expect(matches('example.com:8443', 'example.com', { port: 8443 })).toBe(true);
    expect(matches('example.com:8443', 'example.com', { port: 443 })).toBe(false);
    expect(matches('example.com:8443', 'example.com')).toBe(false);
    expect(matches('[::1]:6443', '::1', { port: 6443 })).toBe(true);
    expect(matches('*', 'anything.example', { port: 1 })).toBe(true);
  });

  it.each([
    '',
    'a b',
    '*.',
    '*.1.2.3.4',
    'a*b',
    '*x.com',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10/8',
    'h:0',
    'h:99999',
    'http://h',
    'fd00::/129',
    'fe80::1%e/64',
    'h:',
  ])('are not %j', (text) => expect(parseHostPattern(text)).toBeUndefined());

  it('never throw, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, host) => {
        const parsed = parseHostPattern(pattern);
        canonicalHost(host);
        addressClass(host);
        if (parsed) matchesHost(parsed, { host });
      }),
    );
  });
});
