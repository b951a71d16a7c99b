/** Which form an answer takes: the Accept header as the real server reads it, clause by clause, parameters included. */
import { ApiFailure } from '../api/failure.ts';

export type Media = 'json' | 'yaml' | 'protobuf';

export interface Transform {
  kind: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  version: 'v1' | 'v1beta1';
}

/** How an answer is written. */
export interface Form {
  media: Media;
  pretty: boolean;
  transform?: Transform;
}

export const MEDIA_TYPES: Readonly<Record<Media, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
};

const MEDIA: readonly Media[] = ['json', 'yaml', 'protobuf'];
const TRANSFORMS: readonly Transform['kind'][] = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'];
const STREAMS = [`${MEDIA_TYPES.json};stream=watch`, `${MEDIA_TYPES.protobuf};stream=watch`];
const OBJECTS = MEDIA.map((media) => MEDIA_TYPES[media]);
/** A header with more clauses than this is cut: nobody's real one is that long. */
const MAX_CLAUSES = 32;

export interface Clause {
  type: string;
  subtype: string;
  quality: number;
  params: ReadonlyMap<string, string>;
}

/** The clauses in order of preference. */
export function parseAccept(header: string): readonly Clause[] {
  const clauses: Clause[] = [];
  for (const part of header.split(',', MAX_CLAUSES)) {
    const [range = '', ...rest] = part.trim().split(';');
    const [type = '', subtype, extra] = range.trim().split('/');
    if (extra !== undefined || (subtype === undefined && type !== '*')) continue;
    const params = new Map<string, string>();
    let quality = 1;
    for (const pair of rest) {
      const [name = '', value, more] = pair.split('=');
      if (!value || more !== undefined) continue;
      if (name.trim() === 'q') quality = Number.parseFloat(value) || 0;
      else params.set(name.trim(), value.trim());
    }
    clauses.push({ type, subtype: subtype ?? '*', quality, params });
  }
  const rank = ({ type, subtype }: Clause) => (type === '*' ? 2 : subtype === '*' ? 1 : 0);
  return clauses.sort((a, b) => b.quality - a.quality || rank(a) - rank(b));
}

export interface Wish {
  accept: string | undefined;
  userAgent: string | undefined;
  query: URLSearchParams;
}

interface Endpoint {
  /** Table and PartialObjectMetadata are served. */
  transforms: boolean;
  /** Custom kinds have no protobuf of their own. */
  protobuf: boolean;
  /** Says what there is in words of a route that also streams. */
  streams: boolean;
  /** The route stands behind go-restful, which looks at the header first and has words of its own. */
  routed: boolean;
}

export const RESOURCE: Endpoint = { transforms: true, protobuf: true, streams: false, routed: true };
export const DISCOVERY: Endpoint = { transforms: false, protobuf: true, streams: false, routed: false };

/** Throws the 406 of the real server. */
export function negotiate(wish: Wish, endpoint: Endpoint): Form {
  if (endpoint.routed && wish.accept !== undefined && !namesAnyMedia(wish.accept)) {
    const all = endpoint.streams ? [...OBJECTS, ...STREAMS] : OBJECTS;
    throw new ApiFailure(
      406,
      'NotAcceptable',
      `406: Not Acceptable\n\nAvailable representations: ${all.join(', ')}`,
      {},
    );
  }
  const form = match(wish, endpoint);
  if (form === undefined) throw notAcceptable(OBJECTS);
  return form;
}

/** For a watch: YAML cannot stream. */
export function negotiateStream(wish: Wish, endpoint: Endpoint): Form {
  const form = negotiate(wish, { ...endpoint, streams: true });
  if (form.media === 'yaml') throw notAcceptable(STREAMS);
  return form;
}

/** For a failure: any form that carries a Status, indented JSON where none was accepted. */
export function negotiateStatus(wish: Wish): Form {
  return match(wish, DISCOVERY) ?? { media: 'json', pretty: true };
}

function notAcceptable(accepted: readonly string[]): ApiFailure {
  return new ApiFailure(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);
}

function match(wish: Wish, endpoint: Endpoint): Form | undefined {
  const pretty = isPretty(wish);
  if (!wish.accept) return { media: 'json', pretty };
  for (const clause of parseAccept(wish.accept)) {
    for (const media of MEDIA) {
      if (!covers(clause, media)) continue;
      const transform = readTransform(clause);
      const stream = clause.params.get('stream');
      if (transform === 'unknown' || (stream !== undefined && (stream !== 'watch' || media === 'yaml'))) continue;
      if (transform === undefined) {
        if (media === 'protobuf' && !endpoint.protobuf) continue;
        return { media, pretty: pretty || clause.params.get('pretty') === '1' };
      }
      if (!endpoint.transforms || (transform.kind === 'Table' && media === 'protobuf')) continue;
      return { media, pretty: pretty || clause.params.get('pretty') === '1', transform };
    }
  }
  return undefined;
}

/** `undefined`: none is asked for. */
function readTransform({ params }: Clause): Transform | 'unknown' | undefined {
  const as = params.get('as');
  const version = params.get('v');
  if (as === undefined && version === undefined && params.get('g') === undefined) return undefined;
  const kind = TRANSFORMS.find((known) => known === as);
  if (kind === undefined || params.get('g') !== 'meta.k8s.io') return 'unknown';
  return version === 'v1' || version === 'v1beta1' ? { kind, version } : 'unknown';
}

function covers({ type, subtype }: Clause, media: Media): boolean {
  if (type === '*') return subtype === '*';
  return type === 'application' && (subtype === '*' || `application/${subtype}` === MEDIA_TYPES[media]);
}

function namesAnyMedia(accept: string): boolean {
  if (accept === '') return true;
  return accept.split(',').some((part) => {
    const range = (part.split(';')[0] ?? '').trim();
    return range === '*/*' || OBJECTS.includes(range);
  });
}

/** Browsers and command-line tools get indented JSON unless they say otherwise. */
function isPretty({ query, userAgent }: Wish): boolean {
  const asked = query.get('pretty');
  if (asked) return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent ?? '');
}
