'use strict';
// npm run bench: measures the built hub.
require('./ensure-build.cjs').runBuilt('bench/main.js');
