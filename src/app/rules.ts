import type { Settings } from '../config/table.ts';
import { AppError } from '../kernel/errors.ts';
import type { PolicyRules } from '../policy/types.ts';

/** The part of the settings that decides. `defaultContext` is the one current at start. */
export function rulesOf(settings: Settings, defaultContext: string | undefined): PolicyRules {
  return {
    gates: gatesOf(settings),
    allowedNamespaces: settings.allowedNamespaces && new Set(settings.allowedNamespaces),
    forbiddenNamespaces: new Set(settings.forbiddenNamespaces),
    deniedKinds: new Set(settings.deniedKinds?.map((kind) => kind.toLowerCase())),
    contexts: settings.contexts,
    writeContexts: settings.writeContexts,
    defaultContext,
    maxResources: settings.maxResources,
  };
}

export function gatesOf(settings: Settings): PolicyRules['gates'] {
  return {
    list: settings.enableList,
    create: settings.enableCreate,
    update: settings.enableUpdate,
    delete: settings.enableDelete,
    exec: settings.enableExec,
    escalation: settings.enableEscalation,
  };
}

/** In the order of tools/list. */
export const TOOLSETS: readonly string[] = ['resources', 'cluster', 'intelligent', 'cli'];

/** The enabled toolsets. Throws for a name that is none. */
export function toolsetsOf(settings: Settings): readonly string[] {
  const chosen = settings.toolsets ?? TOOLSETS;
  const wrong = chosen.filter((name) => !TOOLSETS.includes(name));
  if (wrong.length === 0) return chosen;
  throw new AppError('invalid_argument', `There is no toolset ${wrong.join(', ')}.`, {
    problems: [{ field: '--toolsets', problem: `the toolsets are ${TOOLSETS.join(', ')}` }],
  });
}

/** Permissive mode counts: commands then write without the gates. */
export function hasOpenWriteGate(settings: Settings): boolean {
  if (settings.securityMode === 'permissive') return true;
  const { list: _reads, ...writes } = gatesOf(settings);
  return Object.values(writes).some(Boolean);
}
