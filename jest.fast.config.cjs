'use strict';
// npm run test:fast: the test files that start no process.
const { inProcessTests } = require('./test/support/in-process.cjs');

module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: inProcessTests().map((file) => `<rootDir>/test/${file}`),
};
