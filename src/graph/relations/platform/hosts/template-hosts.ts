/** Services that containers are told to call, by their environment and their arguments. Values are read and let go at once. */
import type { KubeObject } from '../../../../kernel/vocabulary.ts';
import type { Reference, Strength } from '../../../types.ts';
import { namespaceOf } from '../define.ts';
import { fieldPath, isRecord, labelOf, textOf } from '../field-path.ts';
import { hostsInText } from './hosts-in-text.ts';
import type { ServiceHost } from './service-host.ts';

const LISTS = ['initContainers', 'containers'];
/** Of one pod. */
const MAX_HOSTS = 64;
const ARGUMENT = /^--?([A-Za-z][A-Za-z0-9_.-]*)=(.*)$/s;

export interface TemplateHosts {
  readonly fields: readonly string[];
  references(object: KubeObject): readonly Reference[];
}

/** `at`: where the pod's spec is. */
export function templateHosts(at: string, strength?: Strength): TemplateHosts {
  const spec = fieldPath(at);
  return {
    fields: LISTS.flatMap((list) =>
      ['name', 'env.name', 'env.value', 'args', 'command'].map((field) => `${at}.${list}.${field}`),
    ),
    references(object) {
      const found = new Map<string, Reference>();
      const own = namespaceOf(object);
      function add(hosts: readonly ServiceHost[], path: string): void {
        for (const { namespace, name } of hosts) {
          const key = `${namespace}/${name}`;
          if (found.size >= MAX_HOSTS || found.has(key)) continue;
          const more = strength === undefined ? {} : { strength };
          found.set(key, { by: 'name', kind: 'Service', namespace, name, path, ...more });
        }
      }
      spec.each(object, (value, where) => {
        if (isRecord(value)) for (const list of LISTS) ofContainers(value[list], `${where}.${list}`, own, add);
      });
      return found.size === 0 ? [] : [...found.values()];
    },
  };
}

type Add = (hosts: readonly ServiceHost[], path: string) => void;

function ofContainers(containers: unknown, where: string, own: string, add: Add): void {
  if (!Array.isArray(containers)) return;
  for (const [index, container] of containers.slice(0, 100).entries()) {
    if (!isRecord(container)) continue;
    const path = `${where}[${labelOf(container, index)}]`;
    ofEnvironment(container['env'], path, own, add);
    for (const list of ['args', 'command']) ofArguments(container[list], `${path}.${list}`, own, add);
  }
}

function ofEnvironment(env: unknown, where: string, own: string, add: Add): void {
  if (!Array.isArray(env)) return;
  for (const [index, entry] of env.slice(0, 1_000).entries()) {
    if (!isRecord(entry)) continue;
    const value = textOf(entry['value']);
    if (value !== '')
      add(hostsInText(textOf(entry['name']), value, own), `${where}.env[${labelOf(entry, index)}].value`);
  }
}

function ofArguments(list: unknown, where: string, own: string, add: Add): void {
  if (!Array.isArray(list)) return;
  let flag = '';
  for (const [index, entry] of list.slice(0, 200).entries()) {
    const word = textOf(entry);
    const pair = word.length < 2_048 ? ARGUMENT.exec(word) : null;
    if (pair !== null) add(hostsInText(pair[1] ?? '', pair[2] ?? '', own), `${where}[${index}]`);
    else if (word.startsWith('-')) flag = word.replace(/^-+/, '');
    else {
      add(hostsInText(flag, word, own), `${where}[${index}]`);
      flag = '';
    }
  }
}
