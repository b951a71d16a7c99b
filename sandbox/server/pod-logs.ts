/** GET of pods/log. */
import { badRequest } from '../api/failure.ts';
import type { Call } from './call.ts';
import type { Outlet } from './exchange.ts';
import { openStream } from './open-stream.ts';
import type { LogOptions } from './ports.ts';
import { flag, integer, text } from './query.ts';
import { parentOf } from './reads.ts';

export function sendLog(call: Call): void {
  const { exchange, parts } = call;
  const options = readOptions(exchange.query);
  const pod = parentOf(call);
  const finish = (outlet: Outlet) => outlet.end();
  openStream(call, 'text/plain', finish, (stream) =>
    parts.logs(pod, options, {
      write: (chunk) => !stream.over && stream.outlet().write(chunk),
      end: stream.end,
    }),
  );
}

function readOptions(query: URLSearchParams): LogOptions {
  const sinceSeconds = integer(query, 'sinceSeconds');
  const tailLines = integer(query, 'tailLines');
  const limitBytes = integer(query, 'limitBytes');
  const sinceTime = text(query, 'sinceTime');
  const container = text(query, 'container');
  const stream = text(query, 'stream');
  if (sinceTime !== undefined && Number.isNaN(Date.parse(sinceTime))) {
    const quoted = JSON.stringify(sinceTime);
    throw badRequest(`parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${quoted} as "2006"`);
  }
  return {
    follow: flag(query, 'follow'),
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    ...(container === undefined ? {} : { container }),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
    ...(sinceTime === undefined ? {} : { sinceTime }),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(stream === 'All' || stream === 'Stdout' || stream === 'Stderr' ? { stream } : {}),
  };
}
