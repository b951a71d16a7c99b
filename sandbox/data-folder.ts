/** Parts of the sandbox that read data files when they run; scripts/build.ts copies the folders of these names. */
export const DATA_PARTS = ['bootstrap', 'kinds', 'protobuf'] as const;

/** The folder of a part's data files: beside its code in a checkout, under `sandbox-data/<part>/` in a release. */
export function dataFolder(part: (typeof DATA_PARTS)[number], moduleUrl: string): URL {
  const { pathname } = new URL(moduleUrl);
  if (pathname.endsWith('.ts')) return new URL('./data/', moduleUrl);
  const root = pathname.includes('/chunks/') ? '..' : '.';
  return new URL(`${root}/sandbox-data/${part}/`, moduleUrl);
}
