/** What programs log: one style for each sort, lines made from a seed so that the same moment always reads the same. */
import type { LogStyle } from './images.ts';
import { fraction, hash, pick } from './seeded.ts';

export interface LineContext {
  /** Of the line: says the same things for ever. */
  seed: string;
  /** Ms since the epoch. */
  at: number;
  /** 0 to 1: the part of requests that fail. */
  errorRate: number;
}

export interface Style {
  /** Mean ms between two lines. */
  everyMs: number;
  start: readonly string[];
  /** Said when it listens. */
  ready: readonly string[];
  line(context: LineContext): string;
  error(text: string, context: LineContext): string;
  /** What it says when it breaks down of itself. */
  crash: readonly string[];
  /** After a SIGTERM that it heeds. */
  stop: readonly string[];
}

const iso = (at: number) => new Date(at).toISOString();
const spaced = (at: number) => iso(at).slice(0, 23).replace('T', ' ');
const slashed = (at: number) => iso(at).slice(0, 19).replaceAll('-', '/').replace('T', ' ');
const PATHS = [
  '/',
  '/api/products',
  '/api/cart',
  '/api/orders',
  '/assets/app.js',
  '/product/17',
  '/api/recommendations',
] as const;
const AGENTS = ['Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla/5.0 (Macintosh)', 'curl/8.14.1', 'okhttp/4.12.0'] as const;

function statusOf({ seed, errorRate }: LineContext): number {
  if (fraction(`${seed}e`) < errorRate) return 500;
  return fraction(`${seed}n`) < 0.02 ? 404 : 200;
}

const clf = (at: number) => {
  const [, month, day, year, time] =
    /^\w+ (\w+) (\d+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString().replace(/^(\w+), (\d+) (\w+)/, '$1 $3 $2')) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
};

function access(context: LineContext): string {
  const { seed, at } = context;
  const status = statusOf(context);
  const bytes = status === 200 ? 300 + (hash(`${seed}b`) % 9000) : 153;
  return `10.244.${hash(`${seed}i`) % 4}.${2 + (hash(`${seed}j`) % 200)} - - [${clf(at)}] "GET ${pick(PATHS, `${seed}p`)} HTTP/1.1" ${status} ${bytes} "-" "${pick(AGENTS, `${seed}a`)}" "-"`;
}

function request(context: LineContext): string {
  const { seed, at } = context;
  const status = statusOf(context);
  return JSON.stringify({
    time: iso(at),
    level: status >= 500 ? 'error' : 'info',
    msg: 'request',
    method: fraction(`${seed}m`) < 0.8 ? 'GET' : 'POST',
    path: pick(PATHS, `${seed}p`),
    status,
    durationMs: Math.round(3 + 90 * fraction(`${seed}d`) ** 3 * (status >= 500 ? 12 : 1)),
    requestId: hash(`${seed}r`).toString(16).padStart(8, '0'),
  });
}

const json =
  (level: string, msg: string) =>
  (text: string, { at }: LineContext) =>
    JSON.stringify({ time: iso(at), level, msg, error: text });

const SERVICE: Style = {
  everyMs: 2500,
  start: ['{"level":"info","msg":"starting","runtime":"go1.25.4"}', '{"level":"info","msg":"configuration loaded"}'],
  ready: ['{"level":"info","msg":"listening"}'],
  line: request,
  error: json('error', 'upstream request failed'),
  crash: [
    'panic: runtime error: invalid memory address or nil pointer dereference',
    '[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x6d0f2a]',
    '',
    'goroutine 1 [running]:',
    'main.(*server).configure(...)',
    '\t/src/cmd/server/main.go:148',
    'main.main()',
    '\t/src/cmd/server/main.go:61 +0x2a5',
    'exit status 2',
  ],
  stop: ['{"level":"info","msg":"received terminated, shutting down"}'],
};

const WEB: Style = {
  everyMs: 3000,
  start: [
    '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
    '/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh',
    '/docker-entrypoint.sh: Configuration complete; ready for start up',
  ],
  ready: ['[notice] 1#1: start worker processes'],
  line: access,
  error: (text, { at }) =>
    `${slashed(at)} [error] 29#29: *${hash(text + at) % 9000} ${text} while connecting to upstream`,
  crash: ['[emerg] 1#1: unexpected end of file, expecting ";" or "}" in /etc/nginx/conf.d/default.conf:12'],
  stop: ['[notice] 1#1: signal 15 (SIGTERM) received, exiting'],
};

/** Daemons with little to say, by their own way of writing. */
function daemon(parts: Partial<Style> & Pick<Style, 'line'>): Style {
  return {
    everyMs: 30_000,
    start: ['starting'],
    ready: ['ready'],
    error: (text, { at }) => `${spaced(at)} ERROR ${text}`,
    crash: ['fatal: configuration is invalid'],
    stop: ['shutting down'],
    ...parts,
  };
}

export const STYLES: Readonly<Record<LogStyle, Style>> = {
  web: WEB,
  frontend: SERVICE,
  'http-service': SERVICE,
  worker: {
    ...SERVICE,
    line: ({ seed, at }) =>
      JSON.stringify({
        time: iso(at),
        level: 'info',
        msg: 'job done',
        job: `j-${hash(seed) % 100000}`,
        tookMs: 20 + (hash(`${seed}t`) % 900),
      }),
    error: json('error', 'job failed, will be retried'),
  },
  postgres: daemon({
    start: [
      'PostgreSQL Database directory appears to contain a database; Skipping initialization',
      'LOG:  starting PostgreSQL on x86_64-pc-linux-gnu, 64-bit',
      'LOG:  listening on IPv4 address "0.0.0.0", port 5432',
    ],
    ready: ['LOG:  database system is ready to accept connections'],
    everyMs: 60_000,
    line: ({ seed, at }) =>
      `${spaced(at)} UTC [27] LOG:  checkpoint complete: wrote ${hash(seed) % 300} buffers (${(fraction(seed) * 2).toFixed(1)}%)`,
    error: (text, { at }) => `${spaced(at)} UTC [31] FATAL:  ${text}`,
    crash: [
      'Error: Database is uninitialized and superuser password is not specified.',
      '       You must specify POSTGRES_PASSWORD to a non-empty value for the',
      '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".',
    ],
    stop: ['LOG:  received smart shutdown request', 'LOG:  database system is shut down'],
  }),
  mysql: daemon({
    ready: [
      "[Server] /usr/sbin/mysqld: ready for connections. Version: '9.5.0'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306",
    ],
    line: ({ at }) => `${iso(at)} 0 [System] [MY-011323] [Server] X Plugin ready for connections.`,
  }),
  redis: daemon({
    start: ['1:C * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo', '1:M * Running mode=standalone, port=6379.'],
    ready: ['1:M * Ready to accept connections tcp'],
    everyMs: 60_000,
    line: ({ seed }) => `1:M * ${1 + (hash(seed) % 90)} changes in 60 seconds. Saving...`,
    crash: [
      '*** FATAL CONFIG FILE ERROR (Redis 8.4.0) ***',
      'Reading the configuration file, at line 3',
      'Bad directive or wrong number of arguments',
    ],
    stop: ['1:signal-handler Received SIGTERM scheduling shutdown...', '1:M # Redis is now ready to exit, bye bye...'],
  }),
  rabbitmq: daemon({
    ready: ['Server startup complete; 4 plugins started.'],
    line: ({ seed, at }) =>
      `${spaced(at)} [info] <0.${hash(seed) % 900}.0> accepting AMQP connection 10.244.1.${hash(seed) % 200}:${40000 + (hash(`${seed}p`) % 9000)}`,
  }),
  kafka: daemon({
    ready: ['[KafkaRaftServer nodeId=1] Kafka Server started (kafka.server.KafkaRaftServer)'],
    line: ({ seed, at }) =>
      `[${spaced(at).replace('.', ',')}] INFO [GroupCoordinator 1]: Stabilized group orders generation ${hash(seed) % 40}`,
    crash: [
      'java.lang.OutOfMemoryError: Java heap space',
      '\tat java.base/java.nio.HeapByteBuffer.<init>(HeapByteBuffer.java:64)',
    ],
  }),
  mongo: daemon({
    ready: ['{"s":"I","c":"NETWORK","id":23016,"msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}'],
    line: ({ seed, at }) =>
      JSON.stringify({
        t: { $date: iso(at) },
        s: 'I',
        c: 'NETWORK',
        msg: 'Connection accepted',
        attr: { connectionId: hash(seed) % 900 },
      }),
  }),
  dns: daemon({
    start: ['[INFO] plugin/reload: Running configuration SHA512 = 591cf328cccc12bc490481273e738df5'],
    ready: ['.:53', 'CoreDNS-1.13.1', 'linux/amd64, go1.25.4'],
    everyMs: 120_000,
    line: () => '[INFO] plugin/health: Local health request to "http://:8080/health" took 1.2ms',
    error: (text) => `[ERROR] plugin/errors: 2 ${text}`,
  }),
  metrics: daemon({
    line: ({ seed, at }) =>
      `ts=${iso(at)} level=info component=tsdb msg="Head GC completed" duration=${1 + (hash(seed) % 40)}ms`,
    error: (text, { at }) => `ts=${iso(at)} level=error msg="${text.replaceAll('"', '\\"')}"`,
  }),
  agent: daemon({
    start: ['I0101 starting'],
    line: ({ seed, at }) =>
      `I${iso(at).slice(5, 7)}${iso(at).slice(8, 10)} ${iso(at).slice(11, 23)}       1 controller.go:${100 + (hash(seed) % 300)}] "Synced" items=${hash(seed) % 50}`,
    error: (text, { at }) =>
      `E${iso(at).slice(5, 7)}${iso(at).slice(8, 10)} ${iso(at).slice(11, 23)}       1 reflector.go:204] "Failed" err="${text}"`,
  }),
  batch: daemon({
    everyMs: 5000,
    start: ['batch started'],
    ready: [],
    line: ({ seed }) => `processed ${100 + (hash(seed) % 900)} records`,
    crash: [
      'Traceback (most recent call last):',
      '  File "/app/main.py", line 42, in <module>',
      '    run()',
      "KeyError: 'source'",
    ],
    stop: [],
  }),
  shell: daemon({
    everyMs: Infinity,
    start: [],
    ready: [],
    line: () => '',
    error: (text) => text,
    crash: [],
    stop: [],
  }),
  quiet: daemon({ everyMs: Infinity, start: [], ready: [], line: () => '', crash: [], stop: [] }),
};
