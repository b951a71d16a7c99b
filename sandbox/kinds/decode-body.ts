/** Bodies of requests, JSON or YAML, as values. */
import { type DocumentOptions, type ParseOptions, parseDocument, type SchemaOptions } from 'yaml';
import { badRequest } from '../api/failure.ts';
import type { Decoded } from '../server/ports.ts';
import { costlyYaml } from './costly-yaml.ts';
import { decodeJson, JsonSyntaxError } from './decode-json.ts';

/** How much of a body that cannot be read is shown. */
const SHOWN_BYTES = 30;
/** More aliases than this make a document of another size than its text. */
const MAX_ALIASES = 100;

/** Where errors stand is worked out for the one that is told; tags make no values of other kinds than JSON has. */
const YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
  resolveKnownTags: false,
};

/** Throws `ApiFailure`, which names the `expected` kind where it is given. `strictErrors` are keys given twice. */
export function decodeBody(body: Buffer, format: 'json' | 'yaml', expected?: string): Decoded {
  const text = body.toString('utf8');
  // What looks like JSON is read as such, YAML's superset of it or not.
  const json = format === 'json' || /^\s*[{[]/.test(text);
  return json ? fromJson(text, body, expected) : fromYaml(text, body, expected);
}

function fromJson(text: string, body: Buffer, expected: string | undefined): Decoded {
  try {
    const { value, duplicates } = decodeJson(text);
    return { value, strictErrors: duplicates.map((path) => `duplicate field "${path}"`) };
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw unreadable(`json parse error: ${error.message}`, body, expected);
    throw error;
  }
}

function fromYaml(text: string, body: Buffer, expected: string | undefined): Decoded {
  const costly = costlyYaml(text);
  if (costly !== undefined) throw unreadable(`yaml: ${costly}`, body, expected);
  const document = parseDocument(text, YAML);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = text.slice(0, problem.pos[0]).split('\n').length;
    throw unreadable(`yaml: line ${line}: ${problem.message.split('\n')[0]}`, body, expected);
  }
  try {
    // Through JSON, so that nothing but JSON's values gets any further.
    return {
      value: JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: MAX_ALIASES }) ?? null)),
      strictErrors: [],
    };
  } catch {
    throw unreadable('yaml: document contains excessive aliasing', body, expected);
  }
}

function unreadable(why: string, body: Buffer, expected: string | undefined) {
  const head = expected === undefined ? '' : `the object provided is unrecognized (must be of type ${expected}): `;
  return badRequest(`${head}couldn't get version/kind; ${why} (${summary(body)})`);
}

function summary(body: Buffer): string {
  if (body.length === 0) return '<empty>';
  const start = body.subarray(0, SHOWN_BYTES);
  const shown = body[0] === 0x7b ? start.toString('utf8') : start.toString('hex');
  return body.length > SHOWN_BYTES ? `${shown} ...` : shown;
}
