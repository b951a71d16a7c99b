import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { parseFlags, readSettings } from './read.ts';

const read = (argv: string[], env: Record<string, string> = {}) => readSettings(parseFlags(argv).values, env);

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
