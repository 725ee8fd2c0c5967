import { readFileSync } from "node:fs";

/** Counts of one run of tests. */
export const none = { passed: 0, failed: 0, skipped: 0 };

export function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/** `N passed, N failed`, and `, N skipped` where there are some. */
export function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** From vitest's JSON. A file that could not be loaded counts as one failure. */
export function countVitest(file) {
  const report = readReport(file);
  if (report === null) return null;
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((one) => one.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** From Playwright's JSON; an error outside of any test counts as one failure. */
export function countPlaywright(file) {
  const report = readReport(file);
  if (report === null) return null;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped };
}

/** From pytest's JUnit XML. */
export function countPytest(file) {
  const text = readText(file);
  const suite = text === null ? null : /<testsuite\s[^>]*>/.exec(text)?.[0];
  if (!suite) return null;
  const number = (name) => Number(new RegExp(`\\s${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = number("failures") + number("errors");
  return {
    passed: number("tests") - failed - number("skipped"),
    failed,
    skipped: number("skipped"),
  };
}

function readReport(file) {
  const text = readText(file);
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
