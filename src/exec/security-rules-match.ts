import type { ParsedCommand, ParsedFlag } from './types.ts';

/** `delete ns --all`, read as the tool would read it. */
export interface RulePrefix {
  text: string;
  /** Sub-command words by their first names. */
  path: readonly string[];
  /** The words after them: kinds and names. */
  words: readonly string[];
  /** Without a value: any value but `false`. */
  flags: readonly ParsedFlag[];
}

/** Whether a command is what a rule forbids: any of its kinds, in any spelling, with all flags of the rule, in any order. */
export function matchesForbidden(rule: RulePrefix, command: ParsedCommand): boolean {
  if (!startsWith(command.path, rule.path) || !hasFlags(rule, command)) return false;
  const [kind, ...names] = rule.words;
  if (kind === undefined) return true;
  const { positionals } = command;
  if (rule.words.every((word, at) => positionals[at] === word)) return true;
  if (command.tool !== 'kubectl') return false;
  const objects = objectsOf(positionals);
  return objects.kinds.some((found) => found === kindName(kind)) && names.every((name) => objects.names.includes(name));
}

/** Whether all that a command does is what a rule says, and nothing besides. */
export function matchesSafe(rule: RulePrefix, command: ParsedCommand): boolean {
  if (!startsWith(command.path, rule.path) || !hasFlags(rule, command)) return false;
  const [kind, ...names] = rule.words;
  if (kind === undefined) return true;
  const { positionals } = command;
  if (command.tool !== 'kubectl') return rule.words.every((word, at) => positionals[at] === word);
  // What files hold is not seen here.
  if (command.files.length > 0 || command.readsStdin) return false;
  const objects = objectsOf(positionals);
  const sameKinds = objects.kinds.length > 0 && objects.kinds.every((found) => found === kindName(kind));
  return sameKinds && (names.length === 0 || objects.names.every((name) => names.includes(name)));
}

function startsWith(words: readonly string[], start: readonly string[]): boolean {
  return start.every((word, at) => words[at] === word);
}

function hasFlags(rule: RulePrefix, command: ParsedCommand): boolean {
  return rule.flags.every((flag) => hasFlag(flag, command));
}

function hasFlag({ name, value }: ParsedFlag, command: ParsedCommand): boolean {
  if (name === 'all-namespaces' && command.allNamespaces) return true;
  if (name === 'namespace' && command.namespace !== undefined)
    return value === undefined || value === command.namespace;
  return command.flags.some((flag) => {
    if (flag.name !== name || flag.value === 'false') return false;
    return value === undefined || flag.value === value || (value === 'true' && flag.value === undefined);
  });
}

/** kubectl's `pods,svc a b` and `pod/a svc/b`. */
function objectsOf(positionals: readonly string[]): { kinds: string[]; names: string[] } {
  const [first = '', ...rest] = positionals;
  if (!first.includes('/')) return { kinds: first.split(',').filter(Boolean).map(kindName), names: rest };
  const pairs = positionals.map((word) => word.split('/'));
  return { kinds: pairs.map(([kind = '']) => kindName(kind)), names: pairs.map(([, name = '']) => name) };
}

/** Short names that kubectl knows of every cluster. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  cj: 'cronjob',
  cm: 'configmap',
  cr: 'clusterrole',
  crb: 'clusterrolebinding',
  crd: 'customresourcedefinition',
  cs: 'componentstatus',
  csr: 'certificatesigningrequest',
  deploy: 'deployment',
  ds: 'daemonset',
  ep: 'endpoint',
  ev: 'event',
  hpa: 'horizontalpodautoscaler',
  ing: 'ingress',
  limits: 'limitrange',
  netpol: 'networkpolicy',
  no: 'node',
  ns: 'namespace',
  pc: 'priorityclass',
  pdb: 'poddisruptionbudget',
  po: 'pod',
  pv: 'persistentvolume',
  pvc: 'persistentvolumeclaim',
  quota: 'resourcequota',
  rc: 'replicationcontroller',
  rs: 'replicaset',
  sa: 'serviceaccount',
  sc: 'storageclass',
  sts: 'statefulset',
  svc: 'service',
};

/** `Pods`, `po`, `pods.v1.`: the same kind. */
function kindName(word: string): string {
  const name = word.toLowerCase().split('.')[0] ?? '';
  const short = Object.hasOwn(SHORT_NAMES, name) ? SHORT_NAMES[name] : undefined;
  if (short !== undefined) return short;
  const one = singular(name);
  return (Object.hasOwn(SHORT_NAMES, one) ? SHORT_NAMES[one] : undefined) ?? one;
}

function singular(name: string): string {
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  if (/(?:ss|x|ch)es$/.test(name)) return name.slice(0, -2);
  return name.endsWith('s') && !name.endsWith('ss') ? name.slice(0, -1) : name;
}

/**
 * The command as one line, in the ways that people write it: flags behind or in front, with `=`, with a space, by their letter;
 * with the tool's name and without. A pattern that matches any of them matches the command.
 */
export function linesOf(command: ParsedCommand, letters: ReadonlyMap<string, string>): string[] {
  const { tool, path, positionals, trailing, argv } = command;
  const behind = trailing === undefined ? [] : ['--', ...trailing];
  const spellings = [
    (flag: ParsedFlag) => [spelled(`--${flag.name}`, flag.value, '=')],
    (flag: ParsedFlag) => [spelled(`--${flag.name}`, flag.value, ' ')],
    (flag: ParsedFlag) => {
      const letter = letters.get(flag.name);
      return [
        letter === undefined ? spelled(`--${flag.name}`, flag.value, '=') : spelled(`-${letter}`, flag.value, ' '),
      ];
    },
  ];
  const flags = flagsOf(command);
  const lines = spellings.flatMap((spell) => {
    const written = flags.flatMap(spell);
    return [
      [...path, ...positionals, ...written, ...behind],
      [...path, ...written, ...positionals, ...behind],
      [...written, ...path, ...positionals, ...behind],
    ];
  });
  const plain = [...new Set([[...argv], ...lines].map((words) => words.join(' ')))];
  return [...plain, ...plain.map((line) => `${tool} ${line}`)];
}

/** The namespace counts, wherever it was given. */
function flagsOf({ flags, namespace, allNamespaces }: ParsedCommand): ParsedFlag[] {
  const has = (name: string) => flags.some((flag) => flag.name === name);
  return [
    ...flags,
    ...(namespace === undefined || has('namespace') ? [] : [{ name: 'namespace', value: namespace }]),
    ...(allNamespaces && !has('all-namespaces') ? [{ name: 'all-namespaces', value: undefined }] : []),
  ];
}

function spelled(name: string, value: string | undefined, between: string): string {
  return value === undefined || value === 'true' ? name : `${name}${between}${value}`;
}
