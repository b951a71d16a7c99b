/** Runs the stages of a pipe one after the other, in the thread it is called in. */
import { AppError } from '../../kernel/errors.ts';
import { prepareStage } from './parse.ts';
import { fromBytes, Out, OutputFull } from './text.ts';
import type { Engines, FilterJob, FilterOutcome, RunStage, StageEnd } from './types.ts';

/** Most that a stage may hand to the next, in characters. */
const MAX_BETWEEN = 64 * 1024 * 1024;

/** Most that is kept of what all stages said. */
const MAX_ERROR = 8 * 1024;

/** 1.3 MB, read where a pipe has a jq. */
const ENGINES: Engines = {
  jq: async (argv, input, out) => (await import('./jq-wasm.ts')).runJq(argv, input, out),
};

export async function runChain({ stages, input, maxOutputChars }: FilterJob): Promise<FilterOutcome> {
  let text = typeof input === 'string' ? input : fromBytes(input);
  const said: string[] = [];
  let exitCode = 0;
  let truncated = false;
  for (const [index, { name, args }] of stages.entries()) {
    const isLast = index === stages.length - 1;
    const out = new Out(isLast ? maxOutputChars : MAX_BETWEEN);
    const { end, full } = await runStage(prepareStage(name, args), name, text, out);
    if (full && !isLast) said.push(`${name}: stopped after ${MAX_BETWEEN} characters; what follows saw only these.`);
    if (end.error !== '') said.push(end.error);
    truncated ||= full;
    exitCode = end.exitCode;
    text = out.text();
  }
  const error = said.join('\n').slice(0, MAX_ERROR);
  return { output: text, exitCode, truncated, ...(error === '' ? {} : { error }) };
}

async function runStage(
  run: RunStage,
  name: string,
  input: string,
  out: Out,
): Promise<{ end: StageEnd; full: boolean }> {
  try {
    return { end: await run(input, out, ENGINES), full: false };
  } catch (error) {
    if (error instanceof OutputFull) return { end: { exitCode: 0, error: '' }, full: true };
    if (error instanceof AppError) throw error;
    const text = error instanceof RangeError ? error.message : 'failed';
    return { end: { exitCode: 2, error: `${name}: ${text}` }, full: false };
  }
}
