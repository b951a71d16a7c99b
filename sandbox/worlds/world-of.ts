/** The world that a command line names; the code of the others is not loaded. */
import type { RunOptions } from '../cli/options.ts';
import type { World } from './types.ts';

export async function worldOf({ world, scale, seed }: Pick<RunOptions, 'world' | 'scale' | 'seed'>): Promise<World> {
  switch (world) {
    case 'shop':
      return (await import('../shop/shop.ts')).SHOP;
    case 'bare':
      return (await import('./bare.ts')).BARE;
    case 'scale':
      return (await import('../scale/scale-world.ts')).scaleWorld({ ...scale, seed });
  }
}
