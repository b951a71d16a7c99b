import { describe, expect, it } from 'vitest';
import { refuseCallersArgocd } from './argocd-callers.ts';

describe('argocd with a caller’s own cluster', () => {
  const app = (gates: readonly 'exec'[]) => ({ tool: 'argocd', gates }) as const;

  it('asks nothing through forwarded ports', () => {
    expect(() => refuseCallersArgocd(app(['exec']), 'request:mine', false)).toThrow('forwarded ports');
    expect(() => refuseCallersArgocd(app([]), 'request:mine', false)).not.toThrow();
    expect(() => refuseCallersArgocd(app(['exec']), 'mine', false)).not.toThrow();
    expect(() => refuseCallersArgocd({ tool: 'kubectl', gates: ['exec'] }, 'request:mine', false)).not.toThrow();
  });

  it('never uses the operator’s Argo CD', () => {
    expect(() => refuseCallersArgocd(app([]), 'request:mine', true)).toThrow("this server's own Argo CD");
    expect(() => refuseCallersArgocd(app([]), 'mine', true)).not.toThrow();
  });
});
