/** `namespace/name`: what stands for a release of Helm; '' where either is not known. */
export function releaseName(namespace: string, name: string): string {
  return namespace === '' || name === '' ? '' : `${namespace}/${name}`;
}
