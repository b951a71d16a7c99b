import { existsSync, readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { identify } from '../process/process-identity.ts';
import { parentFolders } from '../process/run-folder.ts';
import { call, command, SECRET, type TestHost, TICKET, testHost } from './child-testing.ts';
import { type CommandRunner, createCommandRunner } from './run-command.ts';

describe('createCommandRunner', () => {
  let host: TestHost;
  let runner: CommandRunner;
  beforeEach(async () => {
    host = await testHost();
    runner = createCommandRunner(host);
  });
  afterEach(async () => {
    await runner.close();
    await host.clear();
  });
  /** Nothing of any command is left. */
  const expectNothingLeft = () => {
    expect(host.workspace.counts()).toMatchObject({ open: 0, failedRemovals: 0 });
    expect(host.tickets()).toBe(0);
    for (const parent of parentFolders({ only: host.place })) {
      for (const run of existsSync(parent) ? readdirSync(parent) : []) {
        expect(readdirSync(join(parent, run, 'calls'))).toEqual([]);
        expect(readdirSync(join(parent, run, 'children'))).toEqual([]);
      }
    }
  };

  it('answers with what the tool said, byte for byte, and says nothing was changed', async () => {
    await host.script('process.stdout.write("NAME  é\\n\\tx  \\n"); process.stderr.write("warning\\n")');
    const answer = await runner.run(command(), {}, call());
    expect(answer).toEqual({
      success: true,
      output: 'NAME  é\n\tx  \n',
      error: 'warning\n',
      exit_code: 0,
      duration_ms: expect.any(Number),
    });
    expectNothingLeft();
  });

  it('gives the exit code, and null where nothing was said on stderr', async () => {
    await host.script('process.exit(3)');
    expect(await runner.run(command(), {}, call())).toMatchObject({ success: false, exit_code: 3, error: null });
  });

  it('hands over argv, stdin, files and a kubeconfig that leads to the guard, in private folders', async () => {
    await host.script(`
      const fs = require('fs');
      const mode = (path) => (fs.statSync(path).mode & 0o777).toString(8);
      console.log(JSON.stringify({
        argv: process.argv.slice(2),
        stdin: fs.readFileSync(0, 'utf8'),
        file: fs.readFileSync('charts/web/values.yaml', 'utf8'),
        modes: [mode('.'), mode(process.env.HOME), mode(process.env.KUBECONFIG)],
        home: fs.readdirSync(process.env.HOME), path: fs.readdirSync(process.env.PATH),
        kubeconfig: JSON.parse(fs.readFileSync(process.env.KUBECONFIG)),
      }))`);
    const answer = await runner.run(
      command({ argv: ['get', '--output=json'], readsStdin: true }),
      { stdin: 'héllo', files: { 'charts/web/values.yaml': 'a: 1' } },
      call(),
    );
    expect(JSON.parse(answer.output)).toMatchObject({
      argv: ['get', '--output=json'],
      stdin: 'héllo',
      file: 'a: 1',
      modes: ['700', '700', '600'],
      home: [],
      path: [],
      kubeconfig: { 'current-context': 'prod', clusters: [{ cluster: { server: 'https://api.example.org:6443' } }] },
    });
    expectNothingLeft();
  });

  it('says what a plain tool would have said of its surroundings', async () => {
    await host.script(`
      const { HOME, TMPDIR, KUBECONFIG, PATH, XDG_CACHE_HOME, http_proxy } = process.env;
      console.log(['${TICKET.server}/api', '127.0.0.1:45678', '${TICKET.token}', HOME, TMPDIR + '/LIVE-1', KUBECONFIG,
        process.cwd() + '/a.yaml', process.cwd(), http_proxy, '127.0.0.1:45679'].join('\\n'));
      console.error('dial ${TICKET.server}')`);
    const { output, error, changed } = await runner.run(command(), {}, call());
    expect(output.split('\n')).toEqual([
      'https://api.example.org:6443/api',
      'api.example.org:6443',
      '<command token>',
      '~',
      '/tmp/LIVE-1',
      '~/.kube/config',
      'a.yaml',
      '.',
      '<egress proxy>',
      '<egress proxy>',
      '',
    ]);
    expect(error).toBe('dial https://api.example.org:6443\n');
    expect(changed).toBeUndefined();
  });

  it('hides secrets and control characters, and says so', async () => {
    await host.script(
      `process.stdout.write('password ${SECRET}\\n\\x1b[31mred\\x1b[0m\\n'); process.stderr.write('${SECRET}')`,
    );
    expect(await runner.run(command(), {}, call())).toMatchObject({
      output: 'password <redacted sha256:00000000>\nred\n',
      error: '<redacted sha256:00000000>',
      changed: ['secret values are shown as <redacted …>', 'control and invisible characters were removed'],
    });
  });

  it('keeps the first characters of a large output, a secret on the border hidden', async () => {
    await host.script(
      `process.stdout.write('x'.repeat(995) + '${SECRET}' + 'y'.repeat(3e6)); process.stderr.write('e'.repeat(5000))`,
    );
    const answer = await runner.run(command(), {}, call());
    expect(answer).toMatchObject({ success: true, truncated: true });
    expect(answer.output).toBe(`${'x'.repeat(995)}<reda`);
    expect(answer.error).toBe('e'.repeat(1000));
    expect(answer.changed).toContain('cut after 1000 characters');
    expect(answer.hint).toContain('grep');
  });

  it('hides secrets in large texts piece by piece', async () => {
    runner = createCommandRunner({ ...host, limits: { ...host.limits, maxOutput: 1_000_000 } });
    const line = `${'z'.repeat(60)} ${SECRET}\n`;
    await host.script(`process.stdout.write(${JSON.stringify(line)}.repeat(5000))`);
    const { output } = await runner.run(command(), {}, call());
    expect(output).toBe(line.replace(SECRET, '<redacted sha256:00000000>').repeat(5000));
  });

  it('gives what was printed before the time limit, says so, and leaves nothing that runs', async () => {
    // A shell has begun long before the limit, also on a busy machine; what it starts ignores the signal as it does.
    await host.script(`trap '' TERM; /bin/sleep 300 >/dev/null 2>&1 & echo $$ $!; wait`, '/bin/sh');
    const answer = await runner.run(command({ effect: 'write', tool: 'argocd' }), {}, call({ timeoutMs: 2000 }));
    expect(answer).toMatchObject({ success: false, exit_code: 124 });
    expect(answer.hint).toContain('may be half done');
    const pids = answer.output.trim().split(' ').map(Number);
    expect(pids.length).toBe(2);
    await expect.poll(() => pids.filter((pid) => identify(pid) !== undefined)).toEqual([]);
    expectNothingLeft();
  });

  it('shows a following command while it runs and says how to go on', async () => {
    await host.script(`while :; do n=$((n + 1)); echo "line $n ${SECRET}"; /bin/sleep 0.1; done`, '/bin/sh');
    const shown: string[] = [];
    const answer = await runner.run(
      command({ follows: true }),
      {},
      call({ timeoutMs: 3000, progress: (text) => shown.push(text) }),
    );
    expect(answer).toMatchObject({ success: true, exit_code: 0 });
    expect(answer.hint).toContain('It goes on until it is stopped');
    expect(answer.output).toContain('line 1 <redacted');
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.join('')).toContain('line 1 <redacted');
    expect(shown.join('')).not.toContain(SECRET);
  });

  it('ends a following command that has printed more than is kept', async () => {
    await host.script(`setInterval(() => process.stdout.write('x'.repeat(50000)), 1)`);
    const answer = await runner.run(command({ follows: true }), {}, call());
    expect(answer).toMatchObject({ exit_code: 141, truncated: true, output: 'x'.repeat(1000) });
  });

  it('ends a command that the guard has refused often enough, and keeps what it printed', async () => {
    await host.script('console.log("waiting"); setInterval(() => {}, 1000)');
    const enough = new AbortController();
    const progress = () => enough.abort();
    const outcome = () => ({ reason: 'pods/portforward needs the gate exec.', written: [] });
    const asking = call({ enough: enough.signal, progress, outcome });
    expect(await runner.run(command({ follows: true }), {}, asking)).toMatchObject({
      exit_code: 141,
      output: 'waiting\n',
      reason: 'pods/portforward needs the gate exec.',
      hint: 'It was ended: it went on asking for what it is refused.',
    });
  });

  it('does not wait for stdin that is never read, nor for one that was never given', async () => {
    await host.script('console.log("done")');
    const answer = await runner.run(command({ readsStdin: true }), { stdin: 'x'.repeat(3_000_000) }, call());
    expect(answer.output).toBe('done\n');
    await host.script('process.stdin.on("end", () => console.log("end")).resume()');
    expect((await runner.run(command(), { stdin: 'not for it' }, call())).output).toBe('end\n');
  });

  it('runs filters on redacted text and fails when either side did', async () => {
    let seen = '';
    const filtering = createCommandRunner({
      ...host,
      async runFilters(input, stages) {
        seen = `${stages[0]?.name}: ${input}`;
        return { output: input.slice(0, 4), exitCode: 0, truncated: false, error: 'grep: odd' };
      },
    });
    await host.script(`process.stdout.write('${SECRET} and more'); process.exit(2)`);
    const answer = await filtering.run(command({ filters: [{ name: 'grep', args: ['x'] }] }), {}, call());
    expect(seen).toBe('grep: <redacted sha256:00000000> and more');
    expect(answer).toMatchObject({ output: '<red', exit_code: 2, error: 'grep: odd\n' });
  });

  it('says that sizes in a description are those of markers', async () => {
    await host.script(`console.log('Data\\n====\\npassword:  26 bytes')`);
    const described = await runner.run(command({ path: ['describe'] }), {}, call());
    expect(described.output).toBe('Data\n====\npassword:  26 bytes\n');
    expect(described.changed).toEqual(['26 bytes is the size of what stands for a hidden value, not of the value']);
  });

  it("gives policy's reason, what was written before, and a hint for what the tool said", async () => {
    await host.script('console.error("Error: release: not found"); process.exit(1)');
    const answer = await runner.run(command({ tool: 'helm' }), {}, call());
    expect(answer.hint).toContain('helm list');
    const outcome = () => ({ reason: 'The gate delete is closed.', written: ['configmaps a/b created'] });
    const refused = await runner.run(command({ tool: 'helm', effect: 'write' }), {}, call({ outcome }));
    expect(refused.reason).toBe('The gate delete is closed.');
    expect(refused.hint).toBe('Before it ended it had changed: configmaps a/b created.');
  });

  it('says where exit code 1 is an answer', async () => {
    await host.script('console.log("-a"); process.exit(1)');
    const differs = await runner.run(command({ path: ['diff'] }), {}, call());
    expect(differs).toMatchObject({ exit_code: 1, hint: 'Exit code 1 of diff says that there are differences.' });
    const none = createCommandRunner({
      ...host,
      runFilters: async () => ({ output: '', exitCode: 1, truncated: false }),
    });
    const filters = [{ name: 'grep', args: ['x'] }];
    expect(await none.run(command({ filters }), {}, call())).toMatchObject({
      hint: 'No line matched, which grep says by exit code 1.',
    });
  });

  it('names a program that cannot be started', async () => {
    await expect(runner.run(command(), {}, call())).rejects.toMatchObject({ code: 'program_missing' });
    expectNothingLeft();
  });

  it('refuses a diff where there is no diff program, before anything is started', async () => {
    const without = createCommandRunner({ ...host, programs: { ...host.programs, diff: async () => undefined } });
    await expect(without.run(command({ path: ['diff'] }), {}, call())).rejects.toMatchObject({
      code: 'program_missing',
      message: expect.stringContaining('diff'),
    });
  });

  it('clears up when files, the guard or the kubeconfig cannot be had', async () => {
    await host.script('');
    const refused = new AppError('invalid_argument', 'files: no');
    const failing = [
      createCommandRunner({ ...host, prepareFiles: () => Promise.reject(refused) }),
      createCommandRunner({ ...host, guard: { admit: () => Promise.reject(refused) } }),
    ];
    for (const each of failing) {
      await expect(each.run(command(), { files: { a: '' } }, call())).rejects.toBe(refused);
    }
    await expect(runner.run(command(), { files: { '../a': '' } }, call())).rejects.toMatchObject({ code: 'internal' });
    await expect(runner.run(command(), {}, call({ handle: '../x' }))).rejects.toThrow('handle');
    expectNothingLeft();
  });

  it('refuses what comes when the queue is full', async () => {
    const narrow = createCommandRunner({ ...host, limits: { ...host.limits, concurrency: 1, queue: 1 } });
    await host.script('setTimeout(() => console.log("ok"), 200)');
    const answers = await Promise.allSettled([1, 2, 3].map(() => narrow.run(command(), {}, call())));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(answers[2]).toMatchObject({ reason: { code: 'too_many_requests' } });
  });

  it('leaves no process, folder, ticket or descriptor after hundreds of cancelled calls', async () => {
    await host.script('trap "" TERM; echo $$; while :; do read -r x < /dev/zero; done', '/bin/sh');
    const busy = createCommandRunner({ ...host, limits: { ...host.limits, concurrency: 10 } });
    const descriptors = async () => (await readdir('/proc/self/fd')).length;
    await busy.run(command(), {}, call({ timeoutMs: 50 }));
    const before = await descriptors();
    const reasons = await Promise.all(
      Array.from({ length: 300 }, async (_, at) => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), at * 5);
        const error = await busy
          .run(command({ tool: 'argocd' }), {}, call({ signal: controller.signal, handle: `h-${at % 7}` }))
          .catch((thrown: AppError) => thrown.code);
        return error;
      }),
    );
    expect(new Set(reasons)).toEqual(new Set(['cancelled']));
    expectNothingLeft();
    await expect.poll(descriptors).toBeLessThanOrEqual(before + 2);
    const mine = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const left = await Promise.all(
      mine.map(async (pid) => (await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).includes(host.place)),
    );
    expect(left.filter(Boolean)).toEqual([]);
  });

  it('ends all commands at close and removes every folder', async () => {
    await host.script('setInterval(() => {}, 1000)');
    const work = runner.run(command(), {}, call());
    const seen = work.catch((error: AppError) => error.message);
    await expect.poll(() => host.workspace.counts().open).toBe(1);
    await runner.close();
    expect(await seen).toBe('The server is shutting down.');
    expect(parentFolders({ only: host.place }).flatMap((parent) => readdirSync(parent))).toEqual([]);
  });
});
