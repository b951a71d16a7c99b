/** Which action makes sense at which phase; a plan that asks for anything else is a mistake of the test. */
import type { Action, Phase, Plan } from './plan.ts';

type At = Phase['at'];

const STREAM: readonly At[] = ['request', 'headers', 'body', 'event', 'after-events', 'time', 'idle', 'end'];
const ANYTIME: readonly At[] = ['connect', ...STREAM];
/** Where the stream can wait. */
const IN_TURN: readonly At[] = ['connect', 'request', 'headers', 'body', 'event', 'after-events', 'end'];

const PHASES: Readonly<Record<Action['kind'], readonly At[]>> = {
  delay: IN_TURN,
  cut: ANYTIME,
  silence: ANYTIME,
  'rst-stream': STREAM,
  goaway: STREAM,
  listener: ['start', ...ANYTIME],
  freeze: ['start', ...ANYTIME],
  'swap-upstream': ['start', ...ANYTIME],
  certificate: ['connect'],
  protocols: ['connect'],
  'max-streams': ['connect'],
  answer: ['request', 'headers'],
  'old-list': ['request'],
  query: ['request'],
  upstream: ['request'],
  head: ['headers'],
  date: ['headers'],
  'hold-head': ['headers'],
  encoding: ['headers'],
  edit: ['body', 'event'],
  throttle: ['body'],
  split: ['body'],
  corrupt: ['body'],
  'slow-reader': ['body'],
  drop: ['event'],
  reorder: ['event'],
  join: ['event'],
  inject: ['event', 'after-events', 'time'],
};

/** Throws on the first rule that can never do what it says. */
export function checkPlan(plan: Plan): void {
  plan.rules.forEach((rule, index) => {
    const wrong = (why: string) => new Error(`rule ${index} of the fault plan: ${why}`);
    if (!PHASES[rule.do.kind].includes(rule.at.at)) throw wrong(`nothing can ${rule.do.kind} at ${rule.at.at}`);
    if (rule.match !== undefined && (rule.at.at === 'start' || rule.at.at === 'connect'))
      throw wrong(`at ${rule.at.at} there is no request to match`);
    if (rule.counts !== undefined && rule.at.at === 'start') throw wrong('there is one start');
    if (rule.do.kind === 'cut' && rule.do.how === 'end' && ['connect', 'request', 'headers'].includes(rule.at.at))
      throw wrong(`at ${rule.at.at} there is no answer to end`);
  });
}
