/** A proxy in front of a Kubernetes API that makes what a plan says go wrong. */
import { stringify } from 'yaml';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { checkPlan } from './check-plan.ts';
import { classify } from './classify.ts';
import { perform, type Switchboard } from './control.ts';
import { createIdentities } from './identities.ts';
import { createListMemory } from './list-memory.ts';
import { createListener } from './listener.ts';
import { createOutgoing } from './outgoing.ts';
import { isControl, type Plan } from './plan.ts';
import { type Active, createRuleBook } from './rule-book.ts';
import { serve } from './serve.ts';
import { createRecorder, type Stats } from './stats.ts';
import { createTerminator, MAX_STREAMS, type Reply, type Request, type Shape } from './terminator.ts';
import { createUpstream, type KubeconfigTarget, targetOf, type Upstream, type UpstreamTarget } from './upstream.ts';
import { createWire, type Wire } from './wire.ts';

export interface FaultProxyOptions {
  /** Where requests go; its credentials sign them in. Without any the client's `Authorization` is passed on. */
  readonly upstream: UpstreamTarget | KubeconfigTarget;
  /** Others, that rules and `swapUpstream` know by name. The first one's name is `main`. */
  readonly others?: Readonly<Record<string, UpstreamTarget | KubeconfigTarget>>;
  readonly plan?: Plan;
  /** For every delay of a plan. */
  readonly clock?: Clock;
  /** Decides about probabilities. */
  readonly seed?: number;
}

export interface FaultProxy {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** PEM of the authority behind its certificate. */
  readonly ca: string;
  /** For a client that signs in with this token; the proxy signs in for it unless its upstream came without credentials. */
  kubeconfig(token?: string): string;
  readonly stats: Stats;
  /** Counts start anew; what the old plan held back or closed is let go. Requests under way keep their rules. */
  setPlan(plan: Plan): Promise<void>;
  /** By name, or a new one. */
  swapUpstream(to: string | UpstreamTarget | KubeconfigTarget): void;
  /** Cuts all connections of clients. */
  cutAll(how?: 'fin' | 'rst'): Promise<void>;
  /** Ends everything. */
  close(): Promise<void>;
}

export async function createFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { clock = systemClock, seed = 1 } = options;
  const identities = createIdentities();
  const recorder = createRecorder();
  const wires = new Set<Wire>();
  const wireByPort = new Map<number, Wire>();
  const upstreams = new Map<string, Upstream>();
  const addUpstream = (name: string, target: UpstreamTarget | KubeconfigTarget) => {
    upstreams.get(name)?.close();
    upstreams.set(name, createUpstream(targetOf(target)));
  };
  addUpstream('main', options.upstream);
  for (const [name, target] of Object.entries(options.others ?? {})) addUpstream(name, target);

  let current = 'main';
  let book = createRuleBook({ rules: [] }, seed);
  let memory = createListMemory();
  let frozen = false;
  /** Of the plan: to open the listener again, to thaw. */
  const timers: (() => void)[] = [];
  let closed = false;
  const listener = await createListener((socket) => {
    void meet(createWire(socket)).catch(() => socket.destroy());
  });
  const terminator = createTerminator(identities, visit);

  const board: Switchboard = {
    clock,
    async listen(state, forMs) {
      await listener.become(state);
      if (forMs !== undefined) timers.push(clock.after(forMs, () => void listener.become('open')));
    },
    cutAll: () => cutAll('rst'),
    async freezeAll(forMs) {
      await Promise.all([...wires].map((wire) => wire.settled()));
      frozen = true;
      for (const wire of wires) wire.freeze();
      if (forMs !== undefined) timers.push(clock.after(forMs, thaw));
    },
    swapUpstream,
  };

  function thaw(): void {
    frozen = false;
    for (const wire of wires) wire.thaw();
  }

  async function cutAll(how: 'fin' | 'rst'): Promise<void> {
    await Promise.all([...wires].map((wire) => wire.cut(how)));
  }

  function swapUpstream(to: string): void {
    if (!upstreams.has(to)) throw new Error(`the fault proxy has no upstream called ${to}`);
    current = to;
  }

  async function meet(wire: Wire): Promise<void> {
    recorder.connected();
    wires.add(wire);
    wire.gone.on(() => {
      wires.delete(wire);
      recorder.disconnected();
    });
    if (closed) return wire.destroy();
    if (frozen) wire.freeze();
    let shape: Shape = { certificate: 'good', protocols: 'h2', maxStreams: MAX_STREAMS };
    for (const rule of book.connection()) {
      recorder.fire(rule.name);
      if (isControl(rule.do)) {
        if ((await perform(rule.do, { wire }, board)) === 'over') return;
      } else shape = shaped(shape, rule);
    }
    const from = await wire.attach(await terminator.portFor(shape));
    if (from === undefined) return wire.destroy();
    wireByPort.set(from, wire);
    wire.gone.on(() => wireByPort.delete(from));
  }

  function visit(request: Request, reply: Reply): void {
    const wire = wireByPort.get(request.socket.remotePort ?? 0);
    if (wire === undefined) return void reply.destroy();
    const { accept, authorization } = request.headers;
    const head = { method: request.method ?? 'GET', url: request.url ?? '/', accept, authorization };
    const facts = classify({ ...head, protocol: request.httpVersionMajor === 2 ? 'h2' : 'h1' }, memory.pageOf);
    const recording = recorder.begin(facts);
    const outgoing = createOutgoing(reply, wire);
    request.on('error', () => undefined);
    outgoing.gone.on(recording.end);
    serve({
      request,
      facts,
      outgoing,
      recording,
      board,
      memory,
      rules: book.request(facts),
      keepsOldLists: book.wantsOldLists,
      upstream(name = current) {
        const upstream = upstreams.get(name);
        if (upstream === undefined) throw new Error(`the fault proxy has no upstream called ${name}`);
        return upstream;
      },
    }).catch(() => wire.destroy());
  }

  function letGo(): void {
    for (const cancel of timers.splice(0)) cancel();
    thaw();
  }

  const proxy: FaultProxy = {
    url: `https://127.0.0.1:${listener.port}`,
    port: listener.port,
    ca: identities.ca,
    stats: recorder,
    kubeconfig: (token = 'through-the-fault-proxy') => kubeconfigOf(proxy.url, identities.ca, token),
    async setPlan(plan) {
      checkPlan(plan);
      letGo();
      book = createRuleBook(plan, seed);
      memory = createListMemory();
      if (!book.start.some((rule) => rule.do.kind === 'listener')) await listener.become('open');
      for (const rule of book.start) {
        recorder.fire(rule.name);
        if (isControl(rule.do)) await perform(rule.do, {}, board);
      }
    },
    swapUpstream(to) {
      if (typeof to !== 'string') addUpstream('swapped', to);
      swapUpstream(typeof to === 'string' ? to : 'swapped');
    },
    cutAll: (how = 'rst') => cutAll(how),
    async close() {
      closed = true;
      letGo();
      await listener.become('refused');
      const gone = [...wires].map((wire) => new Promise<void>((resolve) => void wire.gone.on(resolve)));
      for (const wire of wires) wire.destroy();
      terminator.close();
      for (const upstream of upstreams.values()) upstream.close();
      await Promise.all(gone);
    },
  };
  await proxy.setPlan(options.plan ?? { rules: [] });
  return proxy;
}

function shaped(shape: Shape, { do: action }: Active): Shape {
  if (action.kind === 'certificate') return { ...shape, certificate: action.use };
  if (action.kind === 'protocols') return { ...shape, protocols: action.alpn };
  return action.kind === 'max-streams' ? { ...shape, maxStreams: action.streams } : shape;
}

function kubeconfigOf(url: string, ca: string, token: string): string {
  const name = 'fault-proxy';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name, user: { token } }],
  });
}
