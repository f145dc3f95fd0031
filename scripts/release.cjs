'use strict';
// npm run release: makes the next version from the files in .changeset: package.json, package-lock.json, CHANGELOG.md,
// openapi.yaml, a commit and its git tag. It neither pushes nor publishes anything.
require('./check-node.cjs');
require('./help.cjs').answerHelp(
  'usage: npm run release\n\nMakes the next version from the files in .changeset: package.json, CHANGELOG.md, openapi.yaml, a commit, a tag.',
);
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const inRoot = (...names) => path.join(root, ...names);
const run = (program, ...args) => execFileSync(program, args, { cwd: root, stdio: 'inherit' });
const output = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
const read = (file) => fs.readFileSync(inRoot(file), 'utf8');
const changeset = (command) => run(process.execPath, require.resolve('@changesets/cli/bin.js'), command);

function refuse(reason) {
  process.stderr.write(`no release: ${reason}\n`);
  process.exit(1);
}

function checkTree() {
  const status = output('status', '--porcelain');
  if (status !== '') refuse(`commit or stash these files first:\n${status}`);
  const changes = fs.readdirSync(inRoot('.changeset')).filter((f) => f.endsWith('.md') && f !== 'README.md');
  if (changes.length === 0) refuse('.changeset holds no change file; `npx changeset` writes one');
}

/** The introduction of the changelog: what stands between its title and its first release. */
const introduction = (changelog) => changelog.slice(changelog.indexOf('\n'), changelog.indexOf('\n## '));

/** changesets puts the new section right below the title. It belongs below the introduction, and has a date. */
function dateSection(intro, version) {
  const today = new Date().toISOString().slice(0, 10);
  const text = read('CHANGELOG.md').replace(intro, () => '');
  const dated = text.replace(`\n\n## ${version}\n`, () => `${intro}\n\n## ${version} - ${today}\n`);
  fs.writeFileSync(inRoot('CHANGELOG.md'), dated);
  run(process.execPath, require.resolve('prettier/bin/prettier.cjs'), '--write', 'CHANGELOG.md');
}

/** The version also stands in the description of the API and in the code that makes it. */
function setVersion(file, from, to) {
  const text = read(file);
  const changed = text.replace(/(^ *version: '?)([\d.]+)/m, (all, before, version) =>
    version === from ? before + to : all,
  );
  if (changed === text) throw new Error(`${file} does not hold the version ${from}`);
  fs.writeFileSync(inRoot(file), changed);
}

/** Only the version: an `npm install` could change what the lock file pins. */
function lockVersion(version) {
  const lock = JSON.parse(read('package-lock.json'));
  lock.version = version;
  lock.packages[''].version = version;
  fs.writeFileSync(inRoot('package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
}

/** Writes the next version into all files that hold it. */
function writeVersion() {
  const intro = introduction(read('CHANGELOG.md'));
  const before = JSON.parse(read('package.json')).version;
  changeset('version');
  const { version } = JSON.parse(read('package.json'));
  if (output('tag', '--list', `v${version}`) !== '') throw new Error(`the tag v${version} exists already`);
  dateSection(intro, version);
  lockVersion(version);
  for (const file of ['src/openapi/index.ts', 'openapi.yaml']) setVersion(file, before, version);
  return version;
}

function release() {
  checkTree();
  try {
    const version = writeVersion();
    run('git', 'add', '--all');
    run('git', 'commit', '--quiet', '--message', `Release ${version}`);
    changeset('tag');
    process.stdout.write(`v${version} is committed and tagged; git push --follow-tags publishes it\n`);
  } catch (error) {
    // The tree was clean, so only files of this run are taken back.
    run('git', 'reset', '--hard', '--quiet');
    refuse(error.message);
  }
}

release();
