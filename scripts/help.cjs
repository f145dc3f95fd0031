'use strict';
// Answers --help and -h of a script with its usage.

function answerHelp(usage, args) {
  if (!(args || process.argv.slice(2)).some((arg) => arg === '--help' || arg === '-h')) return;
  process.stdout.write(usage + '\n');
  process.exit(0);
}

module.exports = { answerHelp };
