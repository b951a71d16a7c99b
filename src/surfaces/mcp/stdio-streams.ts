/** The process's own streams: stdout carries JSON-RPC and nothing else, so only this file and the shell surface name it. */
export function processStreams(): { input: NodeJS.ReadStream; output: NodeJS.WriteStream } {
  return { input: process.stdin, output: process.stdout };
}
