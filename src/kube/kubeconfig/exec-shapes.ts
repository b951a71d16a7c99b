/** The credential plugins that an operator may allow to callers' kubeconfigs, and the only command lines they are run with. */

export interface ExecShape {
  /** Sub-command, in order. */
  words: readonly string[];
  /** Every accepted option, with all its spellings; the first is the one that is run. */
  options: readonly ExecOption[];
  /** Of the caller's `env`, these and no others are handed on. */
  env: Readonly<Record<string, RegExp>>;
  /** Names of the cloud's own API servers, lower case: the token that the plugin gets goes nowhere else. No customer can have another kind of host under them. */
  servers: readonly RegExp[];
  /** Servers known by address only: taken where the operator's allow list holds that very address. */
  allowsAddress?: boolean;
}

export interface ExecOption {
  spellings: readonly [string, ...string[]];
  /** The whole value. No pattern lets one begin with a dash. */
  value: RegExp;
  required?: boolean;
}

const AWS_REGION = /^[a-z]{2,6}(?:-[a-z]{2,10}){1,3}-\d{1,2}$/;
const EKS_CLUSTER = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;
const IAM_ROLE = /^arn:aws(?:-[a-z]{2,6}){0,2}:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const GUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

const AWS_ENV = { AWS_REGION, AWS_DEFAULT_REGION: AWS_REGION };
/** Cluster endpoints, and the dual-stack ones (all of `api.aws` would include anybody's API Gateway). */
const EKS_SERVERS = [
  /\.[a-z0-9-]+\.eks\.amazonaws\.com(?:\.cn)?$/,
  /\.eks-cluster\.[a-z0-9-]+\.api\.(?:aws|amazonwebservices\.com\.cn)$/,
];

export const EXEC_SHAPES: Readonly<Record<string, ExecShape>> = {
  // As `aws eks update-kubeconfig` writes it. No --profile: it would choose among the operator's identities.
  aws: {
    words: ['eks', 'get-token'],
    options: [
      { spellings: ['--cluster-name'], value: EKS_CLUSTER, required: true },
      { spellings: ['--region'], value: AWS_REGION },
      { spellings: ['--role-arn', '--role'], value: IAM_ROLE },
      { spellings: ['--output'], value: /^json$/ },
    ],
    env: AWS_ENV,
    servers: EKS_SERVERS,
  },
  'aws-iam-authenticator': {
    words: ['token'],
    options: [
      { spellings: ['--cluster-id', '-i'], value: EKS_CLUSTER, required: true },
      { spellings: ['--region'], value: AWS_REGION },
      { spellings: ['--role', '-r'], value: IAM_ROLE },
    ],
    env: AWS_ENV,
    servers: EKS_SERVERS,
  },
  // Its token opens all of the operator's Google Cloud, so that most servers, which have an address and no name, must be listed one by one.
  'gke-gcloud-auth-plugin': {
    words: [],
    options: [],
    env: {},
    servers: [/\.gke\.goog$/, /^(?:[a-z0-9-]+-)?connectgateway\.googleapis\.com$/],
    allowsAddress: true,
  },
  // As `kubelogin convert-kubeconfig` writes it, for sign-ins that ask nobody.
  kubelogin: {
    words: ['get-token'],
    options: [
      { spellings: ['--login', '-l'], value: /^(?:azurecli|msi|workloadidentity|spn)$/, required: true },
      // The audience of the token: AKS's own, and no other API of the operator's tenant.
      { spellings: ['--server-id'], value: /^6dae42f8-4368-4678-94ff-3960e28e3630$/i, required: true },
      { spellings: ['--client-id'], value: GUID },
      { spellings: ['--tenant-id', '-t'], value: GUID },
      { spellings: ['--environment', '-e'], value: /^Azure(?:PublicCloud|ChinaCloud|USGovernmentCloud)$/ },
    ],
    env: {},
    servers: [
      /\.(?:hcp|privatelink)\.[a-z0-9]+\.azmk8s\.io$/,
      /\.(?:hcp|privatelink)\.[a-z0-9]+\.cx\.(?:aks\.containerservice\.azure\.us|prod\.service\.azk8s\.cn)$/,
    ],
  },
};

export type MatchedArgs = { ok: true; args: string[] } | { ok: false; problem: string };

/** The command line to run, rebuilt from the arguments given, or why they are not ones of this plugin's. */
export function matchArgs(shape: ExecShape, given: readonly string[]): MatchedArgs {
  const found = new Map<ExecOption, string>();
  let word = 0;
  for (let at = 0; at < given.length; at++) {
    const arg = given[at] ?? '';
    if (!arg.startsWith('-')) {
      if (arg !== shape.words[word]) return { ok: false, problem: accepted(shape) };
      word++;
      continue;
    }
    const [, name = arg, joined] = /^(--[^=]*)=(.*)$/s.exec(arg) ?? [];
    const option = shape.options.find(({ spellings }) => spellings.includes(name));
    const value = joined ?? given[++at];
    if (option === undefined || found.has(option)) return { ok: false, problem: accepted(shape) };
    if (value === undefined || value.startsWith('-') || !option.value.test(value))
      return { ok: false, problem: `gives ${option.spellings[0]} a value that is not one of the accepted form` };
    found.set(option, value);
  }
  const missing = shape.options.find((option) => option.required && !found.has(option));
  if (word < shape.words.length || missing !== undefined) return { ok: false, problem: accepted(shape) };
  const options = shape.options.flatMap((option) => {
    const value = found.get(option);
    return value === undefined ? [] : [`${option.spellings[0]}=${value}`];
  });
  return { ok: true, args: [...shape.words, ...options] };
}

function accepted({ words, options }: ExecShape): string {
  if (words.length === 0 && options.length === 0) return 'must be empty';
  const shown = options.map(({ spellings, required }) => (required ? spellings[0] : `[${spellings[0]}]`));
  return `must be: ${[...words, ...shown].join(' ')}, each once and nothing else`;
}
