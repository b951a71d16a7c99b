/** What a pod's spec refers to, read once for all relations of pods and of the templates of workloads. */
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import { isMadeFromTemplate } from '../../project/made-from-template.ts';
import { type Dict, dict, has, list, word } from '../../project/read.ts';
import type { KindKey, Reference, Relation } from '../../types.ts';

/** References by what they are; each target once, by the first field that names it without `optional`. */
export interface PodReferences {
  configMaps: readonly Reference[];
  secrets: readonly Reference[];
  pullSecrets: readonly Reference[];
  claims: readonly Reference[];
  serviceAccount: readonly Reference[];
  classes: readonly Reference[];
  images: readonly Reference[];
  resourceClaims: readonly Reference[];
}

/** Kinds that hold a template, and where. */
const TEMPLATE_PATHS: ReadonlyMap<KindKey, readonly string[]> = new Map([
  ...['Deployment.apps', 'ReplicaSet.apps', 'StatefulSet.apps', 'DaemonSet.apps', 'ReplicationController'].map(
    (kind): [KindKey, string[]] => [kind, ['spec', 'template', 'spec']],
  ),
  ['Job.batch', ['spec', 'template', 'spec']],
  ['CronJob.batch', ['spec', 'jobTemplate', 'spec', 'template', 'spec']],
]);

type Head = Omit<Relation, 'sources' | 'fields' | 'references'>;

/** A relation of pods. `fields` below the pod's spec. */
export function ofPods(head: Head, fields: readonly string[], pick: keyof PodReferences): Relation {
  return {
    ...head,
    sources: ['Pod'],
    fields: fields.map((field) => `spec.${field}`),
    references: (object) => referencesOf(dict(object['spec']), 'spec', object)[pick],
  };
}

/** The same of what will make pods: it shows what is missing before a pod does. */
export function ofTemplates(head: Head, fields: readonly string[], pick: keyof PodReferences): Relation {
  const prefixes = new Set([...TEMPLATE_PATHS.values()].map((path) => path.join('.')));
  return {
    ...head,
    sources: [...TEMPLATE_PATHS.keys()],
    fields: [...prefixes].flatMap((prefix) => fields.map((field) => `${prefix}.${field}`)),
    references(object) {
      if (isMadeFromTemplate(object)) return [];
      const path = has(dict(object['spec'])['jobTemplate'])
        ? ['spec', 'jobTemplate', 'spec', 'template', 'spec']
        : ['spec', 'template', 'spec'];
      let spec: Dict = object;
      for (const step of path) spec = dict(spec[step]);
      return referencesOf(spec, path.join('.'), object)[pick];
    },
  };
}

/** Several relations ask for the same spec, one after another. No WeakMap: an entry for each pod costs the collector more than it spares. */
let last: { spec: Dict; found: PodReferences } | undefined;

function referencesOf(spec: Dict, prefix: string, object: KubeObject): PodReferences {
  if (last?.spec === spec) return last.found;
  const found = new Collector(spec, prefix, object).result();
  last = { spec: spec, found };
  return found;
}

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;
/** Volumes of old plugins that hold credentials as `secretRef.name`. */
const SECRET_REF_VOLUMES = ['flexVolume', 'cephfs', 'rbd', 'iscsi', 'scaleIO', 'storageos', 'cinder'] as const;

export const CONFIG_MAP_FIELDS: readonly string[] = [
  'volumes.name',
  'volumes.configMap.name',
  'volumes.configMap.optional',
  'volumes.projected.sources.configMap.name',
  'volumes.projected.sources.configMap.optional',
  ...CONTAINER_LISTS.flatMap((of) => [
    `${of}.name`,
    `${of}.env.name`,
    `${of}.env.valueFrom.configMapKeyRef`,
    `${of}.envFrom.configMapRef`,
  ]),
];

export const SECRET_FIELDS: readonly string[] = [
  'volumes.name',
  'volumes.secret.secretName',
  'volumes.secret.optional',
  'volumes.projected.sources.secret.name',
  'volumes.projected.sources.secret.optional',
  'volumes.csi.nodePublishSecretRef',
  'volumes.azureFile.secretName',
  ...SECRET_REF_VOLUMES.map((plugin) => `volumes.${plugin}.secretRef`),
  ...CONTAINER_LISTS.flatMap((of) => [
    `${of}.name`,
    `${of}.env.name`,
    `${of}.env.valueFrom.secretKeyRef`,
    `${of}.envFrom.secretRef`,
  ]),
];

export const CLAIM_FIELDS: readonly string[] = [
  'volumes.name',
  'volumes.persistentVolumeClaim.claimName',
  'volumes.ephemeral',
];

export const IMAGE_FIELDS: readonly string[] = CONTAINER_LISTS.flatMap((of) => [`${of}.name`, `${of}.image`]);

/** The volume that the server adds to each pod has a name of the pod's own: told in full it would make a reason of its own for each pod. */
const TOKEN_VOLUME = 'kube-api-access-';

function volumeLabel(name: string): string {
  return name.startsWith(TOKEN_VOLUME) ? `${TOKEN_VOLUME}*` : name.slice(0, 63);
}

/** So many are compared one by one: nearly all pods name fewer, and a Map costs more than all of them. */
const FEW = 8;

/** References to things of one kind, each once. */
class Targets {
  readonly found: Named[] = [];
  #places: Map<string, number> | undefined;

  add(reference: Named): void {
    const place = this.#placeOf(reference.name);
    if (place < 0) {
      this.#places?.set(reference.name, this.found.length);
      this.found.push(reference);
    } else if (this.found[place]?.optional === true && reference.optional !== true) this.found[place] = reference;
  }

  #placeOf(name: string): number {
    const { found } = this;
    if (found.length > FEW) {
      this.#places ??= new Map(found.map((one, place) => [one.name, place]));
      return this.#places.get(name) ?? -1;
    }
    for (let place = 0; place < found.length; place++) if (found[place]?.name === name) return place;
    return -1;
  }
}

type Named = Extract<Reference, { by: 'name' }>;

class Collector {
  readonly #spec: Dict;
  readonly #prefix: string;
  readonly #namespace: string;
  readonly #object: KubeObject;
  readonly #configMaps = new Targets();
  readonly #secrets = new Targets();
  readonly #claims = new Targets();
  readonly #images = new Targets();

  constructor(spec: Dict, prefix: string, object: KubeObject) {
    this.#spec = spec;
    this.#prefix = prefix;
    this.#object = object;
    this.#namespace = word(dict(object.metadata)['namespace']);
  }

  result(): PodReferences {
    for (const volume of list(this.#spec['volumes'])) this.#volume(dict(volume));
    for (const lists of CONTAINER_LISTS) {
      const containers = list(this.#spec[lists]);
      for (let index = 0; index < containers.length; index++) this.#container(dict(containers[index]), lists, index);
    }
    return {
      configMaps: this.#configMaps.found,
      secrets: this.#secrets.found,
      claims: this.#claims.found,
      images: this.#images.found,
      pullSecrets: this.#pullSecrets(),
      serviceAccount: this.#serviceAccount(),
      classes: this.#classes(),
      resourceClaims: this.#resourceClaims(),
    };
  }

  #named(kind: KindKey, name: string, path: string, optional = false): Named {
    const at = `${this.#prefix}.${path}`;
    return optional
      ? { by: 'name', kind, namespace: this.#namespace, name, path: at, optional: true, strength: 'soft' }
      : { by: 'name', kind, namespace: this.#namespace, name, path: at };
  }

  #add(into: Targets, kind: KindKey, name: unknown, path: string, optional: unknown): void {
    if (typeof name === 'string' && name !== '') into.add(this.#named(kind, name, path, optional === true));
  }

  #configMap(from: Dict, path: string): void {
    this.#add(this.#configMaps, 'ConfigMap', from['name'], `${path}.name`, from['optional']);
  }

  #secret(from: Dict, path: string, field = 'name'): void {
    this.#add(this.#secrets, 'Secret', from[field], `${path}.${field}`, from['optional']);
  }

  #volume(volume: Dict): void {
    const name = word(volume['name']);
    const path = `volumes[${volumeLabel(name)}]`;
    if (has(volume['configMap'])) this.#configMap(dict(volume['configMap']), `${path}.configMap`);
    else if (has(volume['secret'])) this.#secret(dict(volume['secret']), `${path}.secret`, 'secretName');
    else if (has(volume['projected'])) this.#projected(dict(volume['projected']), `${path}.projected`);
    else if (has(volume['persistentVolumeClaim'])) {
      const { claimName } = dict(volume['persistentVolumeClaim']);
      const at = `${path}.persistentVolumeClaim.claimName`;
      this.#add(this.#claims, 'PersistentVolumeClaim', claimName, at, false);
    } else if (has(volume['ephemeral']) && this.#prefix === 'spec') {
      // The claim of a generic ephemeral volume is named after its pod and the volume.
      const claim = `${word(dict(this.#object.metadata)['name'])}-${name}`;
      this.#add(this.#claims, 'PersistentVolumeClaim', claim, `${path}.ephemeral`, false);
    } else this.#pluginSecrets(volume, path);
  }

  #pluginSecrets(volume: Dict, path: string): void {
    if (has(volume['csi'])) {
      this.#secret(dict(dict(volume['csi'])['nodePublishSecretRef']), `${path}.csi.nodePublishSecretRef`);
    }
    if (has(volume['azureFile'])) this.#secret(dict(volume['azureFile']), `${path}.azureFile`, 'secretName');
    for (const plugin of SECRET_REF_VOLUMES) {
      if (has(volume[plugin])) this.#secret(dict(dict(volume[plugin])['secretRef']), `${path}.${plugin}.secretRef`);
    }
  }

  #projected(volume: Dict, path: string): void {
    const sources = list(volume['sources']);
    for (let index = 0; index < sources.length; index++) {
      const source = dict(sources[index]);
      if (has(source['configMap'])) {
        this.#configMap(dict(source['configMap']), `${path}.sources[${index}].configMap`);
      } else if (has(source['secret'])) {
        this.#secret(dict(source['secret']), `${path}.sources[${index}].secret`);
      }
    }
  }

  #container(container: Dict, lists: string, index: number): void {
    const path = `${lists}[${word(container['name']).slice(0, 63) || index}]`;
    this.#add(this.#images, '~Image', container['image'], `${path}.image`, false);
    for (const entry of list(container['env'])) {
      const variable = dict(entry);
      if (!has(variable['valueFrom'])) continue;
      const from = dict(variable['valueFrom']);
      const at = (of: string): string => `${path}.env[${word(variable['name']).slice(0, 63)}].valueFrom.${of}`;
      if (has(from['configMapKeyRef'])) this.#configMap(dict(from['configMapKeyRef']), at('configMapKeyRef'));
      if (has(from['secretKeyRef'])) this.#secret(dict(from['secretKeyRef']), at('secretKeyRef'));
    }
    const sources = list(container['envFrom']);
    for (let at = 0; at < sources.length; at++) {
      const from = dict(sources[at]);
      if (has(from['configMapRef'])) this.#configMap(dict(from['configMapRef']), `${path}.envFrom[${at}].configMapRef`);
      if (has(from['secretRef'])) this.#secret(dict(from['secretRef']), `${path}.envFrom[${at}].secretRef`);
    }
  }

  #pullSecrets(): Reference[] {
    return list(this.#spec['imagePullSecrets']).map((entry) => {
      const name = word(dict(entry)['name']);
      return this.#named('Secret', name, `imagePullSecrets[${name.slice(0, 63)}].name`);
    });
  }

  /** Pods always name theirs; templates leave out `default`. */
  #serviceAccount(): Reference[] {
    const name = word(this.#spec['serviceAccountName']);
    return name === '' ? [] : [this.#named('ServiceAccount', name, 'serviceAccountName')];
  }

  #classes(): Reference[] {
    const found: Reference[] = [];
    for (const [field, kind] of [
      ['priorityClassName', 'PriorityClass.scheduling.k8s.io'],
      ['runtimeClassName', 'RuntimeClass.node.k8s.io'],
    ] as const) {
      const name = word(this.#spec[field]);
      if (name !== '') found.push({ by: 'name', kind, namespace: '', name, path: `${this.#prefix}.${field}` });
    }
    return found;
  }

  /** Of a pod that names a template, the status says which claim was made for it. */
  #resourceClaims(): Reference[] {
    const found: Reference[] = [];
    for (const entry of list(this.#spec['resourceClaims'])) {
      const one = dict(entry);
      const at = `resourceClaims[${word(one['name']).slice(0, 63)}]`;
      const claim = word(one['resourceClaimName']);
      const template = word(one['resourceClaimTemplateName']);
      if (claim !== '') found.push(this.#named('ResourceClaim.resource.k8s.io', claim, `${at}.resourceClaimName`));
      if (template !== '') {
        const kind = 'ResourceClaimTemplate.resource.k8s.io';
        found.push(this.#named(kind, template, `${at}.resourceClaimTemplateName`));
      }
    }
    return found;
  }
}
