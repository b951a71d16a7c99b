import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { CHART } from './cli-fixtures.ts';
import { plainCli } from './clis.ts';

type Files = Record<string, string>;

/** The chart of the fixtures as a caller gives it: its files below `chart/`. */
export function chartFiles(): Files {
  const entries = readdirSync(CHART, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [`chart/${relative(CHART, path)}`, readFileSync(path, 'utf8')];
    }),
  );
}

/** The same chart as an archive, in base64. */
export async function chartArchive(): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'k8s-mcp-package-'));
  try {
    await plainCli('helm', ['package', CHART], { home });
    return readFileSync(join(home, 'greeter-0.1.0.tgz')).toString('base64');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A chart of these templates, below `<name>/`. */
export function smallChart(name: string, templates: Files, values = ''): Files {
  return {
    [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
    [`${name}/values.yaml`]: values,
    ...Object.fromEntries(Object.entries(templates).map(([file, text]) => [`${name}/templates/${file}`, text])),
  };
}
