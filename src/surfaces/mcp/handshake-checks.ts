/** Which messages the fast start may answer. Stricter than the SDK's schemas: what fails here, the SDK judges. */

export type Fields = Record<string, unknown>;

export interface RpcRequest {
  jsonrpc: '2.0';
  id: string | number;
  method: string;
  params?: Fields;
}

const PROTOCOL_VERSION = 'io.modelcontextprotocol/protocolVersion';
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';
const CLIENT_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';
const RELATED_TASK = 'io.modelcontextprotocol/related-task';

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isRequest(value: unknown): value is RpcRequest {
  if (!isFields(value) || value['jsonrpc'] !== '2.0' || typeof value['method'] !== 'string') return false;
  const { id, params } = value;
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return false;
  return hasOnly(value, ['jsonrpc', 'id', 'method', 'params']) && (params === undefined || isFields(params));
}

export function isInitializedNotification(value: unknown): boolean {
  if (!isFields(value) || value['method'] !== 'notifications/initialized' || value['jsonrpc'] !== '2.0') return false;
  return hasOnly(value, ['jsonrpc', 'method', 'params']) && isPlainParams(value['params']);
}

/** Parameters of the 2025 wire: any fields, plain metadata, no claim to be a 2026 request. */
export function isPlainParams(params: unknown): boolean {
  if (params === undefined) return true;
  return isFields(params) && isPlainMeta(params['_meta']) && !claimsEnvelope(params);
}

export function isListParams(params: unknown): boolean {
  return params === undefined || (isFields(params) && isOptional(params['cursor'], 'string'));
}

export function isInitializeParams(params: unknown): params is Fields & { protocolVersion: string } {
  if (!isFields(params) || !isPlainParams(params) || typeof params['protocolVersion'] !== 'string') return false;
  return isClientInfo(params['clientInfo']) && isClientCapabilities(params['capabilities']);
}

/** Whether `params` carry a whole and valid 2026 envelope for `version`. */
export function hasEnvelope(params: unknown, version: string): boolean {
  const meta = isFields(params) ? params['_meta'] : undefined;
  if (!isFields(meta) || !isPlainMeta(meta) || meta[PROTOCOL_VERSION] !== version) return false;
  const info = meta[CLIENT_INFO];
  return (
    !(LOG_LEVEL in meta) &&
    (info === undefined || isClientInfo(info)) &&
    isClientCapabilities(meta[CLIENT_CAPABILITIES])
  );
}

function claimsEnvelope(params: Fields): boolean {
  return isFields(params['_meta']) && PROTOCOL_VERSION in params['_meta'];
}

function isPlainMeta(meta: unknown): boolean {
  if (meta === undefined) return true;
  if (!isFields(meta) || RELATED_TASK in meta) return false;
  const token = meta['progressToken'];
  return token === undefined || typeof token === 'string' || Number.isSafeInteger(token);
}

function isClientInfo(info: unknown): boolean {
  if (!isFields(info) || typeof info['name'] !== 'string' || typeof info['version'] !== 'string') return false;
  const texts = ['title', 'websiteUrl', 'description'].every((key) => isOptional(info[key], 'string'));
  return texts && info['icons'] === undefined;
}

function isClientCapabilities(capabilities: unknown): boolean {
  if (!isFields(capabilities)) return false;
  const { roots, elicitation } = capabilities;
  if (roots !== undefined && !(isFields(roots) && isOptional(roots['listChanged'], 'boolean'))) return false;
  if (isFields(elicitation) && isFields(elicitation['form'])) {
    if (!isOptional(elicitation['form']['applyDefaults'], 'boolean')) return false;
  }
  // Tasks nest deeper than the rest and are rare: the SDK reads them.
  if (capabilities['tasks'] !== undefined) return false;
  return ['experimental', 'sampling', 'elicitation', 'extensions'].every((key) => isMapOfFields(capabilities[key]));
}

function isMapOfFields(value: unknown): boolean {
  return value === undefined || (isFields(value) && Object.values(value).every(isFields));
}

function isOptional(value: unknown, type: 'string' | 'boolean'): boolean {
  return value === undefined || typeof value === type;
}

function hasOnly(value: Fields, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key));
}
