/**
 * Writes sandbox/bootstrap/data/objects.json: what a real kube-apiserver creates for itself when it starts. Run against a fresh
 * control plane: `node scripts/gen-sandbox-bootstrap.ts <kubectl> <kubeconfig>`. To be run again for a new Kubernetes version.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KINDS = [
  'clusterroles',
  'clusterrolebindings',
  'roles',
  'rolebindings',
  'flowschemas',
  'prioritylevelconfigurations',
  'priorityclasses',
];

interface Dumped {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string } & Record<string, unknown>;
  [field: string]: unknown;
}

const [kubectl = 'kubectl', kubeconfig = ''] = process.argv.slice(2);

function dump(kind: string): Dumped[] {
  const args = [`--kubeconfig=${kubeconfig}`, 'get', kind, '-A', '-o', 'json'];
  const text = execFileSync(kubectl, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return (JSON.parse(text) as { items: Dumped[] }).items;
}

/** Without what each server makes anew, and without what was created after its start. */
function essence({ apiVersion, kind, metadata, status: _status, ...rest }: Dumped): Dumped | undefined {
  const { name, namespace, labels, annotations } = metadata;
  if (!name.includes(':') && labels === undefined && annotations === undefined && kind.includes('Role'))
    return undefined;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...rest,
  };
}

const objects = KINDS.flatMap(dump).flatMap((object) => essence(object) ?? []);
const file = join(import.meta.dirname, '..', 'sandbox', 'bootstrap', 'data', 'objects.json');
writeFileSync(file, `[\n${objects.map((object) => JSON.stringify(object)).join(',\n')}\n]\n`);
process.stdout.write(`${objects.length} objects\n`);
