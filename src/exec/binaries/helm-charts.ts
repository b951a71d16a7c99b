/** helm commands that read a chart. */
import type { Gate } from '../../kernel/vocabulary.ts';
import { flag, isOn, refusedFlags, switches, values } from './flags.ts';
import { NO_FETCHED_PARTS, RENDER, REPOSITORY, VALUES } from './helm-flags.ts';
import type { CommandSpec, Draft, FlagSpec } from './spec.ts';

const LAST_IS_CHART = { at: -1, is: 'chart' } as const;

/** Whether the chart comes from a host: nobody has looked at it yet. */
function isFetched(draft: Draft): boolean {
  return draft.flag('repo') !== undefined || /^[a-z]+:\/\//i.test(draft.positionals.at(-1) ?? '');
}

/** The schema of a chart can name URLs and files, which helm reads. Ours are inspected; fetched ones are not, so theirs is left aside. */
function withoutForeignSchema(draft: Draft): readonly string[] {
  return isFetched(draft) ? ['--skip-schema-validation=true'] : [];
}

const NAMES_ITSELF = [
  ...switches('generate-name,g'),
  ...refusedFlags(
    'Its template could read the environment of the server. Write the name, or use --generate-name.',
    'value',
    'name-template',
  ),
];

function needsNameAndChart(draft: Draft): string | undefined {
  const wanted = isOn(draft, 'generate-name') ? 1 : 2;
  if (draft.positionals.length === wanted) return undefined;
  const usage = wanted === 1 ? '--generate-name CHART' : 'NAME CHART';
  return `\`helm ${draft.path.join(' ')}\` takes ${usage}: for instance \`helm ${draft.path.join(' ')} web ./web\` with the chart in \`files\`.`;
}

/** Hooks, a failed --atomic and --cleanup-on-fail take objects away again. */
function deletes(draft: Draft): readonly Gate[] {
  return isOn(draft, 'atomic') || isOn(draft, 'cleanup-on-fail') ? ['delete'] : [];
}

const HIDE_SECRET = switches('hide-secret');
const OUTPUT: readonly FlagSpec[] = [flag('output,o', 'value', { values: ['table', 'json', 'yaml'] })];

const INSTALL: CommandSpec = {
  words: ['install'],
  effect: 'write',
  gates: (draft) => {
    const replaces = ['take-ownership', 'force', 'replace'].some((name) => isOn(draft, name));
    return ['create', ...(replaces ? (['update'] as const) : []), ...deletes(draft)];
  },
  positionals: LAST_IS_CHART,
  adds: withoutForeignSchema,
  check: needsNameAndChart,
  flags: [...RENDER, ...OUTPUT, ...HIDE_SECRET, ...NAMES_ITSELF, ...switches('replace')],
};

const UPGRADE: CommandSpec = {
  words: ['upgrade'],
  effect: 'write',
  gates: (draft) => ['create', 'update', ...deletes(draft)],
  positionals: LAST_IS_CHART,
  adds: withoutForeignSchema,
  check: needsNameAndChart,
  flags: [
    ...RENDER,
    ...OUTPUT,
    ...HIDE_SECRET,
    ...switches('cleanup-on-fail', 'install,i', 'reset-then-reuse-values', 'reset-values', 'reuse-values'),
    ...values('history-max'),
  ],
};

/** `template` asks the cluster only to validate, or for `lookup` with --dry-run=server. */
function asksCluster(draft: Draft): boolean {
  return (
    isOn(draft, 'validate') ||
    draft.flag('dry-run') === 'server' ||
    ['none', 'false'].includes(draft.flag('dry-run') ?? '')
  );
}

const TEMPLATE: CommandSpec = {
  words: ['template'],
  effect: (draft) => (asksCluster(draft) ? 'read' : 'local'),
  positionals: LAST_IS_CHART,
  adds: withoutForeignSchema,
  check: ({ positionals }) =>
    positionals.length === 1 || positionals.length === 2
      ? undefined
      : '`helm template` takes [NAME] CHART: for instance `helm template web ./web` with the chart in `files`.',
  flags: [
    ...RENDER,
    ...NAMES_ITSELF,
    ...switches('include-crds', 'is-upgrade', 'release-name', 'replace', 'skip-tests', 'validate'),
    ...values('api-versions,a', 'kube-version', 'show-only,s'),
    ...refusedFlags('Files it writes are lost. Leave it out and read its output.', 'value', 'output-dir'),
  ],
};

const LINT: CommandSpec = {
  words: ['lint'],
  effect: 'local',
  positionals: 'folder',
  check: ({ positionals }) => (positionals.length === 0 ? '`helm lint` needs a chart: give it in `files`.' : undefined),
  flags: [...VALUES, ...switches('quiet', 'strict', 'with-subcharts'), ...values('kube-version')],
};

function show(word: string, extra: Partial<CommandSpec> = {}): CommandSpec {
  return {
    words: ['show', word],
    effect: 'local',
    positionals: 'chart',
    check: ({ positionals }) =>
      positionals.length === 1 ? undefined : `\`helm show ${word}\` takes one chart, of \`files\` or of a repository.`,
    flags: REPOSITORY,
    ...extra,
  };
}

const NO_ARCHIVES =
  'What it writes is lost after the call. Look into a chart with `helm show all CHART` or `helm template NAME CHART`; archives go into `files`.';

const DEPENDENCIES: readonly CommandSpec[] = [
  {
    words: ['dependency', 'list'],
    aliases: ['ls'],
    effect: 'local',
    positionals: 'folder',
    flags: values('max-col-width'),
  },
  { words: ['dependency', 'build'], refused: NO_FETCHED_PARTS },
  { words: ['dependency', 'update'], aliases: ['up'], refused: NO_FETCHED_PARTS },
];

export const CHART_COMMANDS: readonly CommandSpec[] = [
  INSTALL,
  UPGRADE,
  TEMPLATE,
  LINT,
  show('all'),
  show('chart'),
  show('crds'),
  show('readme'),
  show('values', { flags: [...REPOSITORY, ...values('jsonpath')] }),
  ...DEPENDENCIES,
  { words: ['pull'], aliases: ['fetch'], refused: NO_ARCHIVES },
  { words: ['package'], refused: NO_ARCHIVES },
  { words: ['create'], refused: `${NO_ARCHIVES} Write the files of a new chart into \`files\`.` },
];
