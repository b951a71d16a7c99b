import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { proxyFromEnv, proxyUrl } from './proxy-from-env.ts';

const via = (target: string, env: Record<string, string>) => proxyFromEnv(new URL(target), env)?.href;
const exempt = (target: string, noProxy: string) =>
  via(target, { HTTPS_PROXY: 'http://p:3128', NO_PROXY: noProxy }) === undefined;

describe('proxyFromEnv', () => {
  it('chooses by the scheme of the target, then ALL_PROXY', () => {
    const env = { HTTP_PROXY: 'http://plain:1', HTTPS_PROXY: 'http://secure:2', ALL_PROXY: 'socks5://all:3' };
    expect(via('http://a.example', env)).toBe('http://plain:1/');
    expect(via('https://a.example', env)).toBe('http://secure:2/');
    expect(via('https://a.example', { HTTP_PROXY: 'http://plain:1', ALL_PROXY: 'socks5://all:3' })).toBe(
      'socks5://all:3',
    );
    expect(via('https://a.example', { HTTP_PROXY: 'http://plain:1' })).toBeUndefined();
    expect(via('https://a.example', {})).toBeUndefined();
  });

  it('prefers upper case names, reads lower case ones and passes over empty ones', () => {
    expect(via('https://a.example', { HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:1' })).toBe(
      'http://upper:1/',
    );
    expect(via('https://a.example', { HTTPS_PROXY: '', https_proxy: 'http://lower:1' })).toBe('http://lower:1/');
  });

  it('takes a bare host and port as an http proxy, and socks5h as socks5', () => {
    expect(via('https://a.example', { HTTPS_PROXY: 'p.example:3128' })).toBe('http://p.example:3128/');
    expect(via('https://a.example', { HTTPS_PROXY: 'socks5h://u:p@p.example:1080' })).toBe(
      'socks5://u:p@p.example:1080',
    );
  });

  it('never proxies loopback', () => {
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]', '[::ffff:127.0.0.1]']) {
      expect(via(`https://${host}:6443`, { HTTPS_PROXY: 'http://p:1' }), host).toBeUndefined();
    }
  });

  it.each([
    ['a.example', 'https://a.example', true],
    ['a.example', 'https://b.a.example', true],
    ['a.example', 'https://xa.example', false],
    ['.a.example', 'https://a.example', false],
    ['.a.example', 'https://b.a.example', true],
    ['*.a.example', 'https://b.a.example', true],
    ['*.a.example', 'https://a.example', false],
    [' x , A.Example ', 'https://a.example', true],
    ['*', 'https://anything', true],
    ['x,*', 'https://10.0.0.1', true],
    ['10.0.0.0/8', 'https://10.1.2.3:6443', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['fd00::/8', 'https://[fd12::1]:6443', true],
    ['fd00::/8', 'https://10.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['10.1.2.3', 'https://10.1.2.30', false],
    ['fd12::1', 'https://[fd12::1]', true],
    ['a.example:6443', 'https://a.example:6443', true],
    ['a.example:6443', 'https://a.example', false],
    ['a.example:443', 'https://a.example', true],
    ['10.1.2.3:6443', 'https://10.1.2.3:6443', true],
    ['[fd12::1]:6443', 'https://[fd12::1]:6443', true],
    ['[fd12::1]:6443', 'https://[fd12::1]:443', false],
    [':443', 'https://a.example', false],
    ['bücher.example', 'https://xn--bcher-kva.example', true],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['', 'https://a.example', false],
  ])('NO_PROXY=%s for %s: exempt is %s', (noProxy, target, expected) => {
    expect(exempt(target, noProxy)).toBe(expected);
  });

  it('refuses what is no proxy URL without showing it', () => {
    for (const bad of ['ftp://user:hunter2@p', 'http://', 'http://user:hunter2@p:notaport']) {
      const error = (() => {
        try {
          return proxyUrl(bad, 'HTTPS_PROXY');
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toMatchObject({ code: 'kubeconfig_invalid' });
      expect(String(error)).toContain('HTTPS_PROXY');
      expect(String(error)).not.toContain('hunter2');
    }
  });

  it('answers a URL, nothing or a typed error for any environment', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.webUrl(), (proxy, noProxy, target) => {
        try {
          proxyFromEnv(new URL(target), { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: noProxy });
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});
