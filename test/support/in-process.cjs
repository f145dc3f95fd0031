'use strict';
// Which test files stay in their own process. The others start hubs, databases or npm, and so take long: whoever imports
// node:child_process, itself or through a file of test, belongs to them.
const fs = require('node:fs');
const path = require('node:path');

const TESTS = path.join(__dirname, '..');
const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g;

/** The test files that start no process, as paths below test. */
function inProcessTests() {
  const files = fs.readdirSync(TESTS, { recursive: true }).filter((file) => file.endsWith('.test.ts'));
  const inProcess = files.filter((file) => !startsProcess(path.join(TESTS, file), new Set()));
  return inProcess.map((file) => file.replaceAll(path.sep, '/'));
}

/** `seen`: files looked at already, since imports may go in circles. */
function startsProcess(file, seen) {
  if (seen.has(file)) return false;
  seen.add(file);
  const imports = [...fs.readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, name]) => name);
  return imports.some((name) => name === 'node:child_process' || startsProcessIn(file, name, seen));
}

function startsProcessIn(file, name, seen) {
  const target = `${path.resolve(path.dirname(file), name)}.ts`;
  return name.startsWith('.') && target.startsWith(TESTS + path.sep) && startsProcess(target, seen);
}

module.exports = { inProcessTests };
