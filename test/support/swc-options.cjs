'use strict';

/** How tests turn TypeScript into what the build would be: the same decorators and metadata, without a type check. */
module.exports = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'commonjs' },
  jsc: {
    target: 'es2023',
    keepClassNames: true, // TypeORM reads a migration's number from its class name
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
};
