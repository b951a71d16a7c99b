import { describe, expect, it } from 'vitest';
import { toAppError } from '../../kernel/errors.ts';
import { hostOf } from './hosts.ts';

function outcome(url: string): string {
  try {
    return hostOf(url, '--repo');
  } catch (error) {
    return toAppError(error).code;
  }
}

describe('the host of a repository', () => {
  it.each([
    ['https://charts.example.com/stable', 'charts.example.com'],
    ['oci://Registry.Example.com:5000/x', 'registry.example.com'],
    ['http://10.1.2.3:8080', '10.1.2.3'],
    ['https://charts.example.com./a?b=c', 'charts.example.com'],
  ])('is read from %s', (url, host) => {
    expect(outcome(url)).toBe(host);
  });

  it.each([
    'http://localhost/',
    'http://LOCALHOST:80',
    'http://a.localhost',
    'http://localhost./',
    'http://127.0.0.1:8443/x',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1',
    'http://017700000001/',
    'http://0177.0.0.1/',
    'http://0.0.0.0/',
    'http://0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
    'http://169.254.169.254/latest',
    'http://[fe80::1]/',
    'oci://127.0.0.1/x',
  ])('is never this host or its link: %s', (url) => {
    expect(outcome(url)).toBe('command_refused');
  });

  it.each([
    'ftp://charts.example.com',
    'file:///etc',
    'https://user:pw@charts.example.com/',
    'https://charts.example.com\\@127.0.0.1/',
    'https://charts.example.com@127.0.0.1/',
    'https://%6c%6fcalhost/',
    'https:///x',
    'https://',
    'charts.example.com',
    'https://ex ample.com',
    'https://example.com:x/',
    'HTTPS://example.com/',
    ' https://example.com/',
  ])('is not read from %s', (url) => {
    expect(outcome(url)).toBe('invalid_argument');
  });
});
