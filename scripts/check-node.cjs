'use strict';
// Ends the process with one line where this Node is outside `engines` of package.json. Every script loads it first:
// other files need a newer Node to be read at all. So this one is written for the oldest.
var wanted = require('../package.json').engines.node;

function numbers(version) {
  return version.split('.').map(Number);
}

function atLeast(have, need) {
  for (var i = 0; i < 3; i++) if (have[i] !== need[i]) return have[i] > need[i];
  return true;
}

function fits(version, range) {
  var have = numbers(version);
  return range.split(' || ').some(function (part) {
    var need = numbers(part.replace(/^(\^|>=)/, ''));
    return atLeast(have, need) && (part.charAt(0) !== '^' || have[0] === need[0]);
  });
}

if (!fits(process.versions.node, wanted)) {
  process.stderr.write('ocpi-hub needs Node ' + wanted + '; this is ' + process.versions.node + '\n');
  process.exit(1);
}
