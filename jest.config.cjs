'use strict';

module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist[./]', '<rootDir>/data/'],
  watchman: false,
  maxWorkers: 2,
  // Far above the bound of a single wait (test/support/wait.ts), whose error names what was awaited.
  testTimeout: 1_200_000,
  // A worker that has used a gigabyte takes longer to end than Jest's half a second when the machine is busy.
  workerGracefulExitTimeout: 30_000,
  transform: { '^.+\\.ts$': ['@swc/jest', require('./test/support/swc-options.cjs')] },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', '<rootDir>/test/support/closing-line.cjs'],
};
