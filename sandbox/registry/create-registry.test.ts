import { describe, expect, it } from 'vitest';
import { failureOf, POD_SPEC, testRegistry } from './test-registry.ts';

const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const configMap = (metadata: object, data: object = { a: '1' }) => ({ metadata, data });

describe('create', () => {
  it('fills in what is the server’s, and records who set what', () => {
    const { create } = testRegistry();
    const made = create('configmaps', configMap({ name: 'a', annotations: { x: '' } }));
    expect(made.metadata).toEqual({
      name: 'a',
      namespace: 'default',
      uid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      resourceVersion: expect.stringMatching(/^\d+$/),
      creationTimestamp: '2026-11-21T21:00:00Z',
      annotations: { x: '' },
      managedFields: [
        {
          manager: 'test',
          operation: 'Update',
          apiVersion: 'v1',
          time: '2026-11-21T21:00:00Z',
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:data': { '.': {}, 'f:a': {} }, 'f:metadata': { 'f:annotations': { '.': {}, 'f:x': {} } } },
        },
      ],
    });
  });

  it('makes up a name from generateName, with letters and digits that spell nothing', () => {
    const { create } = testRegistry();
    const { metadata } = create('configmaps', configMap({ generateName: 'x-' }));
    expect(metadata.name).toMatch(/^x-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(metadata.generateName).toBe('x-');
  });

  it('demands a name', () => {
    const { create } = testRegistry();
    expect(failureOf(() => create('configmaps', configMap({})))).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    });
  });

  it('tells a name that generateName cannot make valid for both fields', () => {
    const { create } = testRegistry();
    const { message, details } = failureOf(() => create('configmaps', configMap({ generateName: 'X_' })));
    expect(details?.causes?.map(({ field }) => field)).toEqual(['metadata.generateName', 'metadata.name']);
    expect(message).toContain(`metadata.generateName: Invalid value: "X_": ${SUBDOMAIN}`);
  });

  it('refuses another namespace than that of the request', () => {
    const { create } = testRegistry();
    expect(failureOf(() => create('configmaps', configMap({ name: 'a', namespace: 'other' })))).toMatchObject({
      code: 400,
      message: 'the namespace of the provided object does not match the namespace sent on the request',
    });
  });

  it('refuses a resourceVersion as the storage does', () => {
    const { create } = testRegistry();
    const failure = failureOf(() => create('configmaps', configMap({ name: 'a', resourceVersion: '5' })));
    expect(failure).toMatchObject({ code: 500, message: 'resourceVersion should not be set on objects to be created' });
    expect(failure.reason).toBeUndefined();
  });

  it('refuses a name that is taken, and says when its owner is on the way out', () => {
    const { create, delete: remove } = testRegistry();
    create('configmaps', configMap({ name: 'f', finalizers: ['a.b/c'] }));
    expect(failureOf(() => create('configmaps', configMap({ name: 'f' }))).message).toBe(
      'configmaps "f" already exists',
    );
    remove('configmaps', 'f');
    expect(failureOf(() => create('configmaps', configMap({ name: 'f' })))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'object is being deleted: configmaps "f" already exists',
    });
  });

  it('answers a dry run as the write itself, and stores nothing', () => {
    const { create, exists } = testRegistry();
    const made = create('configmaps', configMap({ name: 'a' }), { dryRun: true });
    expect(made.metadata.uid).toBeDefined();
    expect(made.metadata.resourceVersion).toBeUndefined();
    expect(exists('configmaps', 'a')).toBe(false);
  });

  it('counts an owner that is named twice once, with a warning', () => {
    const { create, warnings } = testRegistry();
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' };
    const made = create('configmaps', configMap({ name: 'a', ownerReferences: [owner, { ...owner }] }));
    expect(made.metadata.ownerReferences).toEqual([owner]);
    expect(warnings).toEqual([
      '.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: u',
    ]);
  });
});

describe('the body', () => {
  const send = (body: object) => {
    const { registry, target, context } = testRegistry();
    return failureOf(() => registry.create(target('configmaps'), body as never, context)).message;
  };

  it.each([
    [
      { apiVersion: 'apps/v1', kind: 'ConfigMap' },
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "apps/v1" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      { apiVersion: 'v1', kind: 'Secret' },
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    ],
    [
      [],
      'the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)',
    ],
    [
      { metadata: { name: 'q' }, data: { a: 1 } },
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
  ])('of the wrong kind or type is refused in the decoder’s words: %j', (body, message) => {
    expect(send(body)).toBe(message);
  });

  it('may leave out kind and version', () => {
    const { registry, target, context } = testRegistry();
    const made = registry.create(target('configmaps'), { metadata: { name: 'q' } } as never, context);
    expect(made).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
  });

  it('with unknown fields is told in warnings, or refused when that is asked for', () => {
    const { create, warnings } = testRegistry();
    const draft = { metadata: { name: 'q', bogus: 1 }, foo: { a: 1 } };
    expect(create('configmaps', draft, { fieldValidation: 'Ignore' })).not.toHaveProperty('foo');
    expect(warnings).toEqual([]);
    create('configmaps', { ...draft, metadata: { name: 'r', bogus: 1 } as object });
    expect(warnings).toEqual(['unknown field "metadata.bogus"', 'unknown field "foo"']);
    expect(failureOf(() => create('configmaps', draft, { fieldValidation: 'Strict' }))).toMatchObject({
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.bogus", unknown field "foo"',
    });
  });
});

describe('update', () => {
  it('writes nothing when nothing changes', () => {
    const { create, update, store } = testRegistry();
    const { metadata } = create('configmaps', configMap({ name: 'a' }));
    const before = store.revision;
    expect(update('configmaps', configMap({ name: 'a' })).metadata.resourceVersion).toBe(metadata.resourceVersion);
    expect(store.revision).toBe(before);
  });

  it('refuses what was read too long ago', () => {
    const { create, update } = testRegistry();
    create('configmaps', configMap({ name: 'a' }));
    expect(failureOf(() => update('configmaps', configMap({ name: 'a', resourceVersion: '1' })))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    });
  });

  it('refuses another object of that name', () => {
    const { create, update } = testRegistry();
    const { uid } = create('configmaps', configMap({ name: 'a' })).metadata;
    expect(failureOf(() => update('configmaps', configMap({ name: 'a', uid: 'abc' }))).message).toBe(
      `Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, Key: /registry/configmaps/default/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: abc, UID in object meta: ${uid}`,
    );
  });

  it('demands the resourceVersion where the kind does', () => {
    const { update } = testRegistry();
    const lease = { metadata: { name: 'l' }, spec: { holderIdentity: 'x' } };
    expect(update('leases.coordination.k8s.io', lease).metadata.name).toBe('l');
    expect(failureOf(() => update('leases.coordination.k8s.io', lease))).toMatchObject({
      code: 422,
      message:
        'leases.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    });
  });

  it('restores what no update can change, and refuses a deletion by the back door', () => {
    const { create, update } = testRegistry();
    create('configmaps', configMap({ name: 'a' }));
    const changed = update('configmaps', configMap({ name: 'a', creationTimestamp: '2001-01-01T00:00:00Z' }, {}));
    expect(changed.metadata.creationTimestamp).toBe('2026-11-21T21:00:00Z');
    const mark = configMap({ name: 'a', deletionTimestamp: '2001-01-01T00:00:00Z' });
    expect(failureOf(() => update('configmaps', mark)).message).toBe(
      'ConfigMap "a" is invalid: metadata.deletionTimestamp: Invalid value: "2001-01-01T00:00:00Z": field is immutable',
    );
  });

  it('leaves status to its subresource, and counts generations of what is wanted only', () => {
    const { create, patch } = testRegistry();
    const spec = {
      replicas: 1,
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: POD_SPEC },
    };
    const made = create('deployments.apps', { metadata: { name: 'd' }, spec, status: { replicas: 9 } });
    expect(made.metadata.generation).toBe(1);
    expect(made['status']).toEqual({});
    const ignored = patch('deployments.apps', 'd', { status: { replicas: 3 } });
    expect(ignored['status']).toEqual({});
    const seen = patch('deployments.apps', 'd', { spec: { replicas: 7 }, status: { replicas: 3 } }, 'status');
    expect(seen).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { replicas: 3 } });
    expect(patch('deployments.apps', 'd', { spec: { replicas: 7 } }).metadata.generation).toBe(2);
    expect(patch('deployments.apps', 'd', { metadata: { labels: { x: 'y' } } }).metadata.generation).toBe(2);
    expect(patch('deployments.apps', 'd', { metadata: { annotations: { x: 'y' } } }).metadata.generation).toBe(3);
  });
});

describe('patch', () => {
  it('tells what it would have made when that cannot be read', () => {
    const { create, patch } = testRegistry();
    create('configmaps', configMap({ name: 'a' }));
    const { message, details } = failureOf(() => patch('configmaps', 'a', { data: { a: 5 } }));
    expect(message).toMatch(
      /^ "" is invalid: patch: Invalid value: "\{\\"apiVersion\\":\\"v1\\",\\"data\\":\{\\"a\\":5\},\\"kind\\":\\"ConfigMap\\",\\"metadata\\":\{\\"name\\":\\"a\\",.*\}": json: cannot unmarshal number into Go struct field ConfigMap\.data of type string$/,
    );
    expect(Object.keys(details ?? {})).toEqual(['causes']);
    expect(failureOf(() => patch('configmaps', 'a', { data: { a: 5 } }, undefined, 'strategic')).message).toBe(
      ' "" is invalid: patch: Invalid value: "map[data:map[a:5]]": cannot convert int64 to string',
    );
  });

  it('cannot rename or move', () => {
    const { create, patch } = testRegistry();
    create('configmaps', configMap({ name: 'a' }));
    expect(failureOf(() => patch('configmaps', 'a', { metadata: { name: 'b' } })).message).toBe(
      'the name of the object (b) does not match the name on the URL (a)',
    );
    expect(failureOf(() => patch('configmaps', 'a', { metadata: { uid: 'b' } })).message).toBe(
      'ConfigMap "a" is invalid: metadata.uid: Invalid value: "b": field is immutable',
    );
  });

  it('by apply creates, and by anything else does not', () => {
    const { patch, exists } = testRegistry();
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new' }, data: { a: 'b' } };
    expect(failureOf(() => patch('configmaps', 'new', applied)).message).toBe('configmaps "new" not found');
    const made = patch('configmaps', 'new', applied, undefined, 'apply');
    expect(made.metadata.managedFields).toMatchObject([
      { manager: 'test', operation: 'Apply', fieldsV1: { 'f:data': { 'f:a': {} } } },
    ]);
    expect(exists('configmaps', 'new')).toBe(true);
  });

  it('by apply of a uid that is not there is a conflict', () => {
    const { patch } = testRegistry();
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new', uid: 'abc' } };
    expect(failureOf(() => patch('configmaps', 'new', applied, undefined, 'apply'))).toMatchObject({
      code: 409,
      message:
        'Operation cannot be fulfilled on configmaps "new": uid mismatch: the provided object specified uid abc, and no existing object was found',
    });
  });
});
