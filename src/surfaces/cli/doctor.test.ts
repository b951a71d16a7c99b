import { expect, test } from 'vitest';
import { type Check, printDoctor } from './doctor.ts';
import { memoryIo } from './testing.ts';

async function* checks(...all: Check[]) {
  yield* all;
}

test('Checks are printed with their remedies, and a failure gives exit code 1', async () => {
  const { io, printed } = memoryIo();
  const code = await printDoctor(
    checks(
      { name: 'kubeconfig', status: 'ok', detail: '2 contexts' },
      { name: 'cluster', status: 'fail', detail: 'no answer\nfrom 10.0.0.1', remedy: 'Check the VPN.' },
      { name: 'graph', status: 'skip', detail: 'no cluster' },
    ),
    io,
    'text',
  );
  expect(code).toBe(1);
  expect(printed.out).toBe(
    [
      '[ok]   kubeconfig: 2 contexts',
      '[FAIL] cluster: no answer',
      '       from 10.0.0.1',
      '       -> Check the VPN.',
      '[skip] graph: no cluster',
      '',
      '1 ok, 0 to look at, 1 failed, 1 skipped',
      '',
    ].join('\n'),
  );
});

test('Warnings alone are no failure', async () => {
  const { io } = memoryIo();
  expect(await printDoctor(checks({ name: 'a', status: 'warn', detail: 'old' }), io, 'text')).toBe(0);
});

test('As JSON the whole report is one document', async () => {
  const { io, printed } = memoryIo();
  const check: Check = { name: 'a', status: 'fail', detail: 'x' };
  expect(await printDoctor(checks(check), io, 'json')).toBe(1);
  expect(JSON.parse(printed.out)).toEqual({ checks: [check], healthy: false });
});

test('Text of a cluster cannot steer the terminal', async () => {
  const { io, printed } = memoryIo();
  await printDoctor(checks({ name: 'a', status: 'ok', detail: '\u001b[31mred\u202e\u0007\r' }), io, 'text');
  expect(printed.out.split('\n')[0]).toBe('[ok]   a: [31mred');
});
