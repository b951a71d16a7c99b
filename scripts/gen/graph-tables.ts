import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RELATIONS } from '../../src/graph/relations/index.ts';
import { DETECTORS } from '../../src/monitor/detectors/index.ts';

const root = join(import.meta.dirname, '..', '..');

/** Where the states of a relation or detector are written down that its tests go through. Throws where there are none: nothing goes untested. */
function statesOf(id: string, folders: readonly string[]): string {
  const paths = folders.map((folder) => `${folder}/fixtures/${id}.yaml`);
  const found = paths.find((path) => existsSync(join(root, path)));
  if (found === undefined) throw new Error(`${id} has no states to be tested by: write ${paths.join(' or ')}.`);
  return `[${id}.yaml](../../${found})`;
}

const HEAD = '<!-- Written by `npm run gen`. Do not edit. -->';

/** What depends on what: a row for each relation, with the states its tests go through. */
export function relationTable(): string {
  const rows = RELATIONS.map((relation) => {
    const { id, sources, verb, strength, class: word, inverse, rows: numbers } = relation;
    const from = sources === 'any' ? 'any kind' : sources.join(', ');
    const states = statesOf(id, ['src/graph/relations/core', 'src/graph/relations/platform']);
    return `| ${id} | ${from} | ${verb}${inverse === true ? ' (the other way round)' : ''} | ${strength} | ${word} | ${numbers.join(', ')} | ${states} |`;
  });
  return `${HEAD}\n# Relations\n\n${rows.length} relations of the live graph. \`A => B\`: A depends on B. Rows are those of the research table (dataplane.md §3).\n\n| relation | of | says | strength | class | rows | tested by |\n|---|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** What is found wrong: a row for each detector. */
export function detectorTable(): string {
  const rows = DETECTORS.map(({ id, class: word, kinds, reads }) => {
    const states = statesOf(id, ['src/monitor/detectors/workloads', 'src/monitor/detectors/platform']);
    return `| ${id} | ${word} | ${kinds === 'any' ? 'any kind' : kinds.join(', ')} | ${reads.join(', ')} | ${states} |`;
  });
  return `${HEAD}\n# Detectors\n\n${rows.length} detectors. Incidents hurt now; hygiene is kept apart.\n\n| detector | class | looks at | reads besides | tested by |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}
