/** Differences between the sandbox and the real server that stay, each with its reason. One that is gone fails the suite. */

export interface KnownDifference {
  /** In the name of each sequence that shows it. */
  readonly sequence: RegExp;
  /** What the line of the difference says; all that a step answers may differ when another answer than the real one is given. */
  readonly line: RegExp;
  readonly reason: string;
}

/** What the sandbox does on purpose, or cannot know. */
const BY_DESIGN: readonly KnownDifference[] = [
  {
    sequence:
      /^(document: (aggregated|groups in|the index of OpenAPI v3|OpenAPI v2)|path: paths that lead nowhere, from 16)/,
    line: /metrics\.(k8s\.io|pkg)|v1\.Duration: real absent/,
    reason: 'the sandbox serves metrics.k8s.io itself; the control plane of the tests has no metrics server',
  },
  {
    sequence: /^document: OpenAPI v3 of api\/v1$/,
    line: /proxy\/\{path\}: real .* sandbox absent$/,
    reason: 'nothing runs that could be reached through a proxy path',
  },
  {
    sequence: /^document: legacy discovery$/,
    line: /storageVersionHash/,
    reason: 'three kinds hash the version in which the real server stores them, which the sandbox does not follow',
  },
  {
    sequence: /^document: discovery as other things$/,
    line: /^[23] GET \/apis\/apps\/v1: (status|headers|body)/,
    reason: 'discovery is served as JSON and YAML; no client asks for it in protobuf',
  },
  {
    sequence: /^(apply: of other names|body: yaml bodies)$/,
    line: /^[36] .*body\.message: real .*(did not find expected|already set in map)/,
    reason: 'words of a YAML parser in Go',
  },
  {
    sequence: /^(apply: unknown fields|body: yaml bodies)$/,
    line: /^([26] PATCH .*|4 PATCH .*|5 POST .*warning|6 POST .*message)/,
    reason: 'keys given twice in YAML: the last one counts, and nothing is said of it',
  },
  {
    sequence: /^body: a body that is (bytes that are no text|a huge number)$/,
    line: /body\.message: real/,
    reason:
      'numbers and texts of a body are those of JavaScript: digits beyond 2^53 and bytes that are no UTF-8 are lost',
  },
  {
    sequence: /^(subresource: ephemeral containers|change: a pod)$/,
    line: /"?\\?"(EphemeralContainers|Volumes)\\": \[\]/,
    reason: 'an empty list and no list at all are the same to the sandbox, in the dump of a spec, too',
  },
  {
    sequence: /^(field validation: patches with unknown fields|status: that cannot be)$/,
    line: /body\.(message|details\.causes\[0\]\.message): real/,
    reason: 'the document that a message quotes has its keys in another order',
  },
  {
    sequence: /^(kind: Service of v1|refused: Service: a node port out of range)/,
    line: /<(address|port) \d|^[13] POST .*\/services\?dryRun=All: (status|headers|body)/,
    reason: 'a dry run has allocators of its own at the real server: one fixed address, and ports that nobody checks',
  },
  {
    sequence: /^(create: of another kind|patch: merge with conditions)$/,
    line: /illegal base64 data/,
    reason: 'the real server decodes a body as the kind it says it is before it finds that another was wanted',
  },
  {
    sequence: /^scale: of a deployment$/,
    line: /resourceVersion/,
    reason: 'the real server loses the times of what comes through scale, so that each write is another one',
  },
];

/** What is to be done: see the reason. */
const OPEN: readonly KnownDifference[] = [
  {
    sequence:
      /^kind: (LimitRange|EndpointSlice|CSINode|ValidatingAdmissionPolicyBinding)|^refused: PersistentVolumeClaim: a source/,
    line: /managedFields/,
    reason: 'open: managed fields of lists that are empty, of a set (`.`), and of a data source that is dropped',
  },
  {
    sequence: /^(custom|kind: CustomResourceDefinition)/,
    line: /f:status\.f:conditions\.\.: real absent|properties: real absent, sandbox \{\}|f:spec\.f:b: real|generation: real 2|use .*example\.com\/v1 Thing|versions\[0\]\.name/,
    reason:
      'open: definitions: owner of the list of conditions, `properties: {}`, defaults in managed fields of a second version, generation without a status subresource, the hint at a newer version, a version name told twice',
  },
  {
    sequence: /^(refused: definitions|change: a quota)/,
    line: /null/,
    reason: 'open: what is not there is shown as null, not as empty',
  },
  {
    sequence:
      /^refused: (Pod: (a claim without name|ephemeral containers at once)|webhooks)|^change: (a daemon set|a service|a volume|a priority class)$/,
    line: /./,
    reason: 'open: validations of rare fields, the order of findings, the generation of a priority class',
  },
  {
    sequence: /^kind: DaemonSet/,
    line: /deprecated\.daemonset\.template\.generation/,
    reason: 'open: tables and metadata of a DaemonSet do not show its old annotation',
  },
  {
    sequence: /^kind: Job of batch\/v1, rich$/,
    line: /failedIndexes/,
    reason: 'open: a Job with a limit for each index says which have failed, even if none',
  },
  {
    sequence: /^(review: of tokens|subresource: tokens)$/,
    line: /./,
    reason: 'open: tokens have no id; their requests show neither uid nor managed fields; audiences are not compared',
  },
  {
    sequence: /^subresource: logs of pods without any$/,
    line: /: (status|headers\.content-type): real/,
    reason: 'open: a log with nothing in it is a 204',
  },
  {
    sequence: /^subresource: resize$/,
    line: /managedFields|resourceVersion/,
    reason: 'open: resize gives the fields that it ignores to its manager',
  },
  {
    sequence: /^apply: (empty data by two managers|several managers at once removed|cleared managed fields)$/,
    line: /./,
    reason: 'open: `data: {}` conflicts with itself when nothing is stored; `managedFields: []` clears',
  },
  {
    sequence: /^admission: security labels of a namespace$/,
    line: /./,
    reason: 'open: Pod Security is not enforced',
  },
  {
    sequence: /^admission: (the old and the new events|autoscalers of two versions)$/,
    line: /./,
    reason:
      'open: updates of events are not checked; metrics of an autoscaler in the annotation of v1 that cannot be read',
  },
  {
    sequence: /^patch: json that replaces all$|^field validation: a field twice$/,
    line: /./,
    reason: 'open: replacing the whole document by a JSON patch; a map given twice is merged by Go',
  },
];

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [...BY_DESIGN, ...OPEN];

/** Whether a line of a sequence's outcome is one of them. */
export function isKnown(name: string, line: string): boolean {
  return KNOWN_DIFFERENCES.some((known) => known.sequence.test(name) && known.line.test(line));
}
