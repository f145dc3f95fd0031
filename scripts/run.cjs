'use strict';
// node scripts/run.cjs <file below dist/src> [arguments]: runs another program of the build, such as the simulator.
require('./check-node.cjs');
const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: node scripts/run.cjs <file below dist/src> [arguments]\n');
  process.exit(2);
}
require('./ensure-build.cjs').runBuilt(`src/${file}`, args);
