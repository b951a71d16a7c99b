/** Objects of the API -> what the graph takes. Nothing that an object may hold makes it throw. */
import { type Still, stillOf } from '../../kernel/still.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource } from '../../kube/types.ts';
import { kindKeyOf, splitKindKey } from '../kind-key.ts';
import { isCustomGroup } from '../relations/platform/control-plane/custom-groups.ts';
import type {
  Intern,
  KindKey,
  KindProjection,
  Projected,
  ProjectedEvent,
  ProjectedReference,
  Reference,
  Relation,
} from '../types.ts';
import { EVENT_FIELDS, eventOf } from './event.ts';
import { genericOf } from './generic.ts';
import { OWN_KINDS } from './index.ts';
import { createMemo } from './memo.ts';
import { type Dict, dict, texts, time, word } from './read.ts';
import { createRecent } from './recent.ts';
import { isClusterScoped } from './scope.ts';

/** Of one object. Real ones stay below some hundred (an Ingress with many hosts). */
const MAX_REFERENCES = 2_000;
/** Longer is no name of anything: hosts have 253 characters at most, image references about 500. */
const MAX_NAME = 512;
/** Names and values of the labels of one object: sane ones have a dozen. */
const MAX_LABEL_VALUES = 200;
const NO_REFERENCES: readonly ProjectedReference[] = Object.freeze([]);

export interface Projector {
  project(object: KubeObject, resource: ApiResource): Projected;
  /** undefined for an Event that speaks of no object. */
  event(object: KubeObject): ProjectedEvent | undefined;
  /** What a wire must bring of a kind. */
  targetOf(resource: ApiResource): { depth: 'object' | 'metadata'; fields: readonly string[] };
  projectionOf(kind: KindKey): KindProjection<unknown>;
}

export interface ProjectorOptions {
  /** From discovery: undefined where it is not known. For references that do not say whether their target lives in a namespace. */
  namespaced?(kind: KindKey): boolean | undefined;
}

/** Events do not become nodes: they are told with `event`. */
export function isEventKind(kind: KindKey): boolean {
  return kind === 'Event' || kind === 'Event.events.k8s.io';
}

/** What the projector knows of one kind, looked up once. */
interface KindPlan {
  kind: KindKey;
  projection: KindProjection<unknown>;
  relations: readonly Relation[];
  /** None of them reads a status. */
  refersStill: boolean;
}

/** What was made of an object, of which all but its status may come again. */
class Made {
  readonly plan: KindPlan;
  readonly projected: Projected;

  constructor(plan: KindPlan, projected: Projected) {
    this.plan = plan;
    this.projected = projected;
  }
}

export function createProjector(
  intern: Intern,
  relations: readonly Relation[],
  options: ProjectorOptions = {},
): Projector {
  const plans = new Map<KindKey, KindPlan>();

  function planOf(kind: KindKey): KindPlan {
    const known = plans.get(kind);
    if (known !== undefined) return known;
    const custom = isCustomGroup(splitKindKey(kind).group);
    const own = relations.filter((relation) =>
      relation.sources === 'any' ? custom || relation.custom !== true : relation.sources.includes(kind),
    );
    const plan = {
      kind,
      projection: OWN_KINDS.get(kind) ?? genericOf(kind),
      relations: own,
      refersStill: own.every(({ fields }) => fields.every((field) => field.split('.')[0] !== 'status')),
    };
    plans.set(kind, plan);
    return plan;
  }

  function clusterScoped(kind: KindKey): boolean {
    const namespaced = options.namespaced?.(kind);
    return namespaced === undefined ? isClusterScoped(kind) : !namespaced;
  }

  function referencesOf(object: KubeObject, resource: ApiResource, plan: KindPlan): readonly ProjectedReference[] {
    let found: ProjectedReference[] | undefined;
    for (const relation of plan.relations) {
      for (const reference of relation.references(object, resource)) {
        if (!isSane(reference)) continue;
        found ??= [];
        if (found.length >= MAX_REFERENCES) return found;
        found.push({ relation, reference: placed(reference) });
      }
    }
    return found ?? NO_REFERENCES;
  }

  /** A cluster-scoped target has no namespace, whatever the one who names it thought. */
  function placed(reference: Reference): Reference {
    if (reference.by === 'selector' || reference.namespace === '' || !clusterScoped(reference.kind)) return reference;
    return { ...reference, namespace: '' };
  }

  function projectWhole(object: KubeObject, resource: ApiResource, plan: KindPlan): Projected {
    const metadata = dict(object.metadata);
    const facts = plan.projection.project(object, intern);
    const deleting = time(metadata['deletionTimestamp']);
    return {
      kind: plan.kind,
      namespace: intern.text(word(metadata['namespace'])),
      name: word(metadata['name']),
      uid: word(metadata['uid']),
      resourceVersion: word(metadata['resourceVersion']),
      created: time(metadata['creationTimestamp']),
      deleting: deleting === 0 ? undefined : deleting,
      labels: labelsOf(metadata['labels'], intern),
      health: plan.projection.health(facts),
      facts,
      references: referencesOf(object, resource, plan),
    };
  }

  function projectStatus(object: KubeObject, resource: ApiResource, { plan, projected }: Made): Projected {
    const facts = plan.projection.project(object, intern, projected.facts);
    return {
      ...projected,
      resourceVersion: word(dict(object.metadata)['resourceVersion']),
      health: plan.projection.health(facts),
      facts,
      references: plan.refersStill ? projected.references : referencesOf(object, resource, plan),
    };
  }

  function projectAgain(object: KubeObject, resource: ApiResource, plan: KindPlan, still: Still): Projected {
    const { made } = still;
    if (made instanceof Made && made.plan === plan) return projectStatus(object, resource, made);
    const projected: Projected = { ...projectWhole(object, resource, plan), again: true };
    still.made = new Made(plan, projected);
    return projected;
  }

  return {
    project(object, resource) {
      const plan = planOf(kindKeyOf(resource.group, resource.kind));
      const still = stillOf(object);
      return still === undefined ? projectWhole(object, resource, plan) : projectAgain(object, resource, plan, still);
    },
    event: (object) => eventOf(object, intern),
    targetOf(resource) {
      const kind = kindKeyOf(resource.group, resource.kind);
      if (isEventKind(kind)) return { depth: 'object', fields: EVENT_FIELDS };
      const { projection, relations: own } = planOf(kind);
      if (projection.depth === 'metadata') return { depth: 'metadata', fields: [] };
      return {
        depth: 'object',
        fields: outermost([...projection.fields, ...own.flatMap(({ fields }) => fields)]),
      };
    },
    projectionOf: (kind) => planOf(kind).projection,
  };
}

function isSane(reference: Reference): boolean {
  if (reference.kind === '') return false;
  if (reference.by === 'selector') return true;
  return reference.name !== '' && reference.name.length <= MAX_NAME && reference.namespace.length <= MAX_NAME;
}

const remembered = createMemo<Readonly<Record<string, string>>>();

const recent = createRecent<Readonly<Record<string, string>>>();

/** Labels of pods of one template are one object. */
function labelsOf(value: unknown, intern: Intern): Readonly<Record<string, string>> {
  const labels = dict(value);
  return recent(labels, intern, '', () => readLabels(labels, intern));
}

function readLabels(labels: Dict, intern: Intern): Readonly<Record<string, string>> {
  const values: unknown[] = [];
  let key = '';
  for (const label in labels) {
    const held = labels[label];
    values.push(label, held);
    if (typeof held === 'string' && key.length < MAX_NAME) key += held;
    if (values.length > MAX_LABEL_VALUES) return intern.shared(texts(labels));
  }
  return remembered(intern, key, values, () => intern.shared(texts(labels)));
}

/** Sorted, without those that lie below another. */
function outermost(fields: readonly string[]): readonly string[] {
  const all = new Set(fields);
  return [...all].filter((field) => !parentsOf(field).some((parent) => all.has(parent))).sort();
}

function parentsOf(field: string): string[] {
  const parts = field.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}
