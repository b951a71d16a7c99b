/** The world that a command line names. */
import type { RunOptions } from '../cli/options.ts';
import { scaleWorld } from '../scale/scale-world.ts';
import { SHOP } from '../shop/shop.ts';
import { BARE } from './bare.ts';
import type { World } from './types.ts';

export function worldOf({ world, scale, seed }: Pick<RunOptions, 'world' | 'scale' | 'seed'>): World {
  switch (world) {
    case 'shop':
      return SHOP;
    case 'bare':
      return BARE;
    case 'scale':
      return scaleWorld({ ...scale, seed });
  }
}
