import type { ApiRequest, Gate, NonResourceRequest, ResourceRequest } from '../kernel/vocabulary.ts';

/** What a request causes, seen from its verb, subresource and upgrade; never from its HTTP method. */
export type Classification =
  | {
      type: 'needs';
      /** All of them must be open. Empty: a read that no gate holds back. */
      gates: readonly Gate[];
      /** True when it changes something or reaches into a workload, a dry run included. */
      writes: boolean;
      /** A few words for a sentence: `deletes pods`. */
      why: string;
    }
  | { type: 'refused'; why: string };

/** Groups whose every write changes who may do what, or what is let in. APIServices reroute whole API groups, with the caller's identity. */
const ESCALATING_GROUPS: ReadonlySet<string> = new Set([
  'rbac.authorization.k8s.io',
  'authorization.openshift.io',
  // OpenShift: who is in which group, tokens of users, and what pods of whom may be privileged.
  'user.openshift.io',
  'oauth.openshift.io',
  'security.openshift.io',
  'admissionregistration.k8s.io',
  'apiregistration.k8s.io',
]);

const REVIEW_GROUPS: ReadonlySet<string> = new Set(['authorization.k8s.io', 'authentication.k8s.io']);

/** Subresources that write, by `resource/subresource` or, for those that any resource can have, by subresource. */
const WRITE_SUBRESOURCES: Readonly<Record<string, readonly Gate[]>> = {
  status: ['update'],
  scale: ['update'],
  'pods/resize': ['update'],
  'pods/ephemeralcontainers': ['exec'],
  'pods/eviction': ['delete'],
  'pods/binding': ['create', 'escalation'],
  'serviceaccounts/token': ['create', 'escalation'],
  'certificatesigningrequests/approval': ['update', 'escalation'],
  'certificatesigningrequests/status': ['update', 'escalation'],
  // Taking a namespace's finalizers away ends its deletion early.
  'namespaces/finalize': ['update', 'delete'],
};

/** Subresources that only show what their parent shows. */
const READ_SUBRESOURCES: ReadonlySet<string> = new Set([
  'status',
  'scale',
  'pods/log',
  'pods/resize',
  'pods/ephemeralcontainers',
  'certificatesigningrequests/approval',
]);

const EXEC_SUBRESOURCES: ReadonlySet<string> = new Set(['pods/exec', 'pods/attach', 'pods/portforward']);

/** Says which gates a request needs, or that it is refused whatever the gates. */
export function classify(request: ApiRequest): Classification {
  return request.type === 'nonResource' ? classifyPath(request) : classifyResource(request);
}

function classifyResource(request: ResourceRequest): Classification {
  const { resource, subresource } = request;
  const what = subresource ? `${resource}/${subresource}` : resource;
  if (subresource === 'proxy' || EXEC_SUBRESOURCES.has(what)) {
    return { type: 'needs', gates: ['exec'], writes: true, why: `reaches into ${what}` };
  }
  if (request.upgrade) return { type: 'refused', why: `an upgraded connection to ${what} is not known` };
  if (subresource) return classifySubresource(request, what);
  switch (request.verb) {
    case 'get':
      return { type: 'needs', gates: [], writes: false, why: `reads ${what}` };
    case 'list':
    case 'watch':
      return { type: 'needs', gates: ['list'], writes: false, why: `lists ${what}` };
    case 'create':
      return classifyReview(request) ?? write(request, ['create'], `creates ${what}`);
    case 'update':
      return write(request, ['update'], `updates ${what}`);
    case 'patch':
      return write(request, request.apply ? ['update', 'create'] : ['update'], `patches ${what}`);
    case 'delete':
      return write(request, ['delete'], `deletes ${what}`);
    case 'deletecollection':
      // The answer holds the objects: as a dry run it is a list.
      return request.dryRun
        ? { type: 'needs', gates: ['list'], writes: true, why: `lists ${what} to delete` }
        : write(request, ['delete'], `deletes ${what}`);
    default:
      return { type: 'refused', why: 'its verb is not known' };
  }
}

function write(request: ResourceRequest, gates: readonly Gate[], why: string): Classification {
  if (request.dryRun) return { type: 'needs', gates: [], writes: true, why };
  const escalates = ESCALATING_GROUPS.has(request.group) || isCoreBinding(request);
  return { type: 'needs', gates: escalates ? [...gates, 'escalation'] : gates, writes: true, why };
}

/** `POST …/bindings` is the older spelling of `pods/binding`. */
function isCoreBinding(request: ResourceRequest): boolean {
  return request.group === '' && request.resource === 'bindings';
}

/**
 * Reviews are questions in the form of a create; nothing is stored. About oneself: a read. About another identity
 * (subjectaccessreviews): what a list of role bindings would tell, so it needs `list`. A token review
 * tells whether a stolen token works: escalation, even as a dry run.
 */
function classifyReview(request: ResourceRequest): Classification | undefined {
  const { group, resource } = request;
  if (!REVIEW_GROUPS.has(group)) return undefined;
  const why = `creates ${resource}`;
  if (/^selfsubject(access|rules)?reviews$/.test(resource)) return { type: 'needs', gates: [], writes: false, why };
  if (/^(local)?subjectaccessreviews$/.test(resource)) return { type: 'needs', gates: ['list'], writes: false, why };
  if (resource === 'tokenreviews') return { type: 'needs', gates: ['create', 'escalation'], writes: true, why };
  return undefined;
}

function classifySubresource(request: ResourceRequest, what: string): Classification {
  const { verb, subresource = '' } = request;
  if (verb === 'get') {
    return READ_SUBRESOURCES.has(what) || READ_SUBRESOURCES.has(subresource)
      ? { type: 'needs', gates: [], writes: false, why: `reads ${what}` }
      : { type: 'refused', why: `the subresource ${what} is not known` };
  }
  const gates = WRITE_SUBRESOURCES[what] ?? WRITE_SUBRESOURCES[subresource];
  if (gates === undefined || verb === 'list' || verb === 'watch' || verb === 'deletecollection' || verb === 'delete') {
    return { type: 'refused', why: `${verb} of the subresource ${what} is not known` };
  }
  // A dry run frees from create, update and delete; a token is minted and a container is entered all the same.
  const needed = request.dryRun ? gates.filter((gate) => gate === 'exec' || gate === 'escalation') : gates;
  const full: readonly Gate[] =
    ESCALATING_GROUPS.has(request.group) && !request.dryRun ? [...needed, 'escalation'] : needed;
  return { type: 'needs', gates: full, writes: true, why: `${verb === 'create' ? 'creates' : 'changes'} ${what}` };
}

/** Discovery, schema, version and health; a deeper path below /api or /apis is a resource that was not parsed as one. */
const READABLE_PATHS =
  /^\/(api(\/[a-z0-9]+)?|apis(\/[a-z0-9.-]+){0,2}|openapi(\/[a-z0-9._-]+)*|version|(healthz|readyz|livez)(\/[a-z0-9._-]+)*)\/?$/i;

function classifyPath({ method, path }: NonResourceRequest): Classification {
  const bare = path.split('?', 1)[0] ?? '';
  if (method !== 'GET' && method !== 'HEAD') return { type: 'refused', why: `${method} of a path that is no resource` };
  // `..` would pass the character classes above; a server may resolve it.
  if (bare.length > 500 || bare.includes('..') || !READABLE_PATHS.test(bare)) {
    return { type: 'refused', why: 'the path is neither a resource nor one of discovery, schema, version or health' };
  }
  return { type: 'needs', gates: [], writes: false, why: 'reads server information' };
}
