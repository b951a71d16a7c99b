import { isPlaceholder, type Mark, scrubAssignments } from './assignments.ts';
import { isCredentialName } from './credential-names.ts';

/**
 * Removes what looks like a credential wherever it stands: private keys, tokens of known make, Authorization headers, passwords in
 * URLs, `name=value` and `name: value` under a credential's name. Every pattern starts at a token's beginning and is bounded or
 * runs over one character class, so the time is linear in the text.
 */
export function scrubShapes(text: string, mark: Mark): string {
  if (isPlain(text)) return text;
  let out = text;
  if (out.includes('-----BEGIN ')) out = scrubPrivateKeys(out, mark);
  if (out.includes('://')) out = scrubUserinfo(out, mark);
  out = out.replace(KNOWN_TOKENS, (token) => mark(token));
  out = out.replace(SLACK_HOOK, (_, before: string, path: string) => before + mark(path));
  out = out.replace(HEADER, (_, before: string, value: string) => before + mark(value));
  out = out.replace(SCHEME, (all, before: string, value: string) =>
    value.length >= 20 || /\d/.test(value) ? before + mark(value) : all,
  );
  out = out.replace(FLAG, scrubFlag(mark));
  return scrubAssignments(out, mark);
}

/** Names, images, versions, `Kind.group/namespace/name`: most strings of an object, told apart at once. No credential shape fits. */
export function isPlain(text: string): boolean {
  return text.length < 6 || (PLAIN.test(text) && !TELLTALE.test(text));
}

/** A kind of fewer letters than an AWS access key id has, and its group. */
const PLAIN = /^(?:[A-Z][A-Za-z]{1,17}[./])?[a-z0-9./-]{0,100}$/;
/** How the shapes below begin that may consist of such characters alone. */
const TELLTALE = /SG\.|sk-|xox[abeoprs]-|xapp-|gl(?:pat|dt|rt|cbt|ptt|agent)-|ya29\.|hv[sbr]\.|pypi-|hooks\.slack\.com/;

const KNOWN_TOKENS = new RegExp(
  '(?<![A-Za-z0-9_-])(?:' +
    [
      // JWT and JWE: two to four more parts.
      'eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*){2,4}',
      // AWS access key ids.
      '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])',
      // GitHub, GitLab.
      'gh[pousr]_[A-Za-z0-9]{30,}',
      'github_pat_[A-Za-z0-9_]{22,}',
      'gl(?:pat|dt|rt|cbt|ptt|agent)-[A-Za-z0-9_.-]{20,}',
      // Slack.
      'xox[abeoprs]-[A-Za-z0-9-]{10,}',
      'xapp-[A-Za-z0-9-]{10,}',
      // Google API keys and access tokens.
      'AIza[A-Za-z0-9_-]{35}',
      'ya29\\.[A-Za-z0-9_-]{20,}',
      // Stripe, npm, OpenAI and its like, Hugging Face, Vault, DigitalOcean, SendGrid, PyPI.
      '[sr]k_(?:live|test)_[A-Za-z0-9]{16,}',
      'npm_[A-Za-z0-9]{30,}',
      'sk-[A-Za-z0-9_-]{20,}',
      'hf_[A-Za-z0-9]{30,}',
      'hv[sbr]\\.[A-Za-z0-9_-]{20,}',
      'do[opr]_v1_[a-f0-9]{64}',
      'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}',
      'pypi-[A-Za-z0-9_-]{50,}',
    ].join('|') +
    ')',
  'g',
);

const SLACK_HOOK = /(hooks\.slack\.com\/(?:services|workflows)\/)([A-Za-z0-9_/-]{10,200})/g;

/** `Authorization: <scheme> <value>`, quoted or not. */
const HEADER =
  /(?<![A-Za-z0-9-])((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:bearer|basic|token|negotiate|digest|apikey)\s{1,3}))(?!<redacted sha256:)([^\s"',;]{1,8192})/gi;

/** A scheme and a value outside a header; prose such as "Bearer authentication" stays. */
const SCHEME = /(?<![A-Za-z0-9-])((?:bearer|basic)\s{1,3})([A-Za-z0-9._~+/-]{8,}={0,2})/gi;

/** `--password value`, as typed in a shell. */
const FLAG =
  /(?<![A-Za-z0-9_-])(--?([A-Za-z][A-Za-z0-9_.-]{1,60})[ \t]{1,3}["']?)((?:<redacted sha256:[0-9a-f]{8}>|[^\s"']){1,4096})/g;
/** What follows a flag's name where a sentence speaks of it, or where a help text says of which type its value is. */
const PROSE =
  /^(is|was|are|or|and|not|must|cannot|can|has|to|with|flag|option|value|requires?|required|may|should|-.*|strings?|string(array|slice)|file)[.,;:]?$/i;

function scrubFlag(mark: Mark) {
  return (all: string, before: string, name: string, value: string): string =>
    isCredentialName(name) && !PROSE.test(value) && !isPlaceholder(value) ? before + mark(value) : all;
}

const KEY_BEGIN = /^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** What a key without an end can consist of. */
const KEY_BODY = /[A-Za-z0-9+/=\s\\]*/y;

function scrubPrivateKeys(text: string, mark: Mark): string {
  let out = '';
  let from = 0;
  // Once no end follows, none follows any later beginning: keeps many beginnings linear.
  let ends = true;
  for (
    let begin = text.indexOf('-----BEGIN ');
    begin >= 0;
    begin = text.indexOf('-----BEGIN ', Math.max(from, begin + 1))
  ) {
    const head = KEY_BEGIN.exec(text.slice(begin, begin + 90));
    if (head === null) continue;
    const body = begin + head[0].length;
    KEY_END.lastIndex = body;
    const end: RegExpExecArray | null = ends ? KEY_END.exec(text) : null;
    ends = end !== null;
    KEY_BODY.lastIndex = body;
    const stop = end === null ? body + (KEY_BODY.exec(text)?.[0].length ?? 0) : end.index + end[0].length;
    out += text.slice(from, begin) + mark(text.slice(begin, stop));
    from = stop;
  }
  return out + text.slice(from);
}

/** Longest userinfo that is looked for. */
const MAX_USERINFO = 512;
const URL_AUTHORITY = /[^\s"'<>`]*/y;

/** `scheme://user:pass@host`: the password, or a long user name that stands alone, is removed. */
function scrubUserinfo(text: string, mark: Mark): string {
  let out = '';
  let from = 0;
  for (let sign = text.indexOf('://'); sign >= 0; sign = text.indexOf('://', Math.max(from, sign + 3))) {
    const start = sign + 3;
    const secret = secretInUserinfo(text.slice(start, start + MAX_USERINFO));
    if (secret === undefined) continue;
    const value = text.slice(start + secret.from, start + secret.to);
    if (isPlaceholder(value)) continue;
    out += text.slice(from, start + secret.from) + mark(value);
    from = start + secret.to;
  }
  return out + text.slice(from);
}

function secretInUserinfo(rest: string): { from: number; to: number } | undefined {
  URL_AUTHORITY.lastIndex = 0;
  const run = URL_AUTHORITY.exec(rest)?.[0] ?? '';
  const slash = run.search(/[/?#]/);
  const authority = slash < 0 ? run : run.slice(0, slash);
  const colon = authority.indexOf(':');
  const at = authority.lastIndexOf('@');
  if (at > 0) {
    if (colon >= 0 && colon < at) return at > colon + 1 ? { from: colon + 1, to: at } : undefined;
    // https://<token>@host; short names as in ssh://git@host stay.
    return at >= 20 ? { from: 0, to: at } : undefined;
  }
  // A password with an unescaped '/': a port would be digits only.
  if (colon < 0 || /^\d*$/.test(authority.slice(colon + 1))) return undefined;
  const late = run.lastIndexOf('@');
  return late > colon + 1 ? { from: colon + 1, to: late } : undefined;
}
