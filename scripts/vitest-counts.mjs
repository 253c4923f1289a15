/**
 * Tests of one vitest run, from its JSON report. A file that could not be loaded has no tests in the report and counts as one that
 * failed; so does a run that failed without saying where, and one in which nothing ran.
 * @param {unknown} report the parsed report, or null where vitest wrote none
 * @param {boolean} ok whether vitest ended with 0
 * @returns {{passed: number, failed: number, skipped: number}}
 */
export function countTests(report, ok) {
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const passed = report.numPassedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  let failed = report.numFailedTests + unloadable;
  if (failed === 0 && (!ok || passed === 0)) failed = 1;
  return { passed, failed, skipped };
}

/**
 * What did not pass, each by the file it is in: for the end of a long output, where a reader looks first.
 * @param {unknown} report the parsed report, or null where vitest wrote none
 * @param {string} root what the names of files are relative to, ending in a slash
 * @returns {string[]}
 */
export function failedTests(report, root) {
  return (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const file = name.startsWith(root) ? name.slice(root.length) : name;
    if (status === 'failed' && assertionResults.length === 0) return [`${file}: ${firstLine(message)}`];
    return assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => `${file}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
  });
}

function firstLine(text = '') {
  return text.split('\n', 1)[0];
}
