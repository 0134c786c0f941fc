/**
 * The entry point of the npm scripts: `node infra/run.mjs <command> [args]`. Plain JavaScript that needs only Node 20
 * or later. It installs what is missing (Node 24, node_modules) with a message on stderr, and then runs
 * infra/commands/<command>.ts.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const NODE_VERSION = '24.21.0';
const COMMANDS = ['demo', 'start', 'token', 'report', 'bench', 'build', 'deploy', 'lint', 'typecheck', 'test'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command, ...args] = process.argv.slice(2);
if (!COMMANDS.includes(command)) {
  process.stderr.write(`usage: npm run <${COMMANDS.join(' | ')}> -- [arguments]\n`);
  process.exit(2);
}

const nodePackage = `node-${process.platform}-${process.arch}`;
const nodeFromNpm = join(root, '.local/node/node_modules', nodePackage, 'bin/node');
const node = Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : nodeFromNpm;
const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };

/** Makes a command line end with the process that starts it, even if that is killed by SIGKILL (util-linux only). */
const endWithParent =
  spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0
    ? (line) => ['setpriv', '--pdeathsig', 'TERM', ...line]
    : (line) => line;

/** Written after `npm ci`: node_modules is current if it was installed from this lock file for this platform. */
const stamp = join(root, 'node_modules/.made-from');
const wantedStamp = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(nodePackage)
  .digest('hex');

// A killed npm may leave an incomplete binary, so it must run to count.
const hasNode = () =>
  node === process.execPath ||
  (existsSync(node) && spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${NODE_VERSION}`);
const hasModules = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedStamp;

if (!hasNode() || !hasModules()) await exclusively(setUp);
process.exitCode = await run();

function setUp() {
  if (!hasNode()) {
    process.stderr.write(`Installing Node ${NODE_VERSION} into .local/node ...\n`);
    npm(['install', '--prefix', join(root, '.local/node'), '--no-save', `${nodePackage}@${NODE_VERSION}`]);
    if (!hasNode()) fail(`Node ${NODE_VERSION} from npm does not run here: install Node 24 and put it first in PATH.`);
  }
  if (!hasModules()) {
    process.stderr.write('Installing the dependencies ...\n');
    // Development dependencies are needed even if the caller's environment sets NODE_ENV=production.
    npm(['ci', '--include=dev']);
    writeFileSync(stamp, wantedStamp);
  }
}

function npm(npmArgs) {
  const [program, ...line] = endWithParent(['npm', ...npmArgs, '--no-audit', '--no-fund', '--loglevel=error']);
  const { status, stdout, stderr, error } = spawnSync(program, line, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0)
    fail(`${stdout ?? ''}${stderr ?? ''}npm ${npmArgs.join(' ')} failed${error ? `: ${error.message}` : ''}`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/**
 * Runs `work` while no other command of this checkout does. The lock is an abstract socket, which the kernel releases
 * when its holder ends, so a lock is never stale. Only Linux has them; elsewhere nothing is locked.
 */
async function exclusively(work) {
  if (process.platform !== 'linux') return work();
  const name = `\0report-download-center-${createHash('sha256').update(root).digest('hex').slice(0, 32)}`;
  for (let told = false; ; told = true) {
    const lock = createServer().listen(name);
    try {
      await once(lock, 'listening');
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
      if (!told) process.stderr.write('Waiting for another command of this checkout to finish its set-up ...\n');
      await sleep(200);
      continue;
    }
    work();
    lock.close();
    return;
  }
}

/**
 * Runs the command and resolves to its exit code. The command has its own process group, so that it gets a Ctrl-C once,
 * from here: at a terminal this process gets it twice, from the terminal and from npm.
 */
async function run() {
  const script = join(root, 'infra/commands', `${command}.ts`);
  // The local cloud's storage streams gigabytes: see shared/runtime/collect-by-total-memory.ts.
  const gcFlags = ['--external-memory-accounted-in-global-limit', '--heap-growing-percent=400'];
  const flags = ['--disable-warning=ExperimentalWarning', ...gcFlags];
  const [program, ...line] = endWithParent([node, ...flags, script, ...args]);
  const child = spawn(program, line, { env, stdio: 'inherit', detached: true });

  let lastForwarded = 0;
  const forward = (signal) => {
    if (Date.now() - lastForwarded < 1000) return;
    lastForwarded = Date.now();
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  process.on('SIGWINCH', () => child.kill('SIGWINCH'));
  // An npm that was killed by SIGKILL forwarded no signal.
  const npmPid = process.env.npm_lifecycle_event && process.ppid;
  const watch = setInterval(() => {
    if (!npmPid || process.ppid === npmPid) return;
    clearInterval(watch);
    forward('SIGTERM');
  }, 500).unref();

  const [code, signal] = await once(child, 'exit');
  return code ?? 128 + constants.signals[signal];
}
