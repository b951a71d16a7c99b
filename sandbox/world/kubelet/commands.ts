/** What the handful of commands that manifests like to use would do. Nothing is ever executed. */

import type { Container } from './pod-types.ts';
import { parseTargets } from './services.ts';

/** A line that is printed so many ms after the start. */
export interface TimedLine {
  at: number;
  text: string;
}

export type Program =
  /** The image's own program, whatever flags it gets. */
  | { kind: 'app' }
  | {
      kind: 'script';
      lines: readonly TimedLine[];
      /** Absent: it goes on for ever, repeating `every`. */
      end?: { at: number; code: number };
      every?: { ms: number; from: number; text: string };
      /** Services that it waits for before anything else, asking each `everyMs`. */
      waits?: { host: string; port?: number; everyMs: number };
      /** It ends in the image's own program (`exec nginx`, a server's name). */
      thenApp: boolean;
    }
  /** There is no such program in the image. */
  | { kind: 'missing'; name: string };

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'busybox']);
const FOREVER = new Set(['infinity', 'inf']);
/** What is looked at of one script. */
const MAX_STATEMENTS = 200;
const MAX_LOOPS = 20;
const MAX_SCRIPT = 8192;
const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

const base = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** `env` are the container's variables, for `$NAME` in what is printed. */
export function programOf(container: Container, env: ReadonlyMap<string, string>, isShell: boolean): Program {
  const own = container.command ?? [];
  // An image that is only a shell has `sh` as its command: arguments replace it.
  const words = own.length > 0 ? [...own, ...(container.args ?? [])] : isShell ? (container.args ?? []) : [];
  const [first] = words;
  if (first === undefined) return { kind: 'app' };
  const script = SHELLS.has(base(first)) ? scriptOf(words) : undefined;
  const run = new Run(env);
  if (script !== undefined) run.script(script.slice(0, MAX_SCRIPT));
  else if (/^(?:no-?such|missing|not-?found|nonexist)/.test(base(first))) return { kind: 'missing', name: first };
  else run.simple(words);
  return run.program();
}

/** What follows `-c` (`-ec`, `-euxc`...). */
function scriptOf(words: readonly string[]): string | undefined {
  const flag = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return flag < 0 ? undefined : words[flag + 1];
}

class Run {
  readonly #env: ReadonlyMap<string, string>;
  readonly #lines: TimedLine[] = [];
  #at = 0;
  #end: number | undefined;
  #every: { ms: number; from: number; text: string } | undefined;
  #waits: { host: string; port?: number; everyMs: number } | undefined;
  #app = false;
  #status = 0;
  #endless = false;

  constructor(env: ReadonlyMap<string, string>) {
    this.#env = env;
  }

  program(): Program {
    const rest = { lines: this.#lines, ...(this.#waits === undefined ? {} : { waits: this.#waits }) };
    if (this.#app) return { kind: 'script', ...rest, thenApp: true };
    if (this.#endless)
      return { kind: 'script', ...rest, ...(this.#every === undefined ? {} : { every: this.#every }), thenApp: false };
    const end = { at: this.#at, code: this.#end ?? this.#status };
    return { kind: 'script', ...rest, end, thenApp: false };
  }

  /** Statements in order, as far as they are understood. */
  script(text: string, loops = 0): void {
    const stops = /^\s*set\s+-[a-z]*e/.test(text);
    const flat = text.replace(/\\\n/g, ' ');
    const loop = /(?:^|[;\n&]\s*)(while|until)\s+([^;\n]+)[;\n]\s*do\b([\s\S]*?)[;\n]\s*done/.exec(flat);
    const before = loop === null ? flat : flat.slice(0, loop.index);
    this.#statements(before, stops);
    if (loop === null || this.#over() || loops > MAX_LOOPS) return;
    this.#loop(loop[1] ?? '', (loop[2] ?? '').trim(), loop[3] ?? '');
    if (!this.#over()) this.script(flat.slice(loop.index + loop[0].length), loops + 1);
  }

  #over(): boolean {
    return this.#end !== undefined || this.#endless || this.#app;
  }

  #statements(text: string, stops: boolean): void {
    for (const raw of text.split(/[;\n]/).slice(0, MAX_STATEMENTS)) {
      for (const [at, part] of raw.split(/&&/).entries()) {
        if (this.#over() || (at > 0 && this.#status !== 0)) break;
        const [left = '', ...others] = part.split('||');
        this.#line(left);
        if (others.length > 0 && this.#status !== 0) this.#line(others[0] ?? '');
      }
      if (stops && this.#status !== 0) this.#end ??= this.#status;
      if (this.#over()) return;
    }
  }

  #line(text: string): void {
    const words = wordsOf(text.trim(), this.#env);
    if (words.length > 0 && !(words[0] ?? '').startsWith('#')) this.simple(words);
  }

  #loop(kind: string, condition: string, body: string): void {
    const pause = /\bsleep\s+([\d.]+)([smhd]?)/.exec(body);
    const everyMs = pause === null ? 1000 : Number(pause[1]) * (UNITS[pause[2] ?? ''] ?? 1) * 1000;
    const waited = hostIn(wordsOf(condition, this.#env));
    const always = /^(?:true|:|\[\s*1\s*\])$/.test(condition);
    if (kind === 'until' && waited !== undefined) {
      this.#waits = { ...waited, everyMs: Math.max(100, everyMs) };
      return;
    }
    if (!always) return;
    const echo = /\becho\s+([^;\n&|>]+)/.exec(body);
    const text = echo === null ? '' : wordsOf(echo[1] ?? '', this.#env).join(' ');
    if (text !== '') this.#every = { ms: Math.max(10, everyMs), from: this.#at, text };
    this.#endless = true;
  }

  /** One command and its arguments. */
  simple(words: readonly string[]): void {
    const [first = '', ...rest] = words.slice(
      Math.max(
        0,
        words.findIndex((word) => word !== 'exec'),
      ),
    );
    const redirected = rest.findIndex((word) => /^\d?>/.test(word));
    const args = redirected < 0 ? rest : rest.slice(0, redirected);
    this.#status = 0;
    switch (base(first)) {
      case 'sleep':
        this.#sleep(args);
        return;
      case 'echo':
      case 'printf':
        if (redirected < 0) this.#print(args.filter((word) => !/^-[ne]+$/.test(word)).join(' '));
        return;
      case 'exit':
        this.#end = Number(args[0] ?? this.#status) & 255;
        return;
      case 'false':
        this.#status = 1;
        return;
      case 'kill':
        this.#end = 137;
        return;
      case 'tail':
        this.#endless = args.includes('-f') || args.includes('-F');
        return;
      case 'true':
      case ':':
      case 'set':
      case 'cd':
      case 'export':
      case 'trap':
        return;
      case 'mkdir':
      case 'chmod':
      case 'chown':
      case 'cp':
      case 'mv':
      case 'rm':
      case 'touch':
      case 'cat':
      case 'ls':
      case 'date':
      case 'env':
      case 'test':
      case '[':
      case 'wget':
      case 'curl':
      case 'tar':
      case 'sed':
      case 'perl':
        this.#at += 20;
        return;
      default:
        this.#app = !/^\w+=/.test(first);
    }
  }

  #sleep(args: readonly string[]): void {
    const [text = '0'] = args;
    const [, number = '', unit = ''] = /^([\d.]+)([smhd]?)$/.exec(text) ?? [];
    if (FOREVER.has(text)) this.#endless = true;
    else this.#at += Math.round(Number(number || '0') * (UNITS[unit] ?? 1) * 1000);
  }

  #print(text: string): void {
    for (const line of text.replace(/\\n$/, '').split(/\\n|\n/)) this.#lines.push({ at: this.#at, text: line });
  }
}

/** The service that a check such as `nc -z db 5432`, `nslookup db` or `pg_isready -h db` asks for. */
function hostIn(words: readonly string[]): { host: string; port?: number } | undefined {
  const [command = '', ...args] = words[0] === '!' ? words.slice(1) : words;
  if (
    !/^(?:nc|nslookup|getent|dig|ping|pg_isready|mysqladmin|redis-cli|curl|wget|mongosh|\/dev\/tcp)/.test(base(command))
  )
    return undefined;
  const flagged = args.findIndex((word) => word === '-h' || word === '--host');
  const named =
    flagged < 0
      ? args.find((word) => /^(?:https?:\/\/)?[a-z][\w.-]*(?::\d+)?(?:\/|$)/i.test(word) && word !== 'hosts')
      : args[flagged + 1];
  if (named === undefined) return undefined;
  const [target] = parseTargets(named);
  if (target === undefined) return undefined;
  const number = args.find((word) => /^\d{2,5}$/.test(word));
  const port = target.port ?? (number === undefined ? undefined : Number(number));
  return { host: target.host, ...(port === undefined ? {} : { port }) };
}

/** Words of a line; quotes are taken off and `$NAME`, `${NAME}` filled in. */
function wordsOf(line: string, env: ReadonlyMap<string, string>): string[] {
  const words: string[] = [];
  for (const [, double, single, plain] of line.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)) {
    if (single !== undefined) words.push(single);
    else words.push((double ?? plain ?? '').replace(/\$\{?(\w+)\}?/g, (_, name: string) => env.get(name) ?? ''));
  }
  return words;
}
