/** Longest name that is looked at; a longer one is data, not a name. */
const MAX_NAME = 200;

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const CORE = words(
  'password passwd passphrase pwd secret token apikey credential credentials dsn jwt mnemonic keytab passcode',
);
/** Words that make a credential in the plural only at the end: `tokens`, but not `tokens_per_second`. */
const CORE_PLURAL = words('passwords secrets tokens apikeys');
/** Written as one word: `PGPASSWORD`, `clientsecret`. */
const CORE_ENDINGS =
  /(password|passwd|passphrase|apikey|secretkey|accesskey|privatekey|authtoken|accesstoken|apitoken|clientsecret|connectionstring)$/;
/** Before `key`: `tls.key`, `private_key`, `AccountKey`. A bare `key` or `publicKey` is none. */
const KEY_KINDS = words(
  'api access private secret account encryption signing master shared auth ssh hmac tls ca client server storage license jwt rsa webhook session',
);
/** A last word that says the value is about the credential, or where it is: `SECRET_NAME`, `tokenFile`, `passwordPolicy`. */
const POINTERS = words(
  'name names file files path paths ref refs dir directory mount type ttl expiry expiration expires seconds length policy enabled required count limit version issuer endpoint ' +
    'audience audiences duration timeout interval namespace selector provider class size regex pattern prefix suffix format review reviews request requests store url uri arn host ' +
    'port region address server status lookup rotation id key keys manager engine backend template annotation label header method mode source algorithm bucket rate policies generator',
);
/** A first word that makes it a switch or a number: `MAX_TOKENS`, `USE_SECRET`. */
const QUALIFIERS = words('max min num total count enable enabled disable use require allow has is skip automount');
/** Tokens that page or confirm; they open nothing. */
const HARMLESS_TOKENS = words('page next continue continuation confirm plan sync cancellation');
/** Before `secret`: the value names a Secret object. */
const SECRET_OBJECTS = words(
  'existing tls pull password credential credentials ca cert certificate root image config registry docker kube k8s ssl',
);

/** True when a field, variable, flag or file of this name holds a credential rather than something about one. */
export function isCredentialName(name: string): boolean {
  if (name.length > MAX_NAME) return false;
  const cached = verdicts.get(name);
  if (cached !== undefined) return cached;
  const verdict = judge(name);
  if (verdicts.size >= MAX_CACHED) verdicts.clear();
  verdicts.set(name, verdict);
  return verdict;
}

/** Field names repeat by the thousand in a list; the cache is emptied when it is full. */
const MAX_CACHED = 4096;
const verdicts = new Map<string, boolean>();

function judge(name: string): boolean {
  const parts = splitWords(name.slice(name.lastIndexOf('/') + 1));
  const last = parts.at(-1);
  if (last === undefined) return false;
  const before = parts.at(-2);
  const first = parts[0] ?? '';
  if (isKeyMaterial(parts)) return true;
  if (parts.length > 1 && (POINTERS.has(last) || QUALIFIERS.has(first))) return false;
  // PWD is a shell's working directory.
  if (last === 'pwd' && (before === undefined || before === 'old')) return false;
  if (last === 'token' && before !== undefined && HARMLESS_TOKENS.has(before)) return false;
  // An annotation such as nginx.ingress.kubernetes.io/auth-secret names a Secret object as well.
  if (last === 'secret' && ((before !== undefined && SECRET_OBJECTS.has(before)) || name.includes('/'))) return false;
  if (last === 'authorization' || CORE_PLURAL.has(last) || (last === 'pass' && parts.length > 1)) return true;
  if (last === 'string' && before === 'connection') return true;
  return parts.some((word) => CORE.has(word) || CORE_ENDINGS.test(word));
}

function isKeyMaterial(parts: readonly string[]): boolean {
  const [a = '', b = '', c = ''] = parts.slice(-3);
  if (parts.length === 1) return /^id(rsa|dsa|ecdsa|ed25519)$/.test(a);
  const tail = parts.slice(-2);
  if (tail[1] === 'key' && KEY_KINDS.has(tail[0] ?? '')) return true;
  if (tail[0] === 'id' && /^(rsa|dsa|ecdsa|ed25519)$/.test(tail[1] ?? '')) return true;
  if (tail[0] === 'secret' && tail[1] === 'id') return true;
  // client-key-data of a kubeconfig; AWS_ACCESS_KEY_ID.
  return (b === 'key' && (c === 'data' || c === 'id') && KEY_KINDS.has(a)) || (a === 'service' && c === 'json');
}

/** `dbPassword`, `DB_PASSWORD`, `db.password`, `HTTPPassword` -> lower-case words. */
function splitWords(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** True when a value under a credential's name is plainly no credential: empty, a switch, a reference to another variable. */
export function isHarmlessValue(value: string): boolean {
  return value === '' || value === 'true' || value === 'false' || /^\$\([A-Za-z_][A-Za-z0-9_.-]{0,200}\)$/.test(value);
}
