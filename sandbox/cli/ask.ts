/** Commands to a sandbox that runs, and their answers for a person. */
import type { Command } from './options.ts';
import { PROGRAM } from './program.ts';
import { connect, type Remote } from './remote.ts';

type Asking = Exclude<Command, { kind: 'help' | 'run' }>;

interface ShownIncident {
  name: string;
  title: string;
  symptom: string;
  broken: boolean;
  look: readonly string[];
}

export async function ask(command: Asking): Promise<number> {
  const remote = connect(command.folder);
  process.stdout.write(`${await answer(command, remote)}\n`);
  return 0;
}

async function answer(command: Asking, { ask: send, state }: Remote): Promise<string> {
  switch (command.kind) {
    case 'status': {
      const { world, now, counts } = (await send('GET', 'status')) as Status;
      const things = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
      return `${state.url}  world ${world}: ${things.join(', ')}\nkubeconfig  ${state.kubeconfig}\nits clock   ${now}`;
    }
    case 'incidents': {
      const { world, incidents } = (await send('GET', 'incidents')) as { world: string; incidents: ShownIncident[] };
      if (incidents.length === 0) return `The world ${world} has no incidents: start it with --world shop.`;
      return `${rows(incidents)}\n\n${PROGRAM} break NAME plays one, heal NAME ends it.`;
    }
    case 'break':
    case 'heal': {
      const { incidents } = (await send('POST', command.kind, { names: command.names })) as {
        incidents: ShownIncident[];
      };
      if (incidents.length === 0) return 'Nothing was broken.';
      return incidents.map((incident) => played(command.kind, incident, state.kubeconfig)).join('\n');
    }
    case 'advance': {
      const { now } = (await send('POST', 'advance', { ms: command.ms })) as { now: string };
      return `Its clock stands at ${now}.`;
    }
    case 'stop':
      await send('POST', 'stop');
      return `The sandbox at ${state.url} ends.`;
  }
}

interface Status {
  world: string;
  now: string;
  counts: Record<string, number>;
}

function rows(incidents: readonly ShownIncident[]): string {
  const width = Math.max(...incidents.map(({ name }) => name.length));
  return incidents.map(({ name, title, broken }) => `${broken ? '*' : ' '} ${name.padEnd(width)}  ${title}`).join('\n');
}

function played(kind: 'break' | 'heal', { name, symptom, look }: ShownIncident, kubeconfig: string): string {
  if (kind === 'heal')
    return `${name}: healed; what it broke recovers in its own time (${PROGRAM} advance 5m hurries it).`;
  const command = `kubectl --kubeconfig ${kubeconfig} ${look.join(' ')}`;
  return `${name}: ${symptom}\n  look  ${command}\n  heal  ${PROGRAM} heal ${name}`;
}
