/** Runs a real tool behind a guard on the test cluster, without the rest of the product. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { createDiscoveryCaches } from '../../src/app/discovery-cache.ts';
import { createGuardCall } from '../../src/app/guard-call.ts';
import { createGuardReport, type GuardRecord } from '../../src/app/guard-report.ts';
import { createGuardListener } from '../../src/exec/guard/listener.ts';
import type { CommandEffect } from '../../src/exec/types.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Gate } from '../../src/kernel/vocabulary.ts';
import { createClusters } from '../../src/kube/clusters.ts';
import { createKubeconfigStore } from '../../src/kube/kubeconfig/store.ts';
import { createTransport } from '../../src/kube/transport/create-transport.ts';
import { parseDocuments } from '../../src/operations/manifests/parse.ts';
import { decide } from '../../src/policy/decide.ts';
import { createRedactor } from '../../src/policy/redaction/redactor.ts';
import type { PolicyRules } from '../../src/policy/types.ts';
import type { Cli } from '../control-plane/modules.ts';
import { type CliResult, plainCli } from './clis.ts';
import { controlPlane } from './control-plane.ts';
import { GUARD_KEY, gatesOf } from './guard.ts';

export interface GuardedOptions {
  gates?: readonly Gate[];
  rules?: Partial<PolicyRules>;
  stdin?: string;
  namespace?: string;
  effect?: CommandEffect;
  /** Files of the working folder. */
  files?: Readonly<Record<string, string>>;
}

/** How it ended: `raw` as the tool printed it, `stdout` and `stderr` as a caller would see them. */
export interface GuardedResult extends CliResult {
  raw: CliResult;
  records: GuardRecord[];
  reason: string | undefined;
}

const listener = createGuardListener();
const caches = createDiscoveryCaches();
let clusters: ReturnType<typeof createClusters> | undefined;

afterAll(async () => {
  await listener.close();
  await clusters?.close();
});

export async function guardedCli(
  tool: Cli,
  args: readonly string[],
  options: GuardedOptions = {},
): Promise<GuardedResult> {
  clusters ??= createClusters(
    createKubeconfigStore(
      {
        explicitPath: controlPlane().kubeconfig,
        kubeconfigPath: undefined,
        kubeconfig: undefined,
        home: '/nowhere',
        processEnv: {},
      },
      { clock: systemClock, shutdown: new AbortController().signal },
    ),
    { openTransport: (connection) => createTransport(connection) },
  );
  const cluster = await clusters.get('admin');
  const redactor = createRedactor(GUARD_KEY, { secretData: 'base64' });
  const report = createGuardReport();
  const records: GuardRecord[] = [];
  const faults: unknown[] = [];
  const rules: PolicyRules = {
    gates: gatesOf(options.gates ?? []),
    allowedNamespaces: undefined,
    forbiddenNamespaces: new Set(),
    deniedKinds: new Set(),
    contexts: undefined,
    writeContexts: undefined,
    defaultContext: 'admin',
    maxResources: undefined,
    ...options.rules,
  };
  const call = createGuardCall({
    cluster,
    command: {
      tool,
      path: args.filter((arg) => !arg.startsWith('-')).slice(0, 1),
      effect: options.effect ?? (options.gates === undefined ? 'read' : 'destructive'),
    },
    decide: (request, facts) => decide(request, { rules, context: 'admin', ...facts }),
    mayImpersonate: rules.gates.escalation,
    redactor,
    key: GUARD_KEY,
    discovery: caches.of('admin'),
    servingChanged: () => cluster.mapper.invalidate(),
    readYaml: (text) => parseDocuments(text)[0]?.value,
    report,
    onRequest: (record) => records.push(record),
    onFault: (error) => faults.push(error),
    mayReach: () => false,
    end: () => undefined,
  });
  const ticket = await listener.admit('admin', call);
  const home = mkdtempSync(join(tmpdir(), 'k8s-mcp-guarded-'));
  try {
    for (const [name, text] of Object.entries(options.files ?? {})) {
      mkdirSync(dirname(join(home, name)), { recursive: true });
      writeFileSync(join(home, name), text);
    }
    const kubeconfig = join(home, 'kubeconfig');
    writeFileSync(kubeconfig, kubeconfigOf(ticket, options.namespace), { mode: 0o600 });
    const raw = await plainCli(tool, args, { kubeconfig, home, stdin: options.stdin ?? '', env: { KUBERC: 'off' } });
    if (faults.length > 0) throw faults[0];
    const shown = { stdout: redactor.text(raw.stdout), stderr: redactor.text(raw.stderr) };
    return { ...raw, ...shown, raw, records, reason: report.reason() };
  } finally {
    ticket.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** JSON is YAML. */
function kubeconfigOf(
  { server, ca, token }: { server: string; ca: string; token: string },
  namespace: string | undefined,
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'guarded',
    clusters: [
      { name: 'guarded', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: 'guarded', user: { token } }],
    contexts: [
      {
        name: 'guarded',
        context: { cluster: 'guarded', user: 'guarded', ...(namespace === undefined ? {} : { namespace }) },
      },
    ],
  });
}
