'use strict';

const REASON = /\(skipped: (.+?)\)/;

/**
 * Ends the run in the line "N passed, N failed[, N skipped]"; a test file that would not even load counts as failed.
 * Lines before it tell why tests were skipped: a title holds its reason as "(skipped: …)".
 */
module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const tail = skipped > 0 ? `, ${skipped} skipped` : '';
    const lines = [...reasonLines(results), `${results.numPassedTests} passed, ${failed} failed${tail}`];
    // other reporters write after this call: only the process's end is the end
    process.on('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
};

/** One line per reason. */
function reasonLines({ testResults }) {
  const counts = new Map();
  for (const { fullName, status } of testResults.flatMap((file) => file.testResults)) {
    if (status !== 'pending' && status !== 'todo') continue;
    const reason = REASON.exec(fullName)?.[1] ?? 'test.skip, test.todo, or not chosen on the command line';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(
    ([reason, count]) => `${count} ${count === 1 ? 'test' : 'tests'} skipped: ${reason}`,
  );
}
