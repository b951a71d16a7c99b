/** istioctl commands that look into proxies and istiod: nearly all forward a port of a pod, which needs the gate exec. */
import type { Gate } from '../../kernel/vocabulary.ts';
import { flag, isOn, switches, values } from './flags.ts';
import { output, REVISION, XDS } from './istioctl-flags.ts';
import type { CommandSpec, Draft, FlagSpec } from './spec.ts';

const PORT_FORWARD: readonly Gate[] = ['exec'];
const ADMIN_PORT = values('proxy-admin-port');
const SELECTOR = flag('selector,l', 'value', { role: 'selector' });
const DUMP = flag('file,f', 'value', { role: 'file' });

/** With a dump in `files` nobody is asked. */
const isOffline = (draft: Draft): boolean => draft.flag('file') !== undefined;

const FORMS = ['json', 'yaml', 'short'];

function dump(words: readonly string[], aliases: readonly string[], flags: readonly FlagSpec[]): CommandSpec {
  return {
    words,
    aliases,
    effect: (draft) => (isOffline(draft) ? 'local' : 'read'),
    gates: (draft) => (isOffline(draft) ? [] : PORT_FORWARD),
    flags: [DUMP, ...ADMIN_PORT, output(...FORMS), ...flags],
  };
}

const proxy = (name: string, aliases: readonly string[], flags: readonly FlagSpec[] = []): CommandSpec =>
  dump(['proxy-config', name], aliases, flags);

const PROXY_CONFIG: readonly CommandSpec[] = [
  proxy(
    'all',
    ['a'],
    [
      ...switches('verbose', 'with-headers'),
      ...values('address', 'direction', 'fqdn', 'name', 'port', 'subset', 'type'),
    ],
  ),
  proxy('bootstrap', ['b']),
  proxy('cluster', ['clusters', 'c'], values('direction', 'fqdn', 'port', 'subset')),
  proxy('ecds', ['ec']),
  proxy('endpoint', ['endpoints', 'ep'], values('address', 'cluster', 'port', 'status')),
  proxy('listener', ['listeners', 'l'], [...switches('verbose'), ...values('address', 'port', 'type')]),
  proxy('route', ['routes', 'r'], [...switches('verbose'), ...values('name')]),
  proxy('secret', ['secrets', 's']),
  {
    words: ['proxy-config', 'rootca-compare'],
    aliases: ['rc'],
    gates: PORT_FORWARD,
    flags: [...ADMIN_PORT, output(...FORMS)],
  },
];

const ztunnel = (name: string, aliases: readonly string[], flags: readonly FlagSpec[]): CommandSpec =>
  dump(['ztunnel-config', name], aliases, [...values('node'), ...flags]);

const ZTUNNEL_CONFIG: readonly CommandSpec[] = [
  ztunnel('all', [], switches('with-headers')),
  ztunnel('certificate', ['certificates', 'certs', 'cert'], []),
  ztunnel('connections', ['cons'], [...switches('raw'), ...values('direction', 'workload-namespace')]),
  ztunnel('policy', ['policies', 'p', 'pol'], values('policy-namespace')),
  ztunnel('service', ['services', 's', 'svc'], values('service-namespace')),
  ztunnel('workload', ['w', 'workloads'], values('address', 'workload-namespace', 'workload-node')),
];

const LEVELS = ['level', 'reset', 'log-reset', 'stack-trace-level', 'stack-trace-reset'];

/** They read log levels, and set them with one of these flags. */
function levels(words: readonly string[], aliases: readonly string[], flags: readonly FlagSpec[]): CommandSpec {
  return {
    words,
    aliases,
    effect: ({ flags: given }) => (given.some(({ name }) => LEVELS.includes(name)) ? 'write' : 'read'),
    gates: PORT_FORWARD,
    flags: [output(...FORMS), ...values('level'), ...flags],
  };
}

const LOG_LEVELS: readonly CommandSpec[] = [
  levels(['proxy-config', 'log'], ['o'], [SELECTOR, ...ADMIN_PORT, ...switches('reset,r')]),
  levels(['ztunnel-config', 'log'], ['o'], [DUMP, ...ADMIN_PORT, ...values('node'), ...switches('reset,r')]),
  levels(
    ['admin', 'log'],
    ['l'],
    [
      SELECTOR,
      ...REVISION,
      ...switches('log-reset', 'reset', 'stack-trace-reset'),
      ...values('ctrlz_port', 'stack-trace-level'),
    ],
  ),
];

function status(...words: readonly string[]): CommandSpec {
  return {
    words,
    aliases: ['ps'],
    // A dump is compared with what istiod says: the cluster is asked all the same.
    gates: PORT_FORWARD,
    flags: [
      ...XDS,
      ...REVISION,
      ...ADMIN_PORT,
      output('json', 'yaml', 'table'),
      flag('file', 'value', { role: 'file' }),
      ...values('verbosity,v'),
    ],
  };
}

/** What they print of a pod with a sidecar asks its proxy, which the guard decides on. */
const DESCRIBE = [...ADMIN_PORT, ...switches('ignoreUnmeshed')];

export const PROXY_COMMANDS: readonly CommandSpec[] = [
  ...PROXY_CONFIG,
  ...ZTUNNEL_CONFIG,
  ...LOG_LEVELS,
  status('proxy-status'),
  status('experimental', 'proxy-status'),
  { words: ['remote-clusters'], gates: PORT_FORWARD, positionals: 'none', flags: REVISION },
  {
    words: ['experimental', 'authz', 'check'],
    effect: (draft) => (isOffline(draft) ? 'local' : 'read'),
    gates: (draft) => (isOffline(draft) ? [] : PORT_FORWARD),
    flags: [DUMP, ...ADMIN_PORT],
  },
  { words: ['experimental', 'check-inject'], flags: values('labels,l') },
  { words: ['experimental', 'describe', 'pod'], aliases: ['po'], flags: DESCRIBE },
  { words: ['experimental', 'describe', 'service'], aliases: ['svc'], flags: DESCRIBE },
  {
    words: ['experimental', 'envoy-stats'],
    aliases: ['es'],
    gates: PORT_FORWARD,
    flags: [
      SELECTOR,
      ...ADMIN_PORT,
      output('json', 'yaml', 'short', 'prom', 'prom-merged'),
      flag('type,t', 'value', { values: ['server', 'clusters'] }),
    ],
  },
  { words: ['experimental', 'injector', 'list'], positionals: 'none' },
  {
    words: ['experimental', 'internal-debug'],
    effect: (draft) => (isOn(draft, 'list') ? 'local' : 'read'),
    gates: (draft) => (isOn(draft, 'list') ? [] : PORT_FORWARD),
    flags: [...XDS, ...REVISION, ...switches('all', 'list,L')],
  },
  { words: ['experimental', 'metrics'], aliases: ['m'], gates: PORT_FORWARD, flags: values('duration,d') },
];
