/** One request from its arrival to the end of its answer, and the rules on its way. */
import { constants } from 'node:http2';
import { passBytes, slowly } from './bytes.ts';
import { collectionKey, type Facts } from './classify.ts';
import { type Outcome, perform, type Switchboard, wait } from './control.ts';
import { editedDocument, garbled, gathered, preferJson } from './documents.ts';
import { createInbox, joined, passEvents } from './events.ts';
import { framingOf } from './frames.ts';
import { frameOf, statusOf } from './lines.ts';
import type { ListMemory } from './list-memory.ts';
import { type Headers, type Outgoing, withoutHopHeaders } from './outgoing.ts';
import { type Action, type Control, isControl } from './plan.ts';
import type { Active } from './rule-book.ts';
import type { Recording } from './stats.ts';
import type { Request } from './terminator.ts';
import type { Upstream, UpstreamAnswer } from './upstream.ts';

/** A request and all that serving it takes. */
export interface Visit {
  readonly request: Request;
  readonly facts: Facts;
  readonly outgoing: Outgoing;
  /** The rules that apply to it. */
  readonly rules: readonly Active[];
  readonly recording: Recording;
  readonly board: Switchboard;
  readonly memory: ListMemory;
  readonly keepsOldLists: boolean;
  /** By name; without one where requests go now. */
  upstream(name?: string): Upstream;
}

export async function serve(visit: Visit): Promise<void> {
  const query = await atRequest(visit);
  if (query === undefined) return;
  const answer = await askUpstream(visit, query);
  if (answer === undefined) return;
  const head = await atHeaders(visit, answer);
  if (head === undefined) answer.body.destroy();
  else await passOn(visit, answer, head);
}

type Of<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

const at = (visit: Visit, ...phases: readonly Active['at']['at'][]) =>
  visit.rules.filter((rule) => phases.includes(rule.at.at));

async function act(visit: Visit, rule: Active, control: Control): Promise<Outcome> {
  visit.recording.fire(rule.name);
  const outcome = await perform(control, { wire: visit.outgoing.wire, outgoing: visit.outgoing }, visit.board);
  if (outcome === 'skipped') visit.recording.skip(rule.name);
  return outcome;
}

interface Asked {
  readonly query: URLSearchParams;
  readonly upstream: Upstream;
}

/** Undefined: it was answered, or ended. */
async function atRequest(visit: Visit): Promise<Asked | undefined> {
  const { facts, recording, memory } = visit;
  const query = new URLSearchParams(facts.query);
  let upstream = visit.upstream();
  for (const rule of at(visit, 'request')) {
    const action = rule.do;
    if (isControl(action)) {
      if ((await act(visit, rule, action)) === 'over') return undefined;
      continue;
    }
    const old = action.kind === 'old-list' ? memory.oldList(collectionKey(facts.path, facts.query)) : undefined;
    if (action.kind === 'old-list' && old === undefined) continue;
    recording.fire(rule.name);
    if (action.kind === 'answer') return answerWith(visit, action);
    if (old !== undefined) return sendWhole(visit, 200, { 'content-type': 'application/json' }, old);
    if (action.kind === 'upstream') upstream = visit.upstream(action.use);
    if (action.kind !== 'query') continue;
    for (const [name, value] of Object.entries(action.set)) {
      if (value === null) query.delete(name);
      else query.set(name, value);
    }
  }
  return { query, upstream };
}

/** Undefined: there is none, and the client knows. */
async function askUpstream(visit: Visit, { query, upstream }: Asked): Promise<UpstreamAnswer | undefined> {
  const { request, facts, outgoing } = visit;
  const headers = withoutHopHeaders(request.headers);
  delete headers['host'];
  if (upstream.signsIn) delete headers['authorization'];
  if (changesBody(visit)) {
    headers['accept-encoding'] = 'identity';
    headers['accept'] = preferJson(facts.accept);
  }
  const search = query.toString();
  const bodyless = ['GET', 'HEAD'].includes(facts.method) || headers['content-length'] === '0';
  try {
    return await upstream.send({
      method: facts.method,
      path: search === '' ? facts.path : `${facts.path}?${search}`,
      headers,
      body: bodyless ? undefined : request,
      onStream: (stream) => void outgoing.gone.on(() => stream.destroy()),
    });
  } catch (error) {
    const message = `the fault proxy has no answer from its upstream: ${String(error)}`;
    return answerWith(visit, { kind: 'answer', status: 502, body: statusOf({ code: 502, message }) });
  }
}

/** Something looks into the body. */
function changesBody({ rules, facts, keepsOldLists }: Visit): boolean {
  const looks = (rule: Active) => ['edit', 'encoding', 'inject', 'drop', 'reorder'].includes(rule.do.kind);
  return rules.some(looks) || (keepsOldLists && facts.verb === 'list');
}

interface Head {
  readonly status: number;
  readonly headers: Headers;
  readonly held: boolean;
}

async function atHeaders(visit: Visit, answer: UpstreamAnswer): Promise<Head | undefined> {
  let { status } = answer;
  let held = false;
  const headers = withoutHopHeaders(answer.headers);
  for (const rule of at(visit, 'headers')) {
    const action = rule.do;
    if (isControl(action)) {
      if ((await act(visit, rule, action)) === 'over') return undefined;
      continue;
    }
    if (action.kind !== 'encoding') visit.recording.fire(rule.name);
    if (action.kind === 'answer') return answerWith(visit, action);
    if (action.kind === 'hold-head') held = true;
    if (action.kind === 'date')
      headers['date'] = new Date(Date.parse(String(headers['date'])) + action.skewMs).toUTCString();
    if (action.kind !== 'head') continue;
    status = action.status ?? status;
    for (const [name, value] of Object.entries(action.set ?? {})) {
      if (value === null) delete headers[name];
      else headers[name] = value;
    }
  }
  return { status, headers, held };
}

/** Always undefined: nothing follows. */
function answerWith(visit: Visit, { status, headers = {}, body = '' }: Of<'answer'>): undefined {
  const json = typeof body !== 'string';
  const type = { 'content-type': json ? 'application/json' : 'text/plain; charset=utf-8' };
  return sendWhole(visit, status, { ...type, ...headers }, Buffer.from(json ? JSON.stringify(body) : body));
}

function sendWhole({ outgoing, recording, request }: Visit, status: number, headers: Headers, body: Buffer): undefined {
  recording.status(status);
  request.resume();
  outgoing.head(status, { ...headers, date: new Date().toUTCString(), 'content-length': String(body.length) });
  recording.bytes(body.length);
  void outgoing.write(body);
  outgoing.end();
  return undefined;
}

async function passOn(visit: Visit, answer: UpstreamAnswer, { status, headers, held }: Head): Promise<void> {
  const { outgoing, recording, facts } = visit;
  const watches = facts.verb === 'watch' && status === 200;
  let ended = false;
  const over = (outcome: Outcome) => {
    ended ||= outcome === 'over';
    return outcome;
  };
  const acting = async (rule: Active, control: Control) => over(await act(visit, rule, control));
  const clocks = createTimers(visit, acting);
  try {
    const slow = visit.rules.find((rule) => rule.do.kind === 'slow-reader');
    let chunks: AsyncIterable<Buffer> = answer.body;
    if (slow?.do.kind === 'slow-reader') {
      recording.fire(slow.name);
      chunks = slowly(chunks, slow.do.bytesPerSecond, (ms) => wait(ms, visit.board, undefined, outgoing));
    }
    chunks = watches
      ? eventsOf(visit, chunks, String(headers['content-type']), clocks, acting)
      : await wholeOf(visit, chunks, status, headers);
    const byteRules = at(visit, 'body');
    if (byteRules.length > 0) delete headers['content-length'];
    recording.status(status);
    const open = () => {
      outgoing.head(status, headers);
      clocks.start();
    };
    if (!held) open();
    for await (const chunk of passBytes(chunks, {
      rules: byteRules,
      act: acting,
      fire: (rule) => recording.fire(rule.name),
      wait: (ms) => wait(ms, visit.board, undefined, outgoing),
    })) {
      if (held && !outgoing.headSent) open();
      await outgoing.write(chunk);
      recording.bytes(chunk.length);
      clocks.wrote();
      if (outgoing.over) break;
    }
    for (const rule of at(visit, 'end')) {
      if (!ended && !outgoing.over && isControl(rule.do)) await acting(rule, rule.do);
    }
    if (ended) return;
    if (held && !outgoing.headSent) open();
    outgoing.end();
  } catch {
    // The upstream broke off: so does the answer.
    await outgoing.reset(constants.NGHTTP2_INTERNAL_ERROR);
  } finally {
    clocks.stop();
    answer.body.destroy();
  }
}

type Acting = (rule: Active, control: Control) => Promise<Outcome>;

function eventsOf(
  visit: Visit,
  chunks: AsyncIterable<Buffer>,
  contentType: string,
  clocks: Timers,
  acting: Acting,
): AsyncIterable<Buffer> {
  const framing = framingOf(contentType);
  const { recording } = visit;
  const rules = at(visit, 'event', 'after-events').filter((rule) => rule.do.kind !== 'join');
  const events = passEvents(framing.split(chunks), {
    rules,
    framing,
    act: acting,
    fire: (rule) => recording.fire(rule.name),
    skip: (rule) => recording.skip(rule.name),
    counted: () => recording.event(),
  });
  const withTimed = clocks.injects ? clocks.merge(events, framing.form) : events;
  const join = visit.rules.find((rule) => rule.do.kind === 'join');
  if (join?.do.kind !== 'join') return withTimed;
  recording.fire(join.name);
  return joined(withTimed, join.do.events);
}

/** What is no watch: as it comes, or whole where it is to be changed. Changes `headers` with it. */
async function wholeOf(
  visit: Visit,
  chunks: AsyncIterable<Buffer>,
  status: number,
  headers: Headers,
): Promise<AsyncIterable<Buffer>> {
  if (!changesBody(visit)) return chunks;
  const { facts, memory, recording } = visit;
  const collection = collectionKey(facts.path, facts.query);
  const page = { token: facts.query.get('continue') ?? '', lastItem: memory.lastItem(collection, facts.page - 1) };
  let body = await gathered(chunks);
  if (visit.keepsOldLists && facts.page === 1 && status === 200) memory.keepOldList(collection, body);
  for (const rule of visit.rules) {
    if (rule.do.kind !== 'edit' || rule.at.at !== 'body' || status !== 200) continue;
    const changed = editedDocument(body, rule.do.edits, page);
    if (changed === undefined) recording.skip(rule.name);
    else recording.fire(rule.name);
    body = changed ?? body;
  }
  if (facts.page > 0 && status === 200 && visit.rules.some(repeatsItems)) {
    memory.passed(collection, facts.page, JSON.parse(body.toString()));
  }
  for (const rule of visit.rules) {
    if (rule.do.kind !== 'encoding') continue;
    const wrong = garbled(body, rule.do.as);
    recording.fire(rule.name);
    body = wrong.body;
    if (wrong.says === null) delete headers['content-encoding'];
    else headers['content-encoding'] = wrong.says;
  }
  headers['content-length'] = String(body.length);
  return one(body);
}

const repeatsItems = ({ do: action }: Active) =>
  action.kind === 'edit' && action.edits.some(({ edit }) => edit === 'repeat-item');

async function* one(body: Buffer): AsyncGenerator<Buffer> {
  if (body.length > 0) yield body;
}

/** The rules that wait for a time, or for silence. */
interface Timers {
  start(): void;
  wrote(): void;
  stop(): void;
  readonly injects: boolean;
  merge(frames: AsyncIterable<Buffer>, form: 'json' | 'protobuf'): AsyncIterable<Buffer>;
}

function createTimers(visit: Visit, acting: Acting): Timers {
  const { clock } = visit.board;
  const inbox = createInbox();
  const cancels: (() => void)[] = [];
  const idle = new Map<Active, () => void>();
  let form: 'json' | 'protobuf' = 'json';
  let last: Buffer | undefined;

  function fire(rule: Active): void {
    if (isControl(rule.do)) void acting(rule, rule.do);
    else if (rule.do.kind === 'inject') {
      visit.recording.fire(rule.name);
      for (const line of rule.do.lines) {
        const frame = frameOf(line, form, last);
        if (frame === undefined) visit.recording.skip(rule.name);
        else inbox.push(frame);
      }
    }
  }
  const rearm = () => {
    for (const rule of at(visit, 'idle')) {
      idle.get(rule)?.();
      if (rule.at.at === 'idle')
        idle.set(
          rule,
          clock.after(rule.at.ms, () => fire(rule)),
        );
    }
  };
  return {
    injects: at(visit, 'time').some((rule) => rule.do.kind === 'inject'),
    start() {
      for (const rule of at(visit, 'time')) {
        if (rule.at.at === 'time') cancels.push(clock.after(rule.at.ms, () => fire(rule)));
      }
      rearm();
    },
    wrote: rearm,
    stop() {
      for (const cancel of [...cancels, ...idle.values()]) cancel();
    },
    async *merge(frames, as) {
      form = as;
      for await (const frame of inbox.merge(frames)) {
        yield frame;
        last = frame;
      }
    },
  };
}
