'use strict';
// npm run build: brings dist up to the source.
require('./ensure-build.cjs').ensureBuild();
