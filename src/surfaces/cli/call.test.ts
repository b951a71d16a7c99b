import { expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import type { CallOutcome, CallRequest } from '../../operations/gateway.ts';
import { runCall } from './call.ts';
import { memoryGateway, memoryIo } from './testing.ts';

const { signal } = new AbortController();
const plan = { title: 'delete Pod a', effects: ['Pod a goes', 'its volume stays'], token: 'T1' };
const fine = (): CallOutcome => ({ ok: true, text: 'NAME\na', output: { items: ['a'] } });

/** Wants a plan confirmed once. */
function confirming({ arguments: input, human }: CallRequest): CallOutcome {
  if (human === 'declined') {
    const error = new AppError('confirmation_refused', 'Refused by the user; nothing was changed.');
    return { ok: false, text: 'confirmation_refused: Refused by the user; nothing was changed.', error };
  }
  if (JSON.stringify(input).includes('"confirm":"T1"')) return { ok: true, text: 'deleted', output: {} };
  const error = new AppError('confirmation_required', 'A plan waits.');
  return { ok: false, text: 'confirmation_required: A plan waits.', error, plan };
}

async function run(
  argv: string[],
  answer: (request: CallRequest) => CallOutcome,
  options: Parameters<typeof memoryIo>[0] = {},
) {
  const { gateway, calls } = memoryGateway(answer);
  const { io, printed, questions } = memoryIo(options);
  const code = await runCall(argv, { gateway, io, signal });
  return { code, calls, questions, ...printed };
}

test('The text of the answer goes to stdout and the exit code is 0', async () => {
  const { code, out, err, calls } = await run(['list_resources', '--kind', 'Pod'], fine);
  expect([code, out, err]).toEqual([0, 'NAME\na\n', '']);
  expect(calls[0]).toMatchObject({
    tool: 'list_resources',
    arguments: { kind: 'Pod' },
    principal: { id: 'shell', transport: 'shell', authenticated: true },
  });
});

test('-o json prints the typed answer', async () => {
  const { out } = await run(['list_resources', '-o', 'json'], fine);
  expect(JSON.parse(out)).toEqual({ items: ['a'] });
});

test('--json - reads the input from stdin', async () => {
  const { calls } = await run(['list_resources', '--json', '-', '--limit', '3'], fine, { input: '{"kind":"Pod"}' });
  expect(calls[0]?.arguments).toEqual({ kind: 'Pod', limit: 3 });
});

test('A failure goes to stderr with the exit code of the error table', async () => {
  const error = new AppError('gate_closed', 'Closed.', { remedy: 'Open it.' });
  const answer = (): CallOutcome => ({ ok: false, text: 'gate_closed: Closed.\nNext: Open it.', error });
  const text = await run(['list_resources'], answer);
  expect([text.code, text.out, text.err]).toEqual([3, '', 'gate_closed: Closed.\nNext: Open it.\n']);
  const json = await run(['list_resources', '-o', 'json'], answer);
  expect([json.code, json.out]).toEqual([3, '']);
  expect(JSON.parse(json.err)).toEqual({ code: 'gate_closed', message: 'Closed.', remedy: 'Open it.' });
});

test('A command that was run and failed is printed whole, with exit code 1', async () => {
  const answer = (): CallOutcome => ({ ok: true, text: 'exit code 3\nno such pod', output: {}, failed: true });
  const { code, out } = await run(['list_resources'], answer);
  expect([code, out]).toEqual([1, 'exit code 3\nno such pod\n']);
});

test('Bad arguments never reach the gateway', async () => {
  const bad = await run(['list_resources', '--limit', 'x'], fine);
  expect([bad.code, bad.calls]).toEqual([2, []]);
  expect(bad.err).toContain('- limit: must be a whole number, not "x"');
});

test('At a terminal the plan is shown, and a yes carries it out with its token', async () => {
  const argv = ['delete_resource', '--name', 'a'];
  const { code, out, err, questions, calls } = await run(argv, confirming, { interactive: true, answer: 'y' });
  expect(err).toBe('delete Pod a\n  - Pod a goes\n  - its volume stays\n');
  expect(questions).toEqual(['Carry this out? [y/N] ']);
  expect([code, out]).toEqual([0, 'deleted\n']);
  expect(calls.map(({ arguments: input, human }) => [input, human])).toEqual([
    [{ name: 'a' }, 'can-ask'],
    [{ name: 'a', confirm: 'T1' }, 'accepted'],
  ]);
});

test.each(['', 'n', 'nyes', 'yep', 'N'])('The answer "%s" changes nothing', async (answer) => {
  const { code, calls, err } = await run(['delete_resource', '--name', 'a'], confirming, { interactive: true, answer });
  expect([code, calls.map(({ human }) => human)]).toEqual([4, ['can-ask', 'declined']]);
  expect(err).toContain('nothing was changed');
});

test('Without a terminal nobody is asked: the plan and the way on are printed', async () => {
  const { code, calls, err, questions } = await run(['delete_resource', '--name', 'a'], confirming);
  expect([code, calls.length, questions]).toEqual([4, 1, []]);
  expect(calls[0]).not.toHaveProperty('human');
  expect(err).toBe(
    'confirmation_required: A plan waits.\nIn this shell: run it in a terminal to be asked, or add --yes.\n',
  );
});

test('--yes carries a plan out without a question, and does not pretend that a person was asked', async () => {
  const { code, calls, questions } = await run(['delete_resource', '--name', 'a', '--yes'], confirming);
  expect([code, questions]).toEqual([0, []]);
  expect(calls[1]).toMatchObject({ arguments: { name: 'a', confirm: 'T1' } });
  expect(calls[1]).not.toHaveProperty('human');
});

test('--help shows what the tool takes and calls nothing', async () => {
  const { code, out, calls } = await run(['delete_resource', '--help'], fine);
  expect([code, calls]).toEqual([0, []]);
  expect(out).toContain('Usage: k8s-mcp call delete_resource --name <string>');
});

test('A tool that is not shown is refused in the words of the gateway', async () => {
  const error = new AppError('gate_closed', 'update_resource needs the update gate, which is closed.');
  const refusal = (): CallOutcome => ({ ok: false, text: `gate_closed: ${error.message}`, error });
  const { code, err, calls } = await run(['update_resource', '--kind', 'Pod', '--name', 'a'], refusal);
  expect([code, err]).toEqual([3, 'gate_closed: update_resource needs the update gate, which is closed.\n']);
  expect(calls).toHaveLength(1);
});
