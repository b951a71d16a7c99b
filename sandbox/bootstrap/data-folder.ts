/** The folder of a part's data files: beside its code in a checkout, under `sandbox-data/<part>/` beside the bundle. */
export function dataFolder(part: 'bootstrap' | 'kinds' | 'protobuf' | 'strategies', moduleUrl: string): URL {
  const inCheckout = new URL(moduleUrl).pathname.endsWith('.ts');
  return inCheckout ? new URL('./data/', moduleUrl) : new URL(`./sandbox-data/${part}/`, moduleUrl);
}
