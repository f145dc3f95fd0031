'use strict';

module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist[./]', '<rootDir>/data/'],
  watchman: false,
  maxWorkers: 2,
  testTimeout: 60_000,
  transform: { '^.+\\.ts$': ['@swc/jest', require('./test/support/swc-options.cjs')] },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', '<rootDir>/test/support/closing-line.cjs'],
};
