/** Services that containers are told to call, by their environment and their arguments. Values are read and let go at once. */
import type { KubeObject } from '../../../../kernel/vocabulary.ts';
import { createRecent, type Recent } from '../../../project/recent.ts';
import type { Reference, Strength } from '../../../types.ts';
import { namespaceOf } from '../../define.ts';
import { fieldPath, isRecord, labelOf, textOf } from '../../field-path.ts';
import { hostsInText } from './hosts-in-text.ts';
import type { ServiceHost } from './service-host.ts';

const LISTS = ['initContainers', 'containers'];
const MAX_CONTAINERS = 100;
/** Of one container. */
const MAX_SETTINGS = 1_000;
/** Of one pod. */
const MAX_HOSTS = 64;
const NO_REFERENCES: readonly Reference[] = Object.freeze([]);
const ARGUMENT = /^--?([A-Za-z][A-Za-z0-9_.-]*)=(.*)$/s;

export interface TemplateHosts {
  readonly fields: readonly string[];
  references(object: KubeObject): readonly Reference[];
}

/** `at`: where the pod's spec is. */
export function templateHosts(at: string, strength?: Strength): TemplateHosts {
  const spec = fieldPath(at);
  const lists = LISTS.map((list) => ({ list, where: `${at}.${list}` }));
  const recent: Recent<readonly Said[]> = createRecent();
  return {
    fields: LISTS.flatMap((list) =>
      ['name', 'env.name', 'env.value', 'args', 'command'].map((field) => `${at}.${list}.${field}`),
    ),
    references(object) {
      // Most name none.
      let found: Map<string, Reference> | undefined;
      const own = namespaceOf(object);
      function add(hosts: readonly ServiceHost[], path: string): void {
        for (const { namespace, name } of hosts) {
          const key = `${namespace}/${name}`;
          found ??= new Map();
          if (found.size >= MAX_HOSTS || found.has(key)) continue;
          const more = strength === undefined ? {} : { strength };
          found.set(key, { by: 'name', kind: 'Service', namespace, name, path, ...more });
        }
      }
      spec.each(object, (value) => {
        if (!isRecord(value)) return;
        for (const { list, where } of lists) {
          const containers = value[list];
          if (!Array.isArray(containers)) continue;
          const end = Math.min(containers.length, MAX_CONTAINERS);
          for (let index = 0; index < end; index++) {
            const one: unknown = containers[index];
            if (!isRecord(one)) continue;
            const said = recent(one, own, where, () => ofContainer(one, `${where}[${labelOf(one, index)}]`, own));
            for (const { hosts, path } of said) add(hosts, path);
          }
        }
      });
      return found === undefined ? NO_REFERENCES : [...found.values()];
    },
  };
}

interface Said {
  hosts: readonly ServiceHost[];
  path: string;
}

type Add = (hosts: readonly ServiceHost[], path: string) => void;

function ofContainer(container: Readonly<Record<string, unknown>>, path: string, own: string): readonly Said[] {
  const said: Said[] = [];
  const add: Add = (hosts, at) => said.push({ hosts, path: at });
  ofEnvironment(container['env'], path, own, add);
  ofArguments(container['args'], `${path}.args`, own, add);
  ofArguments(container['command'], `${path}.command`, own, add);
  return said;
}

function ofEnvironment(env: unknown, where: string, own: string, add: Add): void {
  if (!Array.isArray(env)) return;
  const end = Math.min(env.length, MAX_SETTINGS);
  for (let index = 0; index < end; index++) {
    const entry: unknown = env[index];
    if (!isRecord(entry)) continue;
    const value = textOf(entry['value']);
    if (value === '') continue;
    const hosts = hostsInText(textOf(entry['name']), value, own);
    if (hosts.length > 0) add(hosts, `${where}.env[${labelOf(entry, index)}].value`);
  }
}

function ofArguments(list: unknown, where: string, own: string, add: Add): void {
  if (!Array.isArray(list)) return;
  const end = Math.min(list.length, MAX_SETTINGS);
  let flag = '';
  for (let index = 0; index < end; index++) {
    const word = textOf(list[index]);
    // A host needs one of these: most words have neither.
    const pair = word.startsWith('-') && (word.includes(':') || word.includes('.svc')) ? ARGUMENT.exec(word) : null;
    const hosts =
      pair !== null
        ? hostsInText(pair[1] ?? '', pair[2] ?? '', own)
        : word.startsWith('-')
          ? []
          : hostsInText(flag, word, own);
    flag = pair === null && word.startsWith('-') ? word.replace(/^-+/, '') : '';
    if (hosts.length > 0) add(hosts, `${where}[${index}]`);
  }
}
