// First step of every npm script. Runs on whatever Node is installed (20 is enough), makes sure the packages and the
// pinned Node of package.json are really there, then runs the wanted program on that Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wantedNode = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.node;
const stamp = join(root, 'node_modules', '.k8s-mcp-installed');
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const say = (text) => process.stderr.write(`k8s-mcp setup: ${text}\n`);
const fail = (text) => {
  say(text);
  process.exit(1);
};

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function installed() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();
}

function npm(args) {
  const cli = process.env.npm_execpath;
  const env = { ...process.env, npm_config_loglevel: 'error', npm_config_fund: 'false', npm_config_audit: 'false' };
  const options = { cwd: root, stdio: ['ignore', 2, 2], env };
  return cli ? spawnSync(process.execPath, [cli, ...args], options) : spawnSync('npm', args, options);
}

function pinnedNodeWorks() {
  if (!existsSync(node)) return false;
  const { stdout, status } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.trim() === `v${wantedNode}`;
}

function prepare() {
  if (installed() && existsSync(node)) return;
  const hash = lockHash();
  say('installing the packages of package-lock.json (about a minute the first time) ...');
  if (npm(['ci']).status !== 0) fail('npm ci failed; its messages are above. Is a package registry reachable?');
  // npm may hold back install scripts; the pinned Node needs its own, which only copies a binary from another package.
  if (!pinnedNodeWorks()) npm(['rebuild', 'node']);
  if (!pinnedNodeWorks())
    fail(`Node ${wantedNode} did not install into node_modules/node. Run: npm install-scripts approve node && npm ci`);
  writeFileSync(stamp, hash);
  say('ready.');
}

prepare();
const [program, ...args] = process.argv.slice(2);
const bin = join(root, 'node_modules', '.bin');
const delimiter = process.platform === 'win32' ? ';' : ':';
const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, program), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${join(root, 'node_modules', 'node', 'bin')}${delimiter}${bin}${delimiter}${process.env.PATH}`,
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 128 : (code ?? 1)));
