import { describe, expect, it } from 'vitest';
import { toAppError } from '../../kernel/errors.ts';
import { checkKustomizations, rewrittenKustomization } from './kustomizations.ts';

function outcome(text: string, name = 'overlay/kustomization.yaml'): string {
  try {
    checkKustomizations({ 'notes.txt': 'http://x', [name]: text });
    return 'accepted';
  } catch (error) {
    return toAppError(error).code;
  }
}

describe('a kustomization', () => {
  it.each([
    '',
    'resources: [a.yaml, ../base, ./b/../c.yaml]',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: web\nnamePrefix: x-\nimages: [{name: a, newName: r.example/a, newTag: "1"}]',
    'commonAnnotations: {docs: "https://example.com/x", path: /etc}',
    'configMapGenerator: [{name: a, literals: [url=http://localhost/], files: [k=conf/app.conf]}]',
    'patches: [{target: {kind: Deployment}, patch: "[{op: replace, path: /spec/replicas, value: 2}]"}]',
    'patchesStrategicMerge:\n- |\n  kind: A\n  link: http://x/\n',
    'replacements: [{source: {kind: A, fieldPath: metadata.name}, targets: [{select: {kind: B}, fieldPaths: [spec.x]}]}]',
  ])('may be %j', (text) => {
    expect(outcome(text)).toBe('accepted');
  });

  it.each([
    'resources: [../../outside]',
    'Resources: [../../outside]',
    'resources: ["\\x2e\\x2e/../outside"]',
    'resources: [a/../../../outside]',
    'resources:\n- |\n  ../../outside\n',
    'resources: [/etc]',
    'resources: [~/x]',
    'resources: [http://127.0.0.1:10250/pods]',
    'resources: [https://github.com/evil/repo?ref=main]',
    'bases: [../../x]',
    'components: [../../x]',
    'crds: [../../x]',
    'openapi: {path: ../../x}',
    'patches: [{path: ../../x}]',
    'configMapGenerator: [{name: a, files: [k=http://127.0.0.1:9/x]}]',
    'configMapGenerator: [{name: a, files: [k=../../x]}]',
    'secretGenerator: [{name: a, envs: [../../.env]}]',
    'helmCharts: [{name: a, repo: https://evil.example}]',
    'generators: [g.yaml]',
    'Transformers: [t.yaml]',
    'validators: ["{kind: X}"]',
    // Go's cleaning of paths takes the first line away (measured: a folder of the server was built).
    'resources: ["x\\n/../../../outside"]',
    'bases: ["x\\n/../../../outside"]',
    'configMapGenerator: [{name: a, files: ["k=x\\n/../../../outside"]}]',
  ])('is never %j', (text) => {
    expect(outcome(text)).toBe('command_refused');
  });

  it.each([
    'resources: [!!binary Li4vLi4vb3V0c2lkZQ==]',
    'a: &a [x]\nresources: *a',
    'resources: [!x y]',
    'resources: [a]\nresources: [b]',
    'resources: [a]\n---\nresources: [b]',
    'resources: [',
    // Go's JSON takes U+017F for s, and U+212A for k (measured: the generators ran and fetched from loopback).
    'generator\u017f: [g.yaml]',
    'tran\u017fformers: [t.yaml]',
    'configMapGenerator: [{name: a, \u212aind: b}]',
    // Line breaks to go-yaml only (measured, as above).
    'namePrefix: x # \u2028generators: [g.yaml]',
    'namePrefix: x # \u2029generators: [g.yaml]',
    'namePrefix: x # \u0085generators: [g.yaml]',
    'namePrefix: x # \rgenerators: [g.yaml]',
    '? [generators]\n: [g.yaml]',
    `# ${'x'.repeat(70_000)}`,
  ])('is not understood as %j', (text) => {
    expect(outcome(text)).toBe('invalid_argument');
  });

  it('reaches kustomize as what was checked', () => {
    const text = 'resources:\r\n- a.yaml # b\r\npatchesStrategicMerge:\n- |\n  kind: A\n';
    expect(rewrittenKustomization('kustomization.yaml', text)).toBe(
      '{"resources":["a.yaml"],"patchesStrategicMerge":["kind: A\\n"]}',
    );
    expect(rewrittenKustomization('kustomization.yaml', '# nothing\n')).toBe('');
  });

  it('is one by each of its names', () => {
    expect(outcome('resources: [../x]', 'kustomization.yml')).toBe('command_refused');
    expect(outcome('resources: [../x]', 'Kustomization')).toBe('command_refused');
    expect(outcome('resources: [../../../x]', 'a/b/Kustomization')).toBe('command_refused');
    expect(outcome('resources: [../../x]', 'a/b/Kustomization')).toBe('accepted');
    expect(outcome('resources: [../x]', 'other.yaml')).toBe('accepted');
  });
});
