/** What a sequence of requests is made of. */

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** A context of the kubeconfig; the administrator when absent. */
  readonly as?: string;
  /** Values of the answer that later steps name as `{key}`: paths with dots, from the body. */
  readonly save?: Readonly<Record<string, string>>;
  /** Texts whose order the real server leaves to chance: the lists at these paths are compared as sets. */
  readonly unordered?: readonly string[];
  /** The request is made, what comes back is not compared. Say why in a comment. */
  readonly unrecorded?: boolean;
}

export interface Request extends RequestOptions {
  readonly method: string;
  /** `{ns}` is the namespace of the sequence, `{id}` a name nobody else uses, `{key}` a saved value. */
  readonly path: string;
  /** Sent as it is when it is text or bytes, else as JSON; the same placeholders hold. */
  readonly body?: unknown;
}

export interface Watch extends RequestOptions {
  readonly path: string;
  /** Read until so many events came... */
  readonly events: number;
  /** ...or this passed; the default is for watches that should see all they wait for. */
  readonly withinMs?: number;
  /** Whether it has plain bookmarks is compared; never how many. */
  readonly bookmarks?: boolean;
  /** Done while it is open. */
  readonly while?: readonly Step[];
}

/** What an answer said. */
export interface Answer {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

/** One of the two servers, in the hands of a sequence. */
export interface Side {
  /** The values of the placeholders. */
  readonly saved: Map<string, string>;
  send(request: Request): Promise<Answer>;
  watch(watch: Watch): Promise<void>;
  /** Asks again until the answer is as wanted, and compares that last one. */
  until(request: Request, wanted: (answer: Answer) => boolean): Promise<Answer>;
  /** Puts something else that was found out beside the answers. */
  note(what: string, value: unknown): void;
  /** The bytes of an answer, which is not compared. */
  bytes(request: Request): Promise<Buffer>;
}

export type Step = Request | Watch | ((on: Side) => Promise<unknown>);

export interface Sequence {
  readonly name: string;
  /** Without one of its own. */
  readonly noNamespace?: boolean;
  readonly steps: readonly Step[];
}

export const sequence = (name: string, ...steps: Step[]): Sequence => ({ name, steps });

/** A sequence of objects outside namespaces. */
export const clusterSequence = (name: string, ...steps: Step[]): Sequence => ({ name, steps, noNamespace: true });

/** Sequences of one topic. */
export const topic = (name: string, ...sequences: Sequence[]): Sequence[] =>
  sequences.map((one) => ({ ...one, name: `${name}: ${one.name}` }));

type Send = (path: string, body: unknown, options?: RequestOptions) => Request;

export const get = (path: string, options: RequestOptions = {}): Request => ({ method: 'GET', path, ...options });
export const remove = (path: string, body?: unknown, options: RequestOptions = {}): Request => ({
  method: 'DELETE',
  path,
  ...(body === undefined ? {} : { body }),
  ...options,
});
export const post: Send = (path, body, options = {}) => ({ method: 'POST', path, body, ...options });
export const put: Send = (path, body, options = {}) => ({ method: 'PUT', path, body, ...options });

const patchOf =
  (type: string): Send =>
  (path, body, options = {}) => ({
    method: 'PATCH',
    path,
    body,
    ...options,
    headers: { 'content-type': type, ...options.headers },
  });

export const mergePatch = patchOf('application/merge-patch+json');
export const jsonPatch = patchOf('application/json-patch+json');
export const strategicPatch = patchOf('application/strategic-merge-patch+json');
/** Server-side apply; the query names the manager. */
export const apply = patchOf('application/apply-patch+yaml');

/** The path of a collection of the namespace of the sequence. */
export const inNamespace = (groupVersion: string, resource: string): string =>
  `/${groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`}/namespaces/{ns}/${resource}`;
export const core = (resource: string): string => inNamespace('v1', resource);
export const apps = (resource: string): string => inNamespace('apps/v1', resource);
/** The path of a collection across namespaces, or of a kind without them. */
export const across = (groupVersion: string, resource: string): string =>
  `/${groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`}/${resource}`;

/** Waits, without comparing, until an object is as wanted; by default until its controller has seen all of it. */
export function settled(path: string, wanted: (object: Settling) => boolean = isObserved): Step {
  return (on) =>
    on.until({ ...get(path), unrecorded: true }, ({ status, body }) => status === 200 && wanted(body as Settling));
}

export interface Settling {
  readonly metadata: { readonly generation?: number };
  readonly status?: Readonly<Record<string, unknown>>;
}

export const isObserved = ({ metadata, status }: Settling): boolean =>
  status?.['observedGeneration'] === metadata.generation;

/** Waits, without comparing, until it is not there. */
export const gone =
  (path: string): Step =>
  (on) =>
    on.until({ ...get(path), unrecorded: true }, ({ status }) => status === 404);
