import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { NO_COMMAND_PORTS, NO_COMMANDS } from '../../test/support/without-commands.ts';
import { GRAPH_DEFAULTS, NO_GRAPH } from '../../test/support/without-graph.ts';
import { createLimiter } from '../kernel/async.ts';
import { AppError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/vocabulary.ts';
import type { ClusterView } from '../kube/types.ts';
import { createRedactor } from '../policy/redaction/redactor.ts';
import type { CallAudit } from '../telemetry/audit.ts';
import { defineOperation } from './define.ts';
import type { CallRequest } from './gateway.ts';
import { createGateway } from './pipeline.ts';
import { createPlanTokens } from './plan-token.ts';
import type { PipelinePorts, WantedCluster } from './ports.ts';
import type { Operation } from './types.ts';

const KEY = new Uint8Array(32).fill(3);
const base = { toolset: 'resources', title: 'T', description: 'D.', output: z.looseObject({}) } as const;
const noRequests = async () => [];

const echo = defineOperation({
  ...base,
  name: 'echo',
  effect: 'read',
  input: { text: z.string() },
  resolve: noRequests,
  run: async ({ text }) => ({ text }),
  render: ({ text }) => String(text),
});
const broken = defineOperation({
  ...base,
  name: 'broken',
  effect: 'read',
  input: {},
  resolve: noRequests,
  run: async () => {
    throw new TypeError('hunter2 is not a function');
  },
  render: () => '',
});
const slow = defineOperation({
  ...base,
  name: 'slow',
  effect: 'read',
  input: {},
  resolve: noRequests,
  run: () => new Promise<Record<string, unknown>>(() => {}),
  render: () => '',
});
const told = defineOperation({
  ...base,
  name: 'told',
  effect: 'read',
  input: {},
  resolve: noRequests,
  lines: async () => ['the password is', 'Bearer abcdef0123456789abcdef'],
  run: async () => ({ rows: 1 }),
  render: () => 'the text of the whole',
});
const state = { version: 1, removed: 0 };
const remove = defineOperation({
  ...base,
  name: 'remove',
  effect: 'destructive',
  gate: 'delete',
  input: { name: z.string(), dryRun: z.boolean().optional() },
  resolve: async ({ name, dryRun }) => [
    {
      type: 'resource',
      verb: 'delete',
      group: '',
      version: 'v1',
      resource: 'pods',
      namespace: 'shop',
      name,
      dryRun: dryRun ?? false,
    },
  ],
  plan: async ({ name }) => ({
    title: `delete Pod shop/${name}`,
    effects: ['it is gone'],
    basis: `uid@${state.version}`,
  }),
  run: async () => ({ removed: ++state.removed }),
  render: () => 'deleted',
});

function product(changes: Partial<PipelinePorts> = {}, gates = { delete: true }) {
  const operations: Operation[] = [echo, broken, slow, told, remove];
  const audited: CallAudit[] = [];
  const reported: unknown[] = [];
  const gateway = createGateway({
    rules: {
      gates: { list: true, create: false, update: false, exec: false, escalation: false, ...gates },
      allowedNamespaces: undefined,
      forbiddenNamespaces: new Set(),
      deniedKinds: new Set(),
      contexts: undefined,
      writeContexts: undefined,
      defaultContext: 'test',
      maxResources: undefined,
    },
    manifest: operations.map(({ name, toolset, title, description, effect, gate, input }) => ({
      name,
      toolset,
      title,
      description,
      effect,
      ...(gate === undefined ? {} : { gate }),
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
      inputSchema: z.toJSONSchema(input, { io: 'input' }) as JsonObject,
    })),
    toolsets: ['resources'],
    confirm: 'auto',
    load: async (name) => operations.find((operation) => operation.name === name) ?? echo,
    ...NO_COMMAND_PORTS,
    ...GRAPH_DEFAULTS,
    openCluster: async ({ context }) => ({
      ...NO_COMMANDS,
      ...NO_GRAPH,
      id: `${context ?? 'test'} server`,
      view: { context: context ?? 'test', defaultNamespace: 'default' } as ClusterView,
      redactor: createRedactor(KEY),
      decide: () => ({ allow: true }),
      resolveMarkers: async (manifest) => manifest,
    }),
    redactorFor: () => createRedactor(KEY),
    planTokens: createPlanTokens(KEY, () => 1_000_000),
    audit: (record) => audited.push(record),
    report: (error) => reported.push(error),
    limit: createLimiter(4, 4),
    callTimeoutMs: 5_000,
    budgetTokens: 8_000,
    now: () => 1_000_000,
    ...changes,
  });
  const call = (tool: string, args: unknown, extra: Partial<CallRequest> = {}) =>
    gateway.call({
      tool,
      arguments: args,
      principal: { id: 'tester', transport: 'rest', authenticated: true },
      signal: new AbortController().signal,
      ...extra,
    });
  return { gateway, call, audited, reported };
}

describe('an answer', () => {
  test('names the context first and leaves one audit line', async () => {
    const { call, audited } = product();
    expect(await call('echo', { text: 'hello', context: 'staging' })).toMatchObject({
      ok: true,
      text: 'context: staging\nhello',
      output: { text: 'hello' },
    });
    expect(audited).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        principal: { id: 'tester', transport: 'rest', authenticated: true },
        tool: 'echo',
        arguments: { text: 'hello', context: 'staging' },
        cluster: 'staging server',
        decision: 'allowed',
        outcome: 'ok',
        durationMs: 0,
      },
    ]);
  });

  test('holds no control characters, and a cut one says so', async () => {
    const { call } = product({ budgetTokens: 50 });
    expect(await call('echo', { text: 'a\u001b[31mred\u0007' })).toMatchObject({ text: 'context: test\nared' });
    const long = await call('echo', { text: Array.from({ length: 200 }, (_, i) => `line ${i}`).join('\n') });
    expect(long.text).toMatch(/\n\[\d+ more lines were cut\. Narrow the request to see them\.\]$/);
  });
});

describe('an answer of which the text alone is shown', () => {
  test('is not made as a whole, and redacted like any other', async () => {
    const { call, audited } = product();
    expect(await call('told', {})).toMatchObject({ text: 'context: test\nthe text of the whole', output: { rows: 1 } });
    const alone = await call('told', {}, { textOnly: true });
    expect(alone).toMatchObject({ ok: true, output: undefined });
    expect(alone.text).toMatch(/^context: test\nthe password is\nBearer <redacted[^>]*>$/);
    expect(audited.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  });

  test('is the text of the whole where a tool makes no other', async () => {
    expect(await product().call('echo', { text: 'hello' }, { textOnly: true })).toMatchObject({
      text: 'context: test\nhello',
    });
  });
});

describe('a failure', () => {
  test('of ours is told without its text and reported with it', async () => {
    const { call, reported, audited } = product();
    const outcome = await call('broken', {});
    expect(outcome.text).toBe('internal: Something failed inside k8s-mcp. The server log has the details.');
    expect(reported).toEqual([expect.objectContaining({ message: 'hunter2 is not a function' })]);
    expect(audited[0]).toMatchObject({ outcome: 'failed', code: 'internal', decision: 'allowed' });
  });

  test('a deadline ends a call that hangs', async () => {
    const { call } = product({ callTimeoutMs: 5 });
    expect(await call('slow', {})).toMatchObject({ ok: false, error: { code: 'deadline_exceeded' } });
  });

  test('a caller that goes away cancels its call', async () => {
    const controller = new AbortController();
    const { call } = product();
    const outcome = call('slow', {}, { signal: controller.signal });
    controller.abort();
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });

  test('an unknown tool is told with the nearest', async () => {
    const { call } = product();
    expect((await call('eco', {})).text).toBe(
      'unknown_tool: There is no tool "eco".\nCandidates: echo\nNext: tools/list (or `k8s-mcp tools`) names them all.',
    );
  });

  test("a caller's kubeconfig chooses the cluster, the header before the argument, and never reaches tool or audit", async () => {
    const opened: WantedCluster[] = [];
    const { call, audited } = product({
      openCluster: async (wanted) => {
        opened.push(wanted);
        throw new AppError('kubeconfig_refused', 'users[0].user.exec is refused.');
      },
    });
    await call('echo', { text: 'x' }, { kubeconfig: 'aGVhZGVy' });
    await call('echo', { text: 'x', kubeconfig: 'YXJndW1lbnQ=' });
    await call('echo', { text: 'x', kubeconfig: 'YXJndW1lbnQ=' }, { kubeconfig: 'aGVhZGVy' });
    await call('echo', { text: 'x', kubeconfig: '' });
    await call('echo', { text: 'x', kubeconfig: null });
    expect(opened.map(({ kubeconfig }) => kubeconfig)).toEqual([
      'aGVhZGVy',
      'YXJndW1lbnQ=',
      'aGVhZGVy',
      // Not the server's own cluster: the one who sent it meant another.
      '',
      undefined,
    ]);
    expect(audited.map(({ decision }) => decision)).toEqual(Array(5).fill('refused'));
    expect(JSON.stringify(audited)).not.toMatch(/aGVhZGVy|YXJndW1lbnQ/);
  });

  test('what policy refuses never runs', async () => {
    const refused = { allow: false, code: 'namespace_denied', reason: 'no', remedy: 'ask' } as const;
    const { call, audited } = product({
      openCluster: async () => ({
        ...NO_COMMANDS,
        ...NO_GRAPH,
        ...NO_GRAPH,
        id: 'c',
        view: { context: 'c', defaultNamespace: 'default' } as ClusterView,
        redactor: createRedactor(KEY),
        decide: () => refused,
        resolveMarkers: async (manifest) => manifest,
      }),
    });
    const before = state.removed;
    expect((await call('remove', { name: 'web' })).text).toBe('namespace_denied: no\nNext: ask');
    expect(state.removed).toBe(before);
    expect(audited[0]).toMatchObject({ decision: 'refused', code: 'namespace_denied' });
  });

  test('a cluster that cannot be opened is the answer', async () => {
    const { call } = product({
      openCluster: async () => {
        throw new AppError('no_cluster', 'No cluster.', { remedy: 'Set KUBECONFIG.' });
      },
    });
    expect((await call('echo', { text: 'x' })).text).toBe('no_cluster: No cluster.\nNext: Set KUBECONFIG.');
  });
});

test('a call whose arguments defeat redaction is audited all the same, without them', async () => {
  const redactor = createRedactor(KEY);
  const defeated = {
    ...redactor,
    object: () => {
      throw new RangeError('Maximum call stack size exceeded');
    },
  };
  const { call, audited } = product({ redactorFor: () => defeated });
  expect(await call('nothing', { text: 'hunter2' })).toMatchObject({ ok: false, error: { code: 'unknown_tool' } });
  expect(audited.map((record) => record.arguments)).toEqual([{ withheld: 'the arguments could not be redacted' }]);
});

describe('confirmation', () => {
  test('shows the plan first, carries it out with its token, once', async () => {
    const { call, audited } = product();
    const before = state.removed;
    const planned = await call('remove', { name: 'web' });
    if (planned.ok || planned.plan === undefined) throw new Error('expected a plan');
    expect(planned.text.split('\n').slice(0, 4)).toEqual([
      'confirmation_required: Nothing was changed yet.',
      'delete Pod shop/web',
      '- it is gone',
      expect.stringContaining(`confirm=${planned.plan.token}`),
    ]);
    expect(state.removed).toBe(before);
    const confirmed = { name: 'web', confirm: planned.plan.token };
    expect(await call('remove', confirmed)).toMatchObject({ ok: true, text: 'context: test\ndeleted' });
    expect((await call('remove', confirmed)).text).toMatch(
      /^confirmation_required: This plan was carried out before\./,
    );
    expect(audited.map(({ outcome }) => outcome)).toEqual(['pending confirmation', 'ok', 'pending confirmation']);
  });

  test('a token is void for other arguments, another caller, and a changed object', async () => {
    const { call } = product();
    const token = async () => {
      const planned = await call('remove', { name: 'web' });
      return planned.ok ? '' : (planned.plan?.token ?? '');
    };
    const confirm = await token();
    const stranger = { principal: { id: 'other', transport: 'rest', authenticated: true } } as const;
    expect((await call('remove', { name: 'db', confirm })).ok).toBe(false);
    expect((await call('remove', { name: 'web', confirm }, stranger)).ok).toBe(false);
    state.version++;
    expect((await call('remove', { name: 'web', confirm })).text).toContain('the object has changed since');
  });

  test('human: refused where nobody can be asked, and a token alone is not a person', async () => {
    const { call } = product({ confirm: 'human' });
    expect(await call('remove', { name: 'web' })).toMatchObject({ error: { code: 'confirmation_refused' } });
    const planned = await call('remove', { name: 'web' }, { human: 'can-ask' });
    if (planned.ok || planned.plan === undefined) throw new Error('expected a plan');
    expect(planned.text).not.toContain(planned.plan.token);
    const confirmed = { name: 'web', confirm: planned.plan.token };
    expect((await call('remove', confirmed)).ok).toBe(false);
    expect((await call('remove', confirmed, { human: 'can-ask' })).ok).toBe(false);
    expect((await call('remove', confirmed, { human: 'accepted' })).ok).toBe(true);
  });

  test('a no is answered and audited, and nothing is carried out', async () => {
    const { call, audited } = product();
    const before = state.removed;
    const planned = await call('remove', { name: 'web' }, { human: 'can-ask' });
    if (planned.ok || planned.plan === undefined) throw new Error('expected a plan');
    const declined = await call('remove', { name: 'web', confirm: planned.plan.token }, { human: 'declined' });
    expect(declined.text).toBe('confirmation_refused: Refused by the user; nothing was changed.');
    expect(state.removed).toBe(before);
    expect(audited[1]).toMatchObject({ decision: 'refused', outcome: 'failed', code: 'confirmation_refused' });
  });

  test('never: nobody is asked; dry runs never ask', async () => {
    expect((await product({ confirm: 'never' }).call('remove', { name: 'web' })).ok).toBe(true);
    expect((await product().call('remove', { name: 'web', dryRun: true })).ok).toBe(true);
  });

  test('a tool whose gate is closed is neither listed nor run', async () => {
    const { gateway, call } = product({}, { delete: false });
    expect(gateway.tools().map(({ name }) => name)).toEqual(['echo', 'broken', 'slow', 'told']);
    expect((await call('remove', { name: 'web' })).text).toBe(
      'gate_closed: remove needs the delete gate, which is closed.\nNext: The operator opens it with --enable-delete.',
    );
  });
});
