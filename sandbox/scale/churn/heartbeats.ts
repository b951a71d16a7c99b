/** What kubelets write of themselves, node after node. */
import type { Story, Teller } from './story.ts';

export function leases(teller: Teller): Story | undefined {
  return everyNode(teller, (index) => teller.world.putLease(index, teller.now()));
}

/** The status of nodes: nothing has changed in it but when it was. */
export function heartbeats(teller: Teller): Story | undefined {
  return everyNode(teller, (index) => teller.world.putNode(index, teller.now()));
}

function everyNode(teller: Teller, write: (index: number) => void): Story | undefined {
  return teller.world.nodes === 0 ? undefined : nodes(teller, write);
}

function* nodes({ world }: Teller, write: (index: number) => void): Story {
  for (let index = 0; index < world.nodes; index++) {
    const health = world.health(index);
    if (health === 'silent' || health === 'broken') continue;
    write(index);
    yield;
  }
}
