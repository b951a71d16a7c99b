import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../config/read.ts';
import { lazyCommands } from './lazy-commands.ts';
import { rulesOf } from './rules.ts';

describe('lazyCommands', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'k8s-mcp-lazy-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const start = (env: Record<string, string>) => {
    const settings = readSettings(new Map(), env);
    const warnings: string[] = [];
    return lazyCommands({
      host: { argv: [], env: { XDG_RUNTIME_DIR: home }, home, cwd: home },
      settings,
      rules: rulesOf(settings, undefined),
      store: { state: async () => ({ kind: 'none' }) as never },
      audit: { request: () => undefined },
      log: { warn: (text: string) => warnings.push(text), error: () => undefined } as never,
    });
  };

  it.each([
    [{ K8S_MCP_KUBECTL_PATH: 'bin/kubectl' }, '--kubectl-path is not an absolute path.'],
    [{ K8S_MCP_SECURITY_CONFIG: '/nowhere/rules.yaml' }, 'rules.yaml'],
    [{ K8S_MCP_HELM_REPO_ALLOW: 'a b' }, '--helm-repo-allow'],
    [{ K8S_MCP_ARGOCD_SERVER: 'argocd.example' }, '--argocd-token-file'],
  ])('a mistake in %j ends the start', async (env, words) => {
    await expect(start(env)).rejects.toThrow(words);
  });

  it('reads command lines when the first one comes, and has no port before a command runs', async () => {
    const commands = await start({});
    expect(await commands.parse({ tool: 'kubectl', command: 'get pods' })).toMatchObject({ argv: ['get', 'pods'] });
    expect(commands.ports()).toEqual([]);
    await commands.close();
    await expect(commands.parse({ tool: 'kubectl', command: 'get pods' })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
