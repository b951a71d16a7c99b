import type { GuardTicket } from './guard/types.ts';

/** A context as a tool may name it. */
export interface ShownContext {
  name: string;
  cluster: string;
  user: string;
  namespace?: string | undefined;
}

export interface ShownContexts {
  /** The name of the one that the command is for; it is among `all`. */
  current: string;
  all: readonly ShownContext[];
  /** The namespace of a command that names none, where it is not the current context's own. */
  namespace?: string | undefined;
}

/** Other contexts lead there: the guard knows no such cluster, and refuses. */
export const OTHER_CONTEXTS_PATH = '/another-context';

/**
 * The kubeconfig of one command, as JSON, which is YAML. It leads to the guard and nowhere else. Contexts besides the current one
 * are there by name only, without credentials.
 */
export function childKubeconfig(ticket: Pick<GuardTicket, 'server' | 'ca' | 'token'>, shown: ShownContexts): string {
  const current = shown.all.find(({ name }) => name === shown.current) ?? plainContext(shown.current);
  const authority = Buffer.from(ticket.ca).toString('base64');
  const elsewhere = new URL(OTHER_CONTEXTS_PATH, ticket.server).href;
  const contexts = shown.all.includes(current) ? shown.all : [current, ...shown.all];
  const namespace = shown.namespace ?? current.namespace;
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current.name,
    clusters: unique(contexts.map(({ cluster }) => cluster)).map((name) => ({
      name,
      cluster: {
        server: name === current.cluster ? ticket.server : elsewhere,
        'certificate-authority-data': authority,
      },
    })),
    contexts: contexts.map((context) => ({
      name: context.name,
      context: contextFields(context === current ? { ...context, namespace } : context),
    })),
    users: unique(contexts.map(({ user }) => user)).map((name) => ({
      name,
      user: name === current.user ? { token: ticket.token } : {},
    })),
  });
}

function plainContext(name: string): ShownContext {
  return { name, cluster: name, user: name };
}

function contextFields({ cluster, user, namespace }: ShownContext) {
  return { cluster, user, ...(namespace === undefined ? {} : { namespace }) };
}

/** A context may name no cluster or no user; a list with such an entry is refused by the tools. */
function unique(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => name !== '');
}
