'use strict';
// npm start: builds where the build is not of this source, then runs the hub in this very process.
require('./check-node.cjs');
require('./ensure-build.cjs').runBuilt('src/main.js');
