/** Decoders of answers throw these; the wire turns them into its failures. */

/** The bytes are not what was asked for. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** The bytes end where more must follow: the connection was lost, whatever it looked like. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
}

/** Bytes of one object or event. etcd keeps objects below 2 MiB; aggregated APIs are not bound by it. */
export const MAX_ITEM_BYTES = 64 * 1024 * 1024;
/** Bytes of a list without its items. */
export const MAX_ENVELOPE_BYTES = 1024 * 1024;
/** Bytes of one page. */
export const MAX_PAGE_BYTES = 1024 * 1024 * 1024;
