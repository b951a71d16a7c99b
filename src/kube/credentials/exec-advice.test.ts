import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine, safeFirstLine, signInCommand } from './exec-advice.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln';

describe('commandLine', () => {
  it('can be pasted into a shell', () => {
    expect(
      commandLine({ command: 'aws', args: ['--region', 'eu-west-1', 'eks', 'get-token', '--cluster-name', "my 'c'"] }),
    ).toBe("aws --region eu-west-1 eks get-token --cluster-name 'my '\\''c'\\'''");
  });

  it('hides secrets, whichever way they are written', () => {
    expect(
      commandLine({
        command: 'kubelogin',
        args: ['get-token', '--client-secret=x', '--password', 'y', '-z', JWT, '--header=k9X2k9X2k9X2k9X2k9X2'],
      }),
    ).toBe('kubelogin get-token --client-secret=*** --password *** -z *** --header=***');
    expect(commandLine({ command: 'p', args: ['--token-file', '/run/token', '--token-cache-dir=/tmp/c'] })).toBe(
      'p --token-file /run/token --token-cache-dir=/tmp/c',
    );
  });
});

describe('signInCommand', () => {
  it('knows the sign-in of common plugins', () => {
    expect(signInCommand({ command: '/usr/bin/aws', args: ['--profile', 'dev'], env: [] })).toBe(
      'aws sso login --profile dev',
    );
    expect(signInCommand({ command: 'aws', args: [], env: [{ name: 'AWS_PROFILE', value: 'p' }] })).toBe(
      'aws sso login --profile p',
    );
    expect(signInCommand({ command: 'gke-gcloud-auth-plugin.exe', args: [], env: [] })).toBe('gcloud auth login');
    expect(signInCommand({ command: 'kubelogin', args: ['--login', 'azurecli'], env: [] })).toBe('az login');
    expect(signInCommand({ command: 'mine', args: [], env: [] })).toBeUndefined();
  });
});

describe('safeFirstLine', () => {
  it('gives the first line with text in it, cleaned and short', () => {
    expect(safeFirstLine('\n \u001b[31mError:\u001b[0m expired\u202e\nmore', [])).toBe('Error: expired');
    expect(safeFirstLine(`${'a '.repeat(300)}`, [])).toHaveLength(201);
    expect(safeFirstLine('', [])).toBeUndefined();
  });

  it.each([
    `bad ${JWT}`,
    'password: x',
    'Authorization: Bearer x',
    'sent https://u:p@h/',
    'see https://h/?code=1',
    'k9X2k9X2k9X2k9X2k9X2k9X2',
    'token "x" secret=y',
  ])('drops %j', (line) => {
    expect(safeFirstLine(line, [])).toBeUndefined();
  });

  it('never lets a known secret through', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[!-~]{4,30}$/), fc.string(), (before, secret, after) => {
        expect(safeFirstLine(`${before}${secret}${after}`, [secret]) ?? '').not.toContain(secret);
      }),
    );
  });
});
