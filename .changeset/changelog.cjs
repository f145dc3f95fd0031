'use strict';
// How one change file becomes one item of CHANGELOG.md: its text as it is, without commit hashes or links.

const getReleaseLine = async ({ summary }) => `- ${summary.trim().split('\n').join('\n  ')}`;

/** The repository holds one package, so no package of it depends on another one. */
const getDependencyReleaseLine = async () => '';

module.exports = { getReleaseLine, getDependencyReleaseLine };
