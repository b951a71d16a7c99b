import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

function sources(): { file: string; lines: string[] }[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => file.endsWith('.ts') && !file.startsWith('generated') && statSync(join(root, 'src', file)).isFile(),
    )
    .map((file) => ({ file, lines: readFileSync(join(root, 'src', file), 'utf8').split('\n') }));
}

const product = sources().filter(({ file }) => !file.endsWith('.test.ts'));

function cruise(path: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules', '.bin', 'depcruise'),
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err',
      path,
    ],
    { cwd: root, encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
}

describe('files', () => {
  test('have at most 400 lines, and half of them at most 120', () => {
    const long = sources()
      .filter(({ lines }) => lines.length > 400)
      .map(({ file, lines }) => `${file}: ${lines.length}`);
    expect(long).toEqual([]);
    const lengths = product.map(({ lines }) => lines.length).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(120);
  });

  test('are named in kebab-case', () => {
    const odd = sources()
      .filter(({ file }) => !/^([a-z0-9-]+\/)*[a-z0-9-]+(\.test)?\.ts$/.test(file))
      .map(({ file }) => file);
    expect(odd).toEqual([]);
  });

  test('sit in no folder called utils, helpers, common or manager', () => {
    expect(
      product
        .filter(({ file }) => /(^|\/)(utils?|helpers?|common|managers?)(\/|\.)/.test(file))
        .map(({ file }) => file),
    ).toEqual([]);
  });
});

describe('fences that imports do not show', () => {
  const users = (pattern: RegExp) =>
    product.filter(({ lines }) => lines.some((line) => pattern.test(line))).map(({ file }) => file);

  test('process.env is read in config only', () => {
    expect(users(/process\.env\b/).filter((file) => !file.startsWith('config/'))).toEqual([]);
  });

  test('stdout is written by the shell and stdio surfaces only', () => {
    const writers = users(/process\.stdout|console\.log/);
    expect(writers.filter((file) => !file.startsWith('surfaces/cli/') && !/^surfaces\/mcp\/stdio/.test(file))).toEqual(
      [],
    );
  });

  test('no file uses any', () => {
    expect(users(/(: |<|\bas )any\b(?! )/)).toEqual([]);
  });
});

describe('dependency-cruiser', () => {
  test('sees the imports of src, so that an empty graph cannot pass', () => {
    const { output } = cruise('src');
    const modules = /(\d+) modules, (\d+) dependencies cruised/.exec(output);
    expect(Number(modules?.[1])).toBeGreaterThan(100);
    expect(Number(modules?.[2])).toBeGreaterThan(300);
  });

  test.each([
    ['kernel', "import { decide } from '../../policy/decide.ts';\nexport const x = decide;\n", 'layer-kernel'],
    ['policy', "import { spawn } from 'node:child_process';\nexport const x = spawn;\n", 'child-process'],
    [
      'operations',
      "import { createCluster } from '../../kube/cluster.ts';\nexport const x = createCluster;\n",
      'types-only-operations-kube',
    ],
    ['surfaces/cli', "import { Hono } from 'hono';\nexport const x = Hono;\n", 'hono'],
  ])('refuses a planted violation in %s', (module, text, rule) => {
    const folder = mkdtempSync(join(root, 'src', module, 'planted-'));
    try {
      writeFileSync(join(folder, 'violation.ts'), text);
      const { status, output } = cruise(folder.slice(root.length + 1));
      expect(output).toContain(`error ${rule}`);
      expect(status).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
