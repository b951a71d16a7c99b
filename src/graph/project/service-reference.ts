import { dict, numberOr, text } from './read.ts';

/** Where the API server finds a webhook or an aggregated API: `{namespace, name, port}`. Names are '' where there is none. */
export function serviceReference(value: unknown): { namespace: string; name: string; port: number } {
  const { namespace, name, port } = dict(value);
  // 443 is the server's default.
  return { namespace: text(namespace), name: text(name), port: numberOr(port, 443) };
}
