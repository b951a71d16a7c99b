import { EXEC_API_VERSIONS } from '../credentials/exec-credential.ts';
import { EXEC_SHAPES, type ExecShape, matchArgs } from './exec-shapes.ts';
import { isPresent, readFlag, readList, readMap, readText, type Spot } from './request-fields.ts';
import type { Report } from './request-problems.ts';
import type { RequestKubeconfigRules } from './request-rules.ts';
import type { ExecConfig } from './types.ts';

const EXEC = {
  read: ['apiVersion', 'command', 'args', 'env', 'interactiveMode', 'provideClusterInfo'],
  // Text for people, which we would be repeating.
  ignored: ['installHint'],
  strict: true,
};
const VARIABLE = { read: ['name', 'value'], strict: true };
const MAX_ITEMS = 50;

/** The plugin that a user names, if the operator allows it, with arguments rebuilt and its environment cut to a region. */
export function readExec(spot: Spot, rules: RequestKubeconfigRules, report: Report): ExecConfig | undefined {
  if (!isPresent(spot.value)) return undefined;
  const refuse = (field: string, problem: string) => report({ field, problem, kind: 'refused' });
  if (rules.execAllow.size === 0) {
    refuse(spot.field, 'would run a program on this server; put a token in its place');
    return undefined;
  }
  const field = readMap(spot, EXEC, report);
  const command = field('command');
  const name = readText(command, () => undefined, 100) ?? '';
  const shape = Object.hasOwn(EXEC_SHAPES, name) && rules.execAllow.has(name) ? EXEC_SHAPES[name] : undefined;
  if (shape === undefined) {
    refuse(command.field, `is no program that may run here; allowed by bare name: ${[...rules.execAllow].join(', ')}`);
    return undefined;
  }
  if (rules.serverAllow === undefined) {
    refuse(spot.field, 'needs the operator to name the servers that its token may go to (--kubeconfig-server-allow)');
    return undefined;
  }
  const args = readArgs(field('args'), shape, report);
  const env = readEnv(field('env'), shape, report);
  checkMode(field('interactiveMode'), report);
  return {
    apiVersion: readApiVersion(field('apiVersion'), report),
    command: name,
    args,
    env,
    installHint: undefined,
    provideClusterInfo: readFlag(field('provideClusterInfo'), report),
    interactiveMode: 'Never',
  };
}

function readArgs(spot: Spot, shape: ExecShape, report: Report): string[] {
  const items = readList(spot, report);
  const given = items.slice(0, MAX_ITEMS).map(({ value }) => value);
  const texts = given.filter((value) => typeof value === 'string');
  if (items.length > MAX_ITEMS || texts.length < given.length) {
    report({ field: spot.field, problem: `must be a list of at most ${MAX_ITEMS} strings`, kind: 'malformed' });
    return [];
  }
  const matched = matchArgs(shape, texts);
  if (matched.ok) return matched.args;
  report({ field: spot.field, problem: matched.problem, kind: 'refused' });
  return [];
}

/** Variables that the plugin may not be told are dropped, not refused: cloud tools write several. */
function readEnv(spot: Spot, shape: ExecShape, report: Report): ExecConfig['env'] {
  const kept: { name: string; value: string }[] = [];
  for (const item of readList(spot, report).slice(0, MAX_ITEMS)) {
    const field = readMap(item, VARIABLE, report);
    const { value: name } = field('name');
    const { field: at, value } = field('value');
    const form = typeof name === 'string' && Object.hasOwn(shape.env, name) ? shape.env[name] : undefined;
    if (form === undefined || typeof name !== 'string') continue;
    if (typeof value === 'string' && form.test(value)) kept.push({ name, value });
    else report({ field: at, problem: 'is not a region', kind: 'refused' });
  }
  return kept;
}

function readApiVersion(spot: Spot, report: Report): string {
  const version = EXEC_API_VERSIONS.find((known) => known === spot.value);
  if (version === undefined)
    report({ field: spot.field, problem: `must be one of ${EXEC_API_VERSIONS.join(', ')}`, kind: 'malformed' });
  return version ?? '';
}

function checkMode(spot: Spot, report: Report): void {
  const { field, value } = spot;
  if (value === 'Always') report({ field, problem: 'is Always, and a server has no terminal', kind: 'refused' });
  else if (isPresent(value) && value !== '' && value !== 'Never' && value !== 'IfAvailable')
    report({ field, problem: 'must be Never or IfAvailable', kind: 'malformed' });
}
