/** Lines that a rule puts into a watch, in the form that the watch has. */
import { encodeStatus, watchFrame } from '../../sandbox/server/protobuf-wire.ts';
import { type Framing, parsed } from './frames.ts';
import { applyEdits } from './json-edits.ts';
import type { Edit, Line } from './plan.ts';

/** `current` is the event at hand or the last one. Undefined where the form has no way to say it: objects and edits in protobuf. */
export function frameOf(line: Line, form: Framing['form'], current: Buffer | undefined): Buffer | undefined {
  switch (line.line) {
    case 'status': {
      const status = statusOf(line);
      return form === 'json' ? jsonLine({ type: 'ERROR', object: status }) : watchFrame('ERROR', encodeStatus(status));
    }
    case 'event':
      return form === 'json' ? jsonLine({ type: line.type, object: line.object }) : undefined;
    case 'text':
      return Buffer.from(line.text.endsWith('\n') ? line.text : `${line.text}\n`);
    case 'again': {
      const once = current && (line.edits === undefined ? current : edited(current, line.edits, form));
      return once && Buffer.concat(Array.from({ length: line.times ?? 1 }, () => once));
    }
  }
}

/** Undefined where it cannot be edited. */
export function edited(frame: Buffer, edits: readonly Edit[], form: Framing['form']): Buffer | undefined {
  const event = form === 'json' ? parsed(frame) : undefined;
  if (event === undefined) return undefined;
  applyEdits(event, edits);
  return jsonLine(event);
}

interface StatusFacts {
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
  readonly retryAfterSeconds?: number;
}

/** A meta/v1 Status of a failure. */
export function statusOf({ code, reason, message, retryAfterSeconds }: StatusFacts) {
  return {
    kind: 'Status' as const,
    apiVersion: 'v1' as const,
    metadata: {},
    status: 'Failure' as const,
    message: message ?? `the fault proxy answers ${code}`,
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } }),
    code,
  };
}

function jsonLine(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
