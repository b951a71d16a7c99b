/** What may be a label's key and value, in apimachinery's words. */

const KEY_FORMAT = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const VALUE_FORMAT = `(${KEY_FORMAT})?`;
const SUBDOMAIN_FORMAT = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const KEY_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  `(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${KEY_FORMAT}')`;
const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with " +
  `an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${VALUE_FORMAT}')`;
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with " +
  `an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN_FORMAT}')`;

/** Bytes of a name part or a value. */
const LABEL_BYTES = 63;
const SUBDOMAIN_BYTES = 253;

// The same sets as the formats above, written so that no input makes them backtrack.
const NAME = /^[A-Za-z0-9]$|^[A-Za-z0-9][-A-Za-z0-9_.]*[A-Za-z0-9]$/;
const DNS_LABEL = /^[a-z0-9]$|^[a-z0-9][-a-z0-9]*[a-z0-9]$/;

const isSubdomain = (text: string) => text.split('.').every((part) => DNS_LABEL.test(part));

/** What is wrong with a label's key; nothing when it is one. */
export function labelKeyProblems(key: string): string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [`a valid label key ${KEY_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const problems: string[] = [];
  const name = parts[parts.length - 1] ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined) {
    if (Buffer.byteLength(prefix) > SUBDOMAIN_BYTES) {
      problems.push(`prefix part must be no more than ${SUBDOMAIN_BYTES} bytes`);
    }
    if (!isSubdomain(prefix)) problems.push(`prefix part ${SUBDOMAIN_RULE}`);
  }
  if (name === '') problems.push('name part must be non-empty');
  else if (Buffer.byteLength(name) > LABEL_BYTES) problems.push(`name part must be no more than ${LABEL_BYTES} bytes`);
  if (!NAME.test(name)) problems.push(`name part ${KEY_RULE}`);
  return problems;
}

/** What is wrong with a label's value; nothing when it is one. */
export function labelValueProblems(value: string): string[] {
  const problems: string[] = [];
  if (Buffer.byteLength(value) > LABEL_BYTES) problems.push(`must be no more than ${LABEL_BYTES} bytes`);
  if (value !== '' && !NAME.test(value)) problems.push(VALUE_RULE);
  return problems;
}
