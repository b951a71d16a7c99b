/** The rules of names, labels and other texts; each answers with what is wrong, in apimachinery's words. */

/** The message of a text that does not match a pattern. */
export function regexProblem(message: string, pattern: string, ...examples: readonly string[]): string {
  const samples = examples.map((example) => `'${example}', `).join(' or ');
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  return `${message} (e.g. ${samples}regex used for validation is '${pattern}')`;
}

const tooLong = (most: number) => `must be no more than ${most} characters`;
const NON_EMPTY = 'must be non-empty';
export const inRange = (low: number, high: number) => `must be between ${low} and ${high}, inclusive`;

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const KEY_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${KEY_NAME})?`;
const whole = (pattern: string) => new RegExp(`^${pattern}$`);
// Every pattern is applied to texts that are cut to a bounded length first, so that backtracking stays small.
const LABEL_RE = whole(LABEL);
const SUBDOMAIN_RE = whole(SUBDOMAIN);
const LABEL_1035_RE = whole(LABEL_1035);
const KEY_NAME_RE = whole(KEY_NAME);
const LABEL_VALUE_RE = whole(LABEL_VALUE);
const MAX_TESTED = 1024;
const matches = (pattern: RegExp, text: string) => text.length <= MAX_TESTED && pattern.test(text);

export function dnsLabelProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 63) problems.push(tooLong(63));
  if (!matches(LABEL_RE, text)) {
    problems.push(
      matches(SUBDOMAIN_RE, text)
        ? 'must not contain dots'
        : regexProblem(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
            LABEL,
            'my-name',
            '123-abc',
          ),
    );
  }
  return problems;
}

export function dnsSubdomainProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 253) problems.push(tooLong(253));
  if (!matches(SUBDOMAIN_RE, text)) {
    problems.push(
      regexProblem(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        SUBDOMAIN,
        'example.com',
      ),
    );
  }
  return problems;
}

export function dns1035LabelProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 63) problems.push(tooLong(63));
  if (!matches(LABEL_1035_RE, text)) {
    problems.push(
      regexProblem(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        LABEL_1035,
        'my-name',
        'abc-123',
      ),
    );
  }
  return problems;
}

export function wildcardSubdomainProblems(text: string): string[] {
  const pattern = `\\*\\.${SUBDOMAIN}`;
  const problems: string[] = [];
  if (text.length > 253) problems.push(tooLong(253));
  if (!matches(whole(pattern), text)) {
    problems.push(
      regexProblem(
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
        pattern,
        '*.example.com',
      ),
    );
  }
  return problems;
}

const KEY_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const KEY_EXAMPLES = ['MyName', 'my.name', '123-abc'];

/** A label's key, and every other "qualified name". */
export function labelKeyProblems(key: string): string[] {
  const parts = key.split('/');
  const problems: string[] = [];
  let name = key;
  if (parts.length === 2) {
    const [prefix = '', rest = ''] = parts;
    name = rest;
    if (prefix === '') problems.push(`prefix part ${NON_EMPTY}`);
    else problems.push(...dnsSubdomainProblems(prefix).map((problem) => `prefix part ${problem}`));
  } else if (parts.length > 2) {
    const rule = regexProblem(KEY_RULE, KEY_NAME, ...KEY_EXAMPLES);
    return [`a valid label key ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  if (name === '') problems.push(`name part ${NON_EMPTY}`);
  else if (name.length > 63) problems.push('name part must be no more than 63 bytes');
  if (!matches(KEY_NAME_RE, name)) problems.push(`name part ${regexProblem(KEY_RULE, KEY_NAME, ...KEY_EXAMPLES)}`);
  return problems;
}

export function labelValueProblems(value: string): string[] {
  const problems: string[] = [];
  if (value.length > 63) problems.push('must be no more than 63 bytes');
  if (!matches(LABEL_VALUE_RE, value)) {
    problems.push(
      regexProblem(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        LABEL_VALUE,
        'MyValue',
        'my_value',
        '12345',
      ),
    );
  }
  return problems;
}

function dotProblems(text: string): string[] {
  if (text === '.') return ["must not be '.'"];
  if (text === '..') return ["must not be '..'"];
  return text.startsWith('..') ? ["must not start with '..'"] : [];
}

/** A key of a ConfigMap or Secret. */
export function configKeyProblems(key: string): string[] {
  const problems: string[] = [];
  if (key.length > 253) problems.push(tooLong(253));
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
    problems.push(
      regexProblem(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        '[-._a-zA-Z0-9]+',
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    );
  }
  return [...problems, ...dotProblems(key)];
}

/** The name of an environment variable: anything printable of ASCII but `=`. */
export function envNameProblems(name: string): string[] {
  const problems: string[] = [];
  if (name === '') problems.push(`environment variable name ${NON_EMPTY}`);
  if (!/^[ -<>-~]*$/.test(name)) {
    problems.push("a valid environment variable name must consist only of printable ASCII characters other than '='");
  }
  return problems;
}

/** The name of a port (an IANA service name). */
export function portNameProblems(name: string): string[] {
  const problems: string[] = [];
  if (name.length > 15) problems.push(tooLong(15));
  if (!/^[-a-z0-9]+$/.test(name)) {
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)');
  if (name.includes('--')) problems.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
}

export function portNumberProblems(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : [inRange(1, 65535)];
}

export function percentProblems(text: string): string[] {
  if (/^[0-9]+%$/.test(text)) return [];
  const message = "a valid percent string must be a numeric string followed by an ending '%'";
  return [regexProblem(message, '[0-9]+%', '1%', '93%')];
}

/** A name in a path (RBAC, custom resources): only what would break the path is refused. */
export function pathSegmentProblems(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((sign) => name.includes(sign)).map((sign) => `may not contain '${sign}'`);
}
