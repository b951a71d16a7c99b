/** The OpenAPI documents: version 3 per group version, and version 2 as one. */
import { createHash } from 'node:crypto';
import { builtinType } from './builtin-data.ts';
import { resourcesOf, servedGroups } from './discovery.ts';
import { type GroupVersionKind, type Operation, operationsOf, pathRoot, QUERY_TYPES } from './openapi-operations.ts';
import {
  customTypeName,
  customTypes,
  DELETE_OPTIONS,
  PATCH,
  reachable,
  renderType,
  STATUS,
  typeOfKind,
} from './openapi-types.ts';
import type { Schema } from './schema.ts';
import type { Kinds } from './types.ts';

const INFO = { title: 'Kubernetes', version: '1.36' };
const SECURITY = { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header' } };
const TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

interface Part {
  operations: Operation[];
  /** Custom types, by name. */
  own: Map<string, Schema>;
  roots: Set<string>;
}

/** What a group version's document is made of. */
function partOf(kinds: Kinds, group: string, version: string): Part {
  const own = new Map<string, Schema>();
  const roots = new Set([DELETE_OPTIONS, STATUS, PATCH]);
  const operations = resourcesOf(kinds, group, version).flatMap(({ resource, served }) => {
    if (resource.origin === 'custom') for (const [name, schema] of customTypes(resource, served)) own.set(name, schema);
    return operationsOf(resource, served);
  });
  for (const name of own.keys()) roots.add(name);
  for (const operation of operations) for (const name of typesIn(operation)) roots.add(name);
  return { operations, own, roots };
}

function typeName(kind: GroupVersionKind, custom: boolean): string | undefined {
  return typeOfKind(kind) ?? (custom ? customTypeName(kind) : undefined);
}

const listOf = (kind: GroupVersionKind) => ({ ...kind, kind: `${kind.kind}List` });

function bodyType({ body, custom }: Operation): string | undefined {
  if (body === 'patch') return PATCH;
  if (body === 'deleteOptions') return DELETE_OPTIONS;
  return body && typeName(body, custom);
}

function answerType({ answer, custom }: Operation): string | undefined {
  if (answer === 'status') return STATUS;
  return typeName(answer.list ? listOf(answer.kind) : answer.kind, custom);
}

const typesIn = (operation: Operation) =>
  [bodyType(operation), answerType(operation)].filter((name) => name !== undefined);

const hashOf = (text: string) => createHash('sha512').update(text).digest('hex').toUpperCase();

/** `/openapi/v3`. */
export function openapiV3Index(kinds: Kinds): object {
  const paths = servedGroups(kinds).flatMap(({ group, versions }) =>
    versions.map((version) => {
      const path = pathRoot(group, version).slice(1);
      const seed = JSON.stringify(resourcesOf(kinds, group, version));
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(seed)}` }] as const;
    }),
  );
  return { paths: Object.fromEntries(paths) };
}

/** `/openapi/v3/<path>`: `api/v1`, `apis/apps/v1`. */
export function openapiV3(kinds: Kinds, path: string): object | undefined {
  const match = /^(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path);
  if (match === null) return undefined;
  const [, group = '', version = ''] = match;
  if (!servedGroups(kinds).some((each) => each.group === group && each.versions.includes(version))) return undefined;
  const { operations, own, roots } = partOf(kinds, group, version);
  const groups =
    group === ''
      ? [{ group, version }]
      : [
          { group: '', version: 'v1' },
          { group, version },
        ];
  const schemas = reachable(roots, own).map((name) => [
    name,
    renderType(name, own.get(name) ?? builtinType(name) ?? {}, 'v3', groups),
  ]);
  return {
    openapi: '3.0.0',
    info: INFO,
    paths: pathsOf(operations, operationV3),
    components: { schemas: Object.fromEntries(schemas), securitySchemes: SECURITY },
  };
}

/** `/openapi/v2`. */
export function openapiV2(kinds: Kinds): object {
  const all = servedGroups(kinds).flatMap(({ group, versions }) => versions.map((version) => ({ group, version })));
  const parts = all.map(({ group, version }) => partOf(kinds, group, version));
  const own = new Map(parts.flatMap((part) => [...part.own]));
  const names = reachable(new Set(parts.flatMap(({ roots }) => [...roots])), own);
  const definitions = names.map((name) => [
    name,
    renderType(name, own.get(name) ?? builtinType(name) ?? {}, 'v2', all),
  ]);
  return {
    swagger: '2.0',
    info: INFO,
    paths: pathsOf(
      parts.flatMap(({ operations }) => operations),
      operationV2,
    ),
    definitions: Object.fromEntries(definitions),
    securityDefinitions: SECURITY,
    security: [{ BearerToken: [] }],
  };
}

function pathsOf(operations: readonly Operation[], render: (operation: Operation) => object): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const item = paths[operation.path] ?? {};
    paths[operation.path] = item;
    item[operation.method] = render(operation);
  }
  return paths;
}

const tagOf = (path: string) =>
  path
    .split('/')
    .slice(path.startsWith('/apis/') ? 2 : 1, 4)
    .slice(0, 2)
    .join('_');

const common = ({ action, kind }: Operation) => ({
  'x-kubernetes-action': action,
  'x-kubernetes-group-version-kind': { group: kind.group, version: kind.version, kind: kind.kind },
});

const pathNames = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

function operationV3(operation: Operation): object {
  const { description, operationId, query, path, body } = operation;
  const content = (types: readonly string[], name: string | undefined) =>
    Object.fromEntries(
      types.map((type) => [type, name === undefined ? {} : { schema: { $ref: `#/components/schemas/${name}` } }]),
    );
  const parameters = [
    ...pathNames(path).map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string', uniqueItems: true },
    })),
    ...query.map((name) => ({ name, in: 'query', schema: { type: QUERY_TYPES[name] ?? 'string', uniqueItems: true } })),
  ];
  const requestBody = {
    content: content(body === 'patch' ? PATCH_TYPES : ['*/*'], bodyType(operation)),
    ...(body === 'deleteOptions' ? {} : { required: true }),
  };
  return {
    tags: [tagOf(path)],
    description,
    operationId,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody }),
    responses: {
      '200': { description: 'OK', content: content(TYPES, answerType(operation)) },
      '401': { description: 'Unauthorized' },
    },
    ...common(operation),
  };
}

function operationV2(operation: Operation): object {
  const { description, operationId, query, path, body } = operation;
  const reference = (name: string | undefined) =>
    name === undefined ? {} : { schema: { $ref: `#/definitions/${name}` } };
  const parameters = [
    ...pathNames(path).map((name) => ({ name, in: 'path', required: true, type: 'string', uniqueItems: true })),
    ...(body === undefined
      ? []
      : [
          {
            name: 'body',
            in: 'body',
            ...(body === 'deleteOptions' ? {} : { required: true }),
            ...reference(bodyType(operation)),
          },
        ]),
    ...query.map((name) => ({ name, in: 'query', type: QUERY_TYPES[name] ?? 'string', uniqueItems: true })),
  ];
  return {
    description,
    consumes: body === 'patch' ? PATCH_TYPES : ['*/*'],
    produces: TYPES,
    schemes: ['https'],
    tags: [tagOf(path)],
    operationId,
    ...(parameters.length === 0 ? {} : { parameters }),
    responses: {
      '200': { description: 'OK', ...reference(answerType(operation)) },
      '401': { description: 'Unauthorized' },
    },
    ...common(operation),
  };
}
