'use strict';
// npm run build: brings dist up to the source.
require('./check-node.cjs');
require('./ensure-build.cjs').ensureBuild();
