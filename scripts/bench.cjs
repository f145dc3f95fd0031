'use strict';
// npm run bench: measures the built hub.
require('./check-node.cjs');
require('./help.cjs').answerHelp(
  [
    'usage: npm run bench -- [options]',
    '  --quick       shorter runs',
    '  --json FILE   the figures as JSON too, of a run of all',
    '  --only NAMES  some of bodies,writes,pushes,relay,lists,pull,catchup,wal,validation, or memory (some 15 minutes)',
    '',
    'A run of all writes docs/performance.md.',
  ].join('\n'),
);
require('./ensure-build.cjs').runBuilt('bench/main.js');
