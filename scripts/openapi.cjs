// npm run openapi: writes openapi.yaml from the mounted routes and the DTOs.
require('./check-node.cjs');
require('./help.cjs').answerHelp(
  'usage: npm run openapi\n\nWrites openapi.yaml from the mounted routes and the DTOs.',
);
const fs = require('node:fs');
const path = require('node:path');
const { stringify } = require('yaml');
const { ensureBuild } = require('./ensure-build.cjs');

ensureBuild();
const root = path.join(__dirname, '..');
const { openapiDocument } = require(path.join(root, 'dist/src/openapi'));
fs.writeFileSync(
  path.join(root, 'openapi.yaml'),
  stringify(openapiDocument(), { aliasDuplicateObjects: false, lineWidth: 0 }),
);
