/** What names may look like, and the words for what they may not (apimachinery's validation). Labels: `api/label-syntax.ts`. */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';

// The shapes above backtrack on long rubbish, so lengths and characters are looked at by hand.
const isLabel = (text: string) => /^[a-z0-9-]+$/.test(text) && !text.startsWith('-') && !text.endsWith('-');
const isSubdomain = (text: string) => text.split('.').every(isLabel);
const isLabel1035 = (text: string) => isLabel(text) && /^[a-z]/.test(text);

/** It says characters and counts bytes. */
const tooLong = (bytes: number) => `must be no more than ${bytes} characters`;

function shape(words: string, pattern: string, ...examples: string[]): string {
  const quoted = examples.map((example) => `'${example}', `).join(' or ');
  return `${words} (e.g. ${quoted}regex used for validation is '${pattern}')`;
}

const SUBDOMAIN_WORDS = shape(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  'example.com',
);
const LABEL_WORDS = shape(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  'my-name',
  '123-abc',
);
const LABEL_1035_WORDS = shape(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  LABEL_1035,
  'my-name',
  'abc-123',
);

/** DNS-1123 subdomain, at most 253 bytes. */
export function subdomainProblems(value: string): string[] {
  const long = Buffer.byteLength(value) > 253 ? [tooLong(253)] : [];
  return isSubdomain(value) ? long : [...long, SUBDOMAIN_WORDS];
}

/** DNS-1123 label, at most 63 bytes. */
export function labelProblems(value: string): string[] {
  const long = Buffer.byteLength(value) > 63 ? [tooLong(63)] : [];
  if (isLabel(value)) return long;
  return [...long, isSubdomain(value) ? 'must not contain dots' : LABEL_WORDS];
}

/** DNS-1035 label: begins with a letter. */
export function label1035Problems(value: string): string[] {
  const long = Buffer.byteLength(value) > 63 ? [tooLong(63)] : [];
  return isLabel1035(value) ? long : [...long, LABEL_1035_WORDS];
}

/** What any name in a path must be; a `prefix` may still be `.`. */
export function pathSegmentProblems(value: string, prefix = false): string[] {
  if (!prefix && (value === '.' || value === '..')) return [`may not be '${value}'`];
  return ['/', '%'].filter((illegal) => value.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
}
