/** What a pod's spec refers to, read once for all relations of pods and of the templates of workloads. */
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import { isMadeFromTemplate } from '../../project/made-from-template.ts';
import { type Dict, dict, has, list, word } from '../../project/read.ts';
import { createRecent, type Recent } from '../../project/recent.ts';
import type { KindKey, Reference, Relation } from '../../types.ts';
import { type ContainerReference, containerReferences } from './container-references.ts';
import { type Named, named, Targets } from './targets.ts';

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

const CLASSES = [
  ['priorityClassName', 'PriorityClass.scheduling.k8s.io'],
  ['runtimeClassName', 'RuntimeClass.node.k8s.io'],
] as const;
const NONE: readonly Reference[] = Object.freeze([]);
const containers = { initContainers: recent(), containers: recent(), ephemeralContainers: recent() };

function recent(): Recent<readonly ContainerReference[]> {
  return createRecent();
}

class Collector {
  readonly #spec: Dict;
  readonly #prefix: string;
  readonly #namespace: string;
  readonly #object: KubeObject;
  readonly #targets = {
    configMaps: new Targets(),
    secrets: new Targets(),
    claims: new Targets(),
    images: new Targets(),
  };

  constructor(spec: Dict, prefix: string, object: KubeObject) {
    this.#spec = spec;
    this.#prefix = prefix;
    this.#object = object;
    this.#namespace = word(dict(object.metadata)['namespace']);
  }

  result(): PodReferences {
    for (const volume of list(this.#spec['volumes'])) this.#volume(dict(volume));
    for (const lists of CONTAINER_LISTS) {
      const all = list(this.#spec[lists]);
      for (let index = 0; index < all.length; index++) this.#container(dict(all[index]), lists, index);
    }
    return {
      configMaps: this.#targets.configMaps.found,
      secrets: this.#targets.secrets.found,
      claims: this.#targets.claims.found,
      images: this.#targets.images.found,
      pullSecrets: this.#pullSecrets(),
      serviceAccount: this.#serviceAccount(),
      classes: this.#classes(),
      resourceClaims: this.#resourceClaims(),
    };
  }

  #add(of: 'configMaps' | 'secrets' | 'claims', kind: KindKey, name: unknown, path: string, optional?: unknown): void {
    this.#targets[of].add(named(kind, this.#namespace, name, `${this.#prefix}.${path}`, optional));
  }

  #configMap(from: Dict, path: string): void {
    this.#add('configMaps', 'ConfigMap', from['name'], `${path}.name`, from['optional']);
  }

  #secret(from: Dict, path: string, field = 'name'): void {
    this.#add('secrets', 'Secret', from[field], `${path}.${field}`, from['optional']);
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
      this.#add('claims', 'PersistentVolumeClaim', claimName, at);
    } else if (has(volume['ephemeral']) && this.#prefix === 'spec') {
      // The claim of a generic ephemeral volume is named after its pod and the volume.
      const claim = `${word(dict(this.#object.metadata)['name'])}-${name}`;
      this.#add('claims', 'PersistentVolumeClaim', claim, `${path}.ephemeral`);
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

  #container(container: Dict, lists: (typeof CONTAINER_LISTS)[number], index: number): void {
    const name = word(container['name']).slice(0, 63);
    const prefix = this.#prefix;
    const read = () => containerReferences(container, `${prefix}.${lists}[${name || index}]`, this.#namespace);
    const said = name === '' ? read() : containers[lists](container, prefix, this.#namespace, read);
    for (const { of, reference } of said) this.#targets[of].add(reference);
  }

  #named(kind: KindKey, name: string, path: string): Named | undefined {
    return named(kind, this.#namespace, name, `${this.#prefix}.${path}`, false);
  }

  #pullSecrets(): Reference[] {
    const found: Reference[] = [];
    for (const entry of list(this.#spec['imagePullSecrets'])) {
      const name = word(dict(entry)['name']);
      const secret = this.#named('Secret', name, `imagePullSecrets[${name.slice(0, 63)}].name`);
      if (secret !== undefined) found.push(secret);
    }
    return found;
  }

  /** Pods always name theirs; templates leave out `default`. */
  #serviceAccount(): readonly Reference[] {
    const account = this.#named('ServiceAccount', word(this.#spec['serviceAccountName']), 'serviceAccountName');
    return account === undefined ? NONE : [account];
  }

  #classes(): readonly Reference[] {
    let found: Reference[] | undefined;
    for (const [field, kind] of CLASSES) {
      const name = word(this.#spec[field]);
      if (name === '') continue;
      found ??= [];
      found.push({ by: 'name', kind, namespace: '', name, path: `${this.#prefix}.${field}` });
    }
    return found ?? NONE;
  }

  /** Of a pod that names a template, the status says which claim was made for it. */
  #resourceClaims(): Reference[] {
    const found: Reference[] = [];
    for (const entry of list(this.#spec['resourceClaims'])) {
      const one = dict(entry);
      const at = `resourceClaims[${word(one['name']).slice(0, 63)}]`;
      const claim = word(one['resourceClaimName']);
      const template = word(one['resourceClaimTemplateName']);
      for (const reference of [
        this.#named('ResourceClaim.resource.k8s.io', claim, `${at}.resourceClaimName`),
        this.#named('ResourceClaimTemplate.resource.k8s.io', template, `${at}.resourceClaimTemplateName`),
      ]) {
        if (reference !== undefined) found.push(reference);
      }
    }
    return found;
  }
}
