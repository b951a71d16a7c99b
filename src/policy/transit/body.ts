import { AppError } from '../../kernel/errors.ts';
import type { ApiRequest, ResourceRequest } from '../../kernel/vocabulary.ts';
import { decodeUtf8 } from '../redaction/fingerprint.ts';
import { containsMarker } from '../redaction/resolve.ts';
import { mediaType } from './accept.ts';
import { parseExact } from './json.ts';
import { decodeKubernetes, nameInProtobuf, PROTOBUF_TYPE } from './protobuf/kubernetes.ts';
import { MalformedProtobuf } from './protobuf/wire.ts';

/** A body as it will be sent, and what it says. */
export interface GuardBody {
  bytes: Uint8Array;
  contentType: string;
  /** undefined for protobuf of a kind that is not read as a whole. */
  value: unknown;
  /** True where `value` is to be written out and sent in place of `bytes`. */
  rewritten: boolean;
  /** From the object's metadata. */
  name?: string;
  generateName?: string;
}

/** Bytes. API servers take 3 MiB. */
const MAX_BODY = 8 * 1024 * 1024;
/** Deeper is no object of any kind, and the stack of what walks it is bounded. */
const MAX_DEPTH = 100;

const APPLY_TYPE = 'application/apply-patch+yaml';
const PATCH_TYPES: ReadonlySet<string> = new Set([
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  APPLY_TYPE,
]);

/** Reads YAML that is no JSON; throws AppError. */
export type ReadYaml = (text: string) => unknown;

/**
 * The body of a request of a child, read in the one way in which the server will read it: JSON as it is, YAML and the protobuf of
 * Secrets and DeleteOptions turned into JSON. Other protobuf passes as it is. undefined where there is none.
 */
export function readGuardBody(
  api: ApiRequest,
  { body, contentType }: { body: Uint8Array | undefined; contentType: string | undefined },
  readYaml: ReadYaml,
): GuardBody | undefined {
  if (body === undefined || body.length === 0) return undefined;
  if (api.type === 'nonResource' || ['get', 'list', 'watch'].includes(api.verb)) {
    throw new AppError('unsupported_request', 'A request that reads came with a body.', {
      remedy: 'Send it without a body.',
    });
  }
  if (body.length > MAX_BODY) {
    throw new AppError('too_large', `The body has ${body.length} bytes; at most ${MAX_BODY} pass.`, {
      remedy: 'Send a smaller object.',
    });
  }
  const type = mediaType(contentType) || 'application/json';
  if (type === PROTOBUF_TYPE) return readProtobuf(api, body);
  const isPatch = api.verb === 'patch';
  if (isPatch !== PATCH_TYPES.has(type) || (!isPatch && type !== 'application/json' && type !== 'application/yaml')) {
    throw unreadableType(type);
  }
  return readText(api, body, type, readYaml);
}

function readText(api: ResourceRequest, body: Uint8Array, type: string, readYaml: ReadYaml): GuardBody {
  const text = decodeUtf8(body);
  if (text === undefined) throw malformed('is not UTF-8');
  const isYaml = type === 'application/yaml' || type === APPLY_TYPE;
  const value = jsonOrYaml(text, isYaml ? readYaml : undefined);
  if (typeof value !== 'object' || value === null) throw malformed('is neither an object nor a list');
  checkDepth(value);
  return {
    bytes: body,
    // JSON is YAML: an apply keeps its type.
    contentType: type === 'application/yaml' ? 'application/json' : type,
    value,
    // A repeated key or a YAML scalar may mean one thing here and another there: what is sent is what was looked at.
    rewritten: isYaml || isSecret(api) || isNamespace(api),
    ...(api.verb === 'patch' ? {} : namesIn(value)),
  };
}

function jsonOrYaml(text: string, readYaml: ReadYaml | undefined): unknown {
  try {
    return parseExact(text);
  } catch {
    if (readYaml === undefined) throw malformed('is not JSON');
    return readYaml(text);
  }
}

function readProtobuf(api: ResourceRequest, body: Uint8Array): GuardBody {
  const kind = wholeKind(api);
  try {
    if (kind !== undefined) {
      const value = decodeKubernetes(body, kind);
      return { bytes: body, contentType: 'application/json', value, rewritten: true, ...namesIn(value) };
    }
    if (containsMarker(Buffer.from(body).toString('latin1')).length > 0) throw malformed('holds a redaction marker');
    const named = api.verb === 'create' && api.subresource === undefined ? nameInProtobuf(body) : {};
    return { bytes: body, contentType: PROTOBUF_TYPE, value: undefined, rewritten: false, ...named };
  } catch (thrown) {
    if (thrown instanceof MalformedProtobuf) throw malformed(`is protobuf that cannot be read (${thrown.message})`);
    throw thrown;
  }
}

/** The kinds whose protobuf decides something. */
function wholeKind(api: ResourceRequest): string | undefined {
  if (api.verb === 'delete' || api.verb === 'deletecollection') return 'DeleteOptions';
  if (api.type === 'resource' && api.resource === 'pods' && api.subresource === 'eviction') return 'Eviction';
  if (api.group === '' && api.resource === 'pods' && api.subresource === 'eviction') return 'Eviction';
  return isSecret(api) ? 'Secret' : undefined;
}

export function isSecret({ group, resource }: { group: string; resource: string }): boolean {
  return group === '' && resource === 'secrets';
}

/** Policy goes by its name, which is in the body where it is created. */
function isNamespace({ group, resource }: ResourceRequest): boolean {
  return group === '' && resource === 'namespaces';
}

function namesIn(value: object): { name?: string; generateName?: string } {
  const metadata: unknown = 'metadata' in value ? value.metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null) return {};
  const text = (key: 'name' | 'generateName') => {
    const found: unknown = key in metadata ? Reflect.get(metadata, key) : undefined;
    return typeof found === 'string' && found !== '' ? { [key]: found } : {};
  };
  return { ...text('name'), ...text('generateName') };
}

function checkDepth(root: object): void {
  const open: { value: object; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > MAX_DEPTH) throw malformed('is nested too deeply');
    for (const child of Object.values(next.value)) {
      if (typeof child === 'object' && child !== null) open.push({ value: child, depth: next.depth + 1 });
    }
  }
}

function malformed(problem: string): AppError {
  return new AppError('invalid_manifest', `The body of the request ${problem}.`, {
    remedy: 'Send an object as JSON, or as YAML.',
  });
}

/** 415: what cannot be read cannot be judged. */
function unreadableType(type: string): AppError {
  return new AppError(
    'unsupported_request',
    `A body of the type ${JSON.stringify(type.slice(0, 80))} cannot be read.`,
    {
      remedy: 'Send JSON, YAML or one of the patch types.',
      facts: { status: 415 },
    },
  );
}
