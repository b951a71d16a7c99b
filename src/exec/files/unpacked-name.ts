const ARCHIVE = /\.(?:tgz|tar\.gz)$/;

/** Whether a file of this name is an archive: base64 among `files`, unpacked by us before the tool starts. */
export function isArchive(name: string): boolean {
  return ARCHIVE.test(name);
}

/** The folder that an archive is unpacked to: `charts/web-1.0.tgz` is there as `charts/web-1.0`. Any other name is itself. */
export function unpackedName(name: string): string {
  return name.replace(ARCHIVE, '');
}
