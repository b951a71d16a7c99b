/**
 * The fast start over stdio: answers what every host asks first from the manifest alone, in both eras.
 * It answers only what it is sure of, and exactly as the SDK would (a test compares them); the rest is the SDK's.
 */
import type { ManifestTool } from '../../operations/gateway.ts';
import {
  hasEnvelope,
  isInitializedNotification,
  isInitializeParams,
  isListParams,
  isPlainParams,
  isRequest,
  type RpcRequest,
} from './handshake-checks.ts';
import { listedTool, SERVER_CAPABILITIES, type ServerFace } from './server-face.ts';

/** What the SDK negotiates, newest first; the first answers a version that is none of them. */
export const LEGACY_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'] as const;
export const MODERN_VERSION = '2026-07-28';

export type HandshakeStep =
  | { kind: 'reply'; message: unknown }
  /** Nothing to say: a notification. */
  | { kind: 'silent' }
  /** From this message on, the SDK serves. */
  | { kind: 'handover' };

/** What the SDK must have seen to stand where the handshake stands. */
export type Replay =
  | { era: 'none' }
  | { era: 'legacy'; initialize: RpcRequest; initialized: boolean }
  | { era: 'modern'; request: RpcRequest };

export interface Handshake {
  answer(message: unknown): HandshakeStep;
  replay(): Replay;
}

const HANDOVER: HandshakeStep = { kind: 'handover' };

export function createHandshake(face: ServerFace, tools: readonly ManifestTool[]): Handshake {
  let replay: Replay = { era: 'none' };
  const legacy = legacyResults(face, tools);
  const modern = modernResults(face, tools);

  const answerLegacy = (request: RpcRequest): HandshakeStep => {
    const { method, params } = request;
    if (method === 'initialize' && replay.era === 'none' && isInitializeParams(params)) {
      replay = { era: 'legacy', initialize: request, initialized: false };
      return reply(request, legacy.initialize(params.protocolVersion));
    }
    if (replay.era !== 'legacy' || !isPlainParams(params)) return HANDOVER;
    if (method === 'ping') return reply(request, {});
    if (method === 'tools/list' && isListParams(params)) return reply(request, legacy.listTools());
    return HANDOVER;
  };

  const answerModern = (request: RpcRequest): HandshakeStep => {
    if (replay.era === 'legacy') return HANDOVER;
    if (request.method === 'server/discover') return reply(request, modern.discover());
    if (request.method !== 'tools/list' || !isListParams(request.params)) return HANDOVER;
    // Only this pins the era: a client may still fall back to `initialize` after a look at `server/discover`.
    replay = { era: 'modern', request };
    return reply(request, modern.listTools());
  };

  return {
    replay: () => replay,
    answer(message) {
      if (isRequest(message)) {
        return hasEnvelope(message.params, MODERN_VERSION) ? answerModern(message) : answerLegacy(message);
      }
      if (replay.era === 'legacy' && !replay.initialized && isInitializedNotification(message)) {
        replay = { ...replay, initialized: true };
        return { kind: 'silent' };
      }
      return HANDOVER;
    },
  };
}

function reply(request: RpcRequest, result: unknown): HandshakeStep {
  return { kind: 'reply', message: { result, jsonrpc: '2.0', id: request.id } };
}

function legacyResults({ info, instructions }: ServerFace, tools: readonly ManifestTool[]) {
  return {
    initialize: (requested: string) => ({
      protocolVersion: LEGACY_VERSIONS.find((version) => version === requested) ?? LEGACY_VERSIONS[0],
      capabilities: SERVER_CAPABILITIES,
      serverInfo: info,
      ...(instructions && { instructions }),
    }),
    listTools: () => ({ tools: tools.map(listedTool) }),
  };
}

function modernResults({ info, instructions, listToolsTtlMs }: ServerFace, tools: readonly ManifestTool[]) {
  const complete = {
    resultType: 'complete',
    ttlMs: listToolsTtlMs,
    cacheScope: 'private',
    _meta: { 'io.modelcontextprotocol/serverInfo': info },
  };
  return {
    discover: () => ({
      supportedVersions: [MODERN_VERSION],
      capabilities: SERVER_CAPABILITIES,
      ...(instructions && { instructions }),
      ...complete,
    }),
    listTools: () => ({ tools: tools.map(listedTool), ...complete }),
  };
}
