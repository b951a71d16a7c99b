import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { parseFlags, readSettings } from './read.ts';
import { TABLE } from './table.ts';

const read = (argv: string[], env: Record<string, string> = {}) => readSettings(parseFlags(argv).values, env);

/** `field: problem` of each problem that was thrown. */
function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    return ((error as AppError).detail.problems ?? []).map(({ field, problem }) => `${field}: ${problem}`);
  }
  return [];
}

describe('settings', () => {
  test('are read-only, on loopback port 8766, with all toolsets, when nothing is given', () => {
    expect(read([])).toMatchObject({
      enableList: true,
      enableCreate: false,
      enableUpdate: false,
      enableDelete: false,
      enableExec: false,
      enableEscalation: false,
      host: 'localhost',
      port: 8766,
      endpointPath: '/mcp',
      toolsets: undefined,
      maxResources: undefined,
      confirm: 'auto',
    });
  });

  test('take single and double dashes, with and without an equals sign', () => {
    expect(read(['-enable-create', '--enable-update=true', '-port', '9000', '--host=0.0.0.0'])).toMatchObject({
      enableCreate: true,
      enableUpdate: true,
      port: 9000,
      host: '0.0.0.0',
    });
  });

  test('a switch is turned off by --no-, by =false, and by its variable', () => {
    expect(read(['--no-enable-list']).enableList).toBe(false);
    expect(read(['--enable-list=false']).enableList).toBe(false);
    expect(read([], { K8S_MCP_ENABLE_LIST: 'off' }).enableList).toBe(false);
  });

  test('a flag wins over the environment, and the first environment name over its alias', () => {
    expect(read(['--port', '1'], { K8S_MCP_PORT: '2', PORT: '3' }).port).toBe(1);
    expect(read([], { K8S_MCP_PORT: '2', PORT: '3' }).port).toBe(2);
    expect(read([], { PORT: '3', HOST: '127.0.0.1' })).toMatchObject({ port: 3, host: '127.0.0.1' });
  });

  test('an empty variable means unset', () => {
    expect(read([], { K8S_MCP_HOST: '', K8S_ALLOWED_NAMESPACES: '' })).toMatchObject({
      host: 'localhost',
      allowedNamespaces: undefined,
    });
  });

  const POLICY_MISTAKES: [string[], string][] = [
    [['--allowed-namespaces', ''], '--allowed-namespaces: names nothing; leave it out for no rule'],
    [['--forbidden-namespaces', ' , '], '--forbidden-namespaces: names nothing; leave it out for no rule'],
    [['--contexts='], '--contexts: names nothing; leave it out for no rule'],
    [['--write-contexts='], '--write-contexts: names nothing; leave it out for no rule'],
    [
      ['--forbidden-namespaces', 'secret-*'],
      '--forbidden-namespaces: "secret-*" is no name of a namespace (lower-case letters, digits, "-"; no patterns)',
    ],
    [
      ['--allowed-namespaces', 'shop,Secret-NS'],
      '--allowed-namespaces: "Secret-NS" is no name of a namespace (lower-case letters, digits, "-"; no patterns)',
    ],
    [
      ['--denied-kinds', 'pods,Secret'],
      '--denied-kinds: "Secret" is not resource.group, and no plural of the core group; did you mean secrets?',
    ],
    [
      ['--denied-kinds', 'v1/secrets'],
      '--denied-kinds: "v1/secrets" is not resource.group, and no plural of the core group; did you mean secrets?',
    ],
    [
      ['--denied-kinds', 'deployments'],
      '--denied-kinds: "deployments" is not resource.group, and no plural of the core group; did you mean deployments.apps?',
    ],
  ];
  test.each(POLICY_MISTAKES)('%j, which would close nothing, is refused', (argv, problem) => {
    const told = () => read(argv);
    expect(told).toThrow(AppError);
    expect(problemsOf(told)).toEqual([problem]);
  });

  test('policy lists take what can name something', () => {
    const denied = ['SECRETS', 'pods/log', 'deployments.apps/scale', 'certificates.cert-manager.io'];
    expect(read(['--denied-kinds', denied.join(' , ')]).deniedKinds).toEqual(denied);
    expect(read(['--contexts', 'prod-*,main']).contexts).toEqual(['prod-*', 'main']);
  });

  test('lists are trimmed and lose empty items', () => {
    expect(read([], { K8S_FORBIDDEN_NAMESPACES: ' kube-system, ,secret-ns ,' }).forbiddenNamespaces).toEqual([
      'kube-system',
      'secret-ns',
    ]);
  });

  test('an unknown flag is refused with the nearest one', () => {
    expect(() => read(['--enable-creat'])).toThrowError(
      expect.objectContaining({
        code: 'invalid_argument',
        detail: expect.objectContaining({
          problems: [{ field: '--enable-creat', problem: 'unknown flag; did you mean --enable-create?' }],
        }),
      }),
    );
  });

  test('all wrong values are told at once, by the name they were given under', () => {
    const wrong = () => read(['--confirm', 'maybe'], { K8S_MCP_PORT: '70000', K8S_MAX_RESOURCES: '-1' });
    expect(wrong).toThrowError(
      expect.objectContaining({
        detail: expect.objectContaining({
          problems: [
            { field: 'K8S_MAX_RESOURCES', problem: '"-1" is not a whole number from 1 to 1000000' },
            { field: '--confirm', problem: '"maybe" is none of auto, human, never' },
            { field: 'K8S_MCP_PORT', problem: '"70000" is not a whole number from 0 to 65535' },
          ],
        }),
      }),
    );
  });

  test('a flag at the end without its value is told so', () => {
    expect(() => parseFlags(['--kubeconfig'])).toThrowError(
      expect.objectContaining({
        detail: expect.objectContaining({
          problems: [{ field: '--kubeconfig', problem: 'needs a value: --kubeconfig <path>' }],
        }),
      }),
    );
  });

  test('words after -- are never flags', () => {
    expect(parseFlags(['tools', '--', '--port']).words).toEqual(['tools', '--port']);
  });

  test('any argv and environment gives settings or an AppError, nothing else', () => {
    const env = fc.dictionary(
      fc.constantFrom('PORT', 'HOST', 'K8S_MCP_CONFIRM', 'K8S_AUDIT_ENABLED', 'LOG_LEVEL'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(fc.string()), env, (argv, variables) => {
        try {
          readSettings(parseFlags(argv).values, variables);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});

test('every name in .env.example is a setting or one of the kubeconfig variables', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const named = [...text.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
  const known = new Set([...Object.values(TABLE).flatMap(({ env }) => env), 'KUBECONFIG_PATH']);
  expect(named.map(([name]) => name).filter((name) => !known.has(name ?? ''))).toEqual([]);
  expect(() => readSettings(new Map(), Object.fromEntries(named))).not.toThrow();
});

describe('--sandbox', () => {
  test('opens the gates of writes, for the sandbox alone', () => {
    expect(read(['--sandbox'])).toMatchObject({
      enableCreate: true,
      enableUpdate: true,
      enableDelete: true,
      enableExec: false,
      enableEscalation: false,
      writeContexts: ['sandbox'],
    });
  });

  test('a gate that somebody closed stays closed', () => {
    expect(read(['--sandbox', '--no-enable-update'], { K8S_MCP_ENABLE_DELETE: 'false' })).toMatchObject({
      enableCreate: true,
      enableUpdate: false,
      enableDelete: false,
    });
  });

  test('stands beside no kubeconfig', () => {
    expect(problemsOf(() => read(['--sandbox', '--kubeconfig', 'x']))).toEqual([
      '--sandbox: stands beside --kubeconfig: the sandbox brings its own; give one of them',
    ]);
  });
});
