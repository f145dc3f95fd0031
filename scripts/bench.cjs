'use strict';
// npm run bench: measures the built hub.
require('./check-node.cjs');
require('./ensure-build.cjs').runBuilt('bench/main.js');
