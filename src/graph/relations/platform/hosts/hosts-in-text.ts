/**
 * Services named in a setting: `amqp://rabbit.data.svc:5672`, `db.data.svc.cluster.local`, `--redis=cache:6379`. Of the text nothing but a
 * Service's name and namespace leaves this file. What might be something else is left out: an edge too many is worse than one too few.
 */
import { type ServiceHost, serviceOfHost, serviceOfLabel, serviceOfPair } from './service-host.ts';

/** Longer settings are documents. */
const MAX_TEXT = 2_048;
const MAX_HOSTS = 16;

/** Schemes whose authority is a host. `s3://bucket`, `vault://key` and the like are not among them. */
const SCHEMES: ReadonlySet<string> = new Set(
  (
    'http https ws wss grpc grpcs tcp udp tls ssl redis rediss amqp amqps mongodb postgres postgresql mysql mariadb sqlserver nats kafka mqtt ' +
    'mqtts ldap ldaps smtp smtps memcached clickhouse cassandra elasticsearch bolt neo4j ftp sftp ssh git zipkin otlp thrift etcd zookeeper pulsar'
  ).split(' '),
);
/** Settings that say where something is. */
const ADDRESS =
  /(?:^|[_.-])(?:addr|address|addresses|host|hosts|hostname|url|urls|uri|uris|endpoint|endpoints|server|servers|broker|brokers|bootstrap|upstream|dsn)$/i;
/** Settings that name hosts which nobody calls: exceptions of proxies, origins, own names, audiences of tokens. */
const NO_CALL =
  /no_?proxy|cors|origin|allowed|trusted|audience|issuer|advertis|listen|bind|dns_?names|common_?name|(?:^|[_-])(?:san|sans|image)(?:$|[_-])/i;

const URL_START = /([A-Za-z][A-Za-z0-9+.-]{0,30}):\/\/([^\s/?#"'<>]*)/g;
const PAIR = /^([A-Za-z0-9.-]+):[0-9]{2,5}$/;
const NONE: readonly ServiceHost[] = [];
const WORD = /[A-Za-z0-9._-]+/g;

export function hostsInText(name: string, value: string, own: string): readonly ServiceHost[] {
  // Most settings name no host: they cost three searches.
  const url = value.includes('://');
  const full = value.includes('.svc');
  const pair = !url && value.includes(':');
  if (!(url || full || pair) || value.length > MAX_TEXT) return NONE;
  const addressed = pair && ADDRESS.test(name);
  if (!(url || full || addressed) || NO_CALL.test(name)) return NONE;
  const found = new Map<string, ServiceHost>();
  function add(host: ServiceHost | undefined): void {
    if (host !== undefined && found.size < MAX_HOSTS) found.set(`${host.namespace}/${host.name}`, host);
  }
  let rest = value;
  if (url) {
    for (const [, scheme = '', authority = ''] of value.matchAll(URL_START)) {
      if (isNetwork(scheme)) for (const host of hostsOfAuthority(authority)) add(shortHost(host, own));
    }
    // Who logs in with which password is no address.
    if (full)
      rest = value.replace(
        URL_START,
        (_all, _scheme, authority: string) => ` ${hostsOfAuthority(authority).join(' ')} `,
      );
  } else if (addressed) {
    for (const piece of value.split(/[\s,;]+/)) {
      const parts = PAIR.exec(piece);
      if (parts !== null) add(shortHost(parts[1] ?? '', own));
    }
  }
  if (full) for (const word of fullHosts(rest)) add(serviceOfHost(word));
  return [...found.values()];
}

/** Short forms; full ones are found anywhere. */
function shortHost(host: string, own: string): ServiceHost | undefined {
  if (!host.includes('.')) return serviceOfLabel(host, own);
  return serviceOfPair(host, own);
}

/** `jdbc:postgresql://` ends in a scheme too; `http+unix` does not speak to a host. */
function isNetwork(scheme: string): boolean {
  const plain = scheme.toLowerCase();
  return SCHEMES.has(plain) || plain === 'mongodb+srv' || plain === 'redis+sentinel';
}

/** `user:password@a:1,b:2` -> a, b. Nothing where it is filled in elsewhere: `$(HOST)`, `%s`. */
function hostsOfAuthority(authority: string): string[] {
  const places = authority.slice(authority.lastIndexOf('@') + 1);
  if (!/^[A-Za-z0-9.,:-]+$/.test(places)) return [];
  return places.split(',').map((place) => place.replace(/:[0-9]*$/, ''));
}

function* fullHosts(text: string): Iterable<string> {
  for (const match of text.matchAll(WORD)) {
    const before = text[match.index - 1] ?? ' ';
    // `*.data.svc`, `$(NAME).data.svc`, `{{ .ns }}.svc`: only part of a name.
    const partial = match[0].startsWith('.') || match[0].startsWith('-') || ')}%*$\\'.includes(before);
    if (!partial) yield match[0].replace(/\.$/, '');
  }
}
