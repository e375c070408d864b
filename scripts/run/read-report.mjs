/**
 * What the runners wrote, in one shape: how many tests passed, and each that failed with the first lines of why.
 * A report that is missing or broken tells of nothing, which `npm test` takes for a failure.
 */

/** @typedef {{ readonly name: string, readonly why: string }} Failure */
/** @typedef {{ readonly passed: number, readonly failures: readonly Failure[] }} Counted */

const MAX_WHY_LINES = 6
/** What terminals take for colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const COLOURS = /\u001b\[[0-9;]*m/g

/** @param {unknown} why */
const shorten = (why) =>
  String(why ?? '')
    .replace(COLOURS, '')
    .trim()
    .split('\n')
    .slice(0, MAX_WHY_LINES)
    .join('\n')

/** Vitest's `json` reporter. A file that could not be loaded is one failure. @returns {Counted} */
export function readVitest(report) {
  const files = report?.testResults ?? []
  const failures = files.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (status === 'failed' && failed.length === 0) return [{ name, why: shorten(message) }]
    return failed.map((test) => ({
      name: `${name} › ${test.fullName}`,
      why: shorten(test.failureMessages[0]),
    }))
  })
  return { passed: report?.numPassedTests ?? 0, failures }
}

/**
 * Files of pure tests that took longer than `limitMs`, the slowest first: what computes should not keep anybody waiting.
 * @returns {readonly { name: string, durationMs: number }[]}
 */
export function findSlowFiles(report, limitMs) {
  return (report?.testResults ?? [])
    .map(({ name, startTime, endTime }) => ({ name, durationMs: Math.round(endTime - startTime) }))
    .filter(({ name, durationMs }) => !/\.(world|deep)\.test\./.test(name) && durationMs > limitMs)
    .sort((a, b) => b.durationMs - a.durationMs)
}

/** Playwright's `json` reporter: a test that passed at its second try passed. @returns {Counted} */
export function readPlaywright(report) {
  const failures = []
  const visit = (suite) => {
    for (const inner of suite.suites ?? []) visit(inner)
    for (const { title, file, tests } of suite.specs ?? []) {
      for (const { status, results } of tests) {
        if (status !== 'unexpected') continue
        failures.push({ name: `e2e/${file} › ${title}`, why: shorten(results.at(-1)?.error?.message) })
      }
    }
  }
  for (const suite of report?.suites ?? []) visit(suite)
  return { passed: (report?.stats?.expected ?? 0) + (report?.stats?.flaky ?? 0), failures }
}

/** `forge test --json`. @returns {Counted} */
export function readForge(report) {
  let passed = 0
  const failures = []
  for (const [contract, { test_results: tests = {} }] of Object.entries(report ?? {})) {
    for (const [test, { status, reason }] of Object.entries(tests)) {
      if (status === 'Success') passed += 1
      else failures.push({ name: `${contract} › ${test}`, why: shorten(reason) })
    }
  }
  return { passed, failures }
}
