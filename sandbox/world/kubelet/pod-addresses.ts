/** Addresses for pods: the lowest free one of their node's range. */
import type { KubeNode } from './pod-types.ts';

export interface PodAddresses {
  take(node: KubeNode | undefined, nodeName: string): string;
  keep(address: string): void;
  release(address: string): void;
}

export function createPodAddresses(): PodAddresses {
  const used = new Set<string>();
  /** Second-last byte for nodes without a range of their own. */
  const ranges = new Map<string, number>();

  function prefixOf(node: KubeNode | undefined, nodeName: string): { base: number; size: number } {
    const [, text = '', bits = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(node?.spec?.podCIDR ?? '') ?? [];
    if (text !== '') return { base: toNumber(text), size: 2 ** (32 - Number(bits)) };
    const index = ranges.get(nodeName) ?? ranges.size;
    ranges.set(nodeName, index);
    return { base: toNumber('10.244.0.0') + (index % 256) * 256, size: 256 };
  }

  return {
    take(node, nodeName) {
      const { base, size } = prefixOf(node, nodeName);
      // The first is the network, the second its bridge, the last its broadcast.
      for (let at = 2; at < size - 1; at++) {
        const address = toText(base + at);
        if (used.has(address)) continue;
        used.add(address);
        return address;
      }
      return toText(base + 2);
    },
    keep: (address) => void used.add(address),
    release: (address) => void used.delete(address),
  };
}

const toNumber = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toText = (value: number) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
