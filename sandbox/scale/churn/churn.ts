export function startChurn(_: unknown): () => void {
  return () => undefined;
}
