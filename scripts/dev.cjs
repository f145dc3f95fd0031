'use strict';
// npm run dev: runs the hub, and on every change of the source builds it and starts it again. A source that does not
// build leaves the running hub as it is. Ctrl-C and SIGTERM end the hub, with its PostgreSQL, before this process.
require('./check-node.cjs');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { clearTimeout, setTimeout } = require('node:timers');

const ROOT = path.join(__dirname, '..');
const WATCHED = ['src', 'migrations'];
const STAMP = path.join(ROOT, 'dist', 'source.sha256');
/** An editor that saves several files causes one build. */
const QUIET_MS = 200;

let hub;
let build;
let running; // the build that the hub was started from
let timer;
let working = false;
let again = false;
let ending = false;

function watch() {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void end());
  for (const folder of WATCHED) fs.watch(path.join(ROOT, folder), { recursive: true }, changed);
  void update();
}

function changed() {
  clearTimeout(timer);
  timer = setTimeout(() => void update(), QUIET_MS);
}

/** One at a time; a change during one causes one more. */
async function update() {
  again = true;
  if (working) return;
  working = true;
  while (again && !ending) {
    again = false;
    await bringUp();
  }
  working = false;
}

async function bringUp() {
  if (!(await builds())) return say('not built: waiting for the next change');
  const wanted = fs.readFileSync(STAMP, 'utf8');
  if (ending || (runs(hub) && running === wanted)) return;
  await stop(hub);
  running = wanted;
  if (!ending) start();
}

async function builds() {
  build = run(['scripts/build.cjs']);
  const [code] = await once(build, 'exit');
  return code === 0;
}

function start() {
  const started = run(
    ['--require', './scripts/dev.cjs', 'scripts/start.cjs'],
    ['inherit', 'inherit', 'inherit', 'ipc'],
  );
  hub = started;
  started.once('exit', (code) => {
    if (hub === started && !started.stopped) say(`the hub has ended (${code}): waiting for the next change`);
  });
}

function run(args, stdio = 'inherit') {
  return spawn(process.execPath, args, { cwd: ROOT, stdio });
}

const runs = (child) => child !== undefined && child.exitCode === null && child.signalCode === null;

/** SIGTERM, and waits for the end; a hub that Ctrl-C reached already ends by the first of the two. */
async function stop(child) {
  if (!runs(child)) return;
  child.stopped = true;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function end() {
  if (ending) return;
  ending = true;
  await Promise.all([stop(hub), stop(build)]);
  process.exit(0);
}

function say(text) {
  if (!ending) process.stderr.write(`dev: ${text}\n`);
}

/** In the hub's own process: where `npm run dev` was killed, its hub ends too. */
function endWithParent() {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

if (require.main === module) watch();
else endWithParent();
