'use strict';
// Builds the hub where the build is not of this source. Everything is made in a folder beside and renamed when it is
// whole: neither a kill in the middle nor two starts at once leave half a build behind.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const DIST = path.join(ROOT, 'dist');
const STAMP = 'source.sha256';
const FOLDERS = ['src', 'migrations', 'bench'];
const FILES = /^(tsconfig.*\.json|package-lock\.json)$/;

/** Brings `dist` up to the source; a container has only the build, which is then taken as it is. */
function ensureBuild() {
  if (!fs.existsSync(path.join(ROOT, 'src'))) return requireBuild();
  sweep();
  const wanted = hashOfSource();
  if (stampOf(DIST) === wanted) return;
  const fresh = `${DIST}.${process.pid}`;
  compile(fresh);
  copyAssets(path.join(fresh, 'src'));
  fs.writeFileSync(path.join(fresh, STAMP), wanted);
  install(fresh, wanted);
}

/** Runs a file of the build as this process's main module, in the foreground, with the arguments given. */
function runBuilt(file, args = process.argv.slice(2)) {
  ensureBuild();
  process.argv = [process.argv[0], path.join(DIST, file), ...args];
  Module.runMain();
}

function requireBuild() {
  if (!fs.existsSync(path.join(DIST, 'src', 'main.js')))
    fail('there is neither source nor a build in ' + ROOT);
}

/** Folders of builds that were killed; one that bears our own id is a dead one's too. */
function sweep() {
  for (const name of fs.readdirSync(ROOT)) {
    const pid = Number(/^dist\.(\d+)(\.old)?$/.exec(name)?.[1]);
    if (pid && (pid === process.pid || !alive(pid))) remove(path.join(ROOT, name));
  }
}

function alive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function hashOfSource() {
  const hash = createHash('sha256');
  for (const file of sources()) {
    const text = fs.readFileSync(path.join(ROOT, file));
    hash.update(`${file}\0${text.length}\0`).update(text);
  }
  return hash.digest('hex');
}

function sources() {
  const top = fs.readdirSync(ROOT).filter((name) => FILES.test(name));
  return [...top, ...FOLDERS.flatMap(filesBelow)].sort();
}

function filesBelow(folder) {
  const at = path.join(ROOT, folder);
  if (!fs.existsSync(at)) return [];
  const entries = fs
    .readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile());
  // Node 20 before 20.12 calls it path
  return entries.map((entry) => path.relative(ROOT, path.join(entry.parentPath ?? entry.path, entry.name)));
}

function stampOf(folder) {
  try {
    return fs.readFileSync(path.join(folder, STAMP), 'utf8');
  } catch {
    return undefined;
  }
}

function compile(fresh) {
  process.stderr.write('building …\n');
  const compiler = path.join(ROOT, 'node_modules', 'typescript-7', 'bin', 'tsc');
  const args = [compiler, '-p', path.join(ROOT, 'tsconfig.build.json'), '--outDir', fresh];
  // the compiler speaks on stderr here: stdout belongs to what is run
  const result = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (result.status === 0) return;
  remove(fresh);
  fail(`the build failed (${result.error?.message ?? result.signal ?? `exit code ${result.status}`})`);
}

/** What the compiler leaves out: pages, styles and data beside the source. */
function copyAssets(target) {
  for (const file of filesBelow('src').filter((name) => !name.endsWith('.ts'))) {
    fs.cpSync(path.join(ROOT, file), path.join(target, path.relative('src', file)));
  }
}

function install(fresh, wanted) {
  const old = `${fresh}.old`;
  for (let attempt = 0; attempt < 5 && stampOf(DIST) !== wanted; attempt++) {
    moveAway(old);
    try {
      fs.renameSync(fresh, DIST);
    } catch (error) {
      if (!fs.existsSync(DIST)) throw error; // else another start was faster; whether it built the same, the loop asks
    }
  }
  remove(fresh);
  remove(old);
  if (stampOf(DIST) !== wanted) fail('other builds of another source run at this moment');
}

function moveAway(old) {
  remove(old);
  try {
    fs.renameSync(DIST, old);
  } catch (error) {
    if (error.code !== 'ENOENT') remove(DIST); // a folder of a container's image can't be renamed (EXDEV)
  }
}

function remove(folder) {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

module.exports = { ensureBuild, runBuilt };
