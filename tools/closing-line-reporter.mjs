/** Ends the run with one plain line. Suites that could not run count as failed: nothing may pass by not running. */
export default class ClosingLineReporter {
  onRunComplete(_, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed\n`);
  }
}
