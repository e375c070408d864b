import { describe, expect, it } from 'vitest'
import { findSlowFiles, readForge, readPlaywright, readVitest } from './read-report.mjs'

describe('what a runner reports', () => {
  it('names each failed Vitest test, and a file that could not be loaded', () => {
    const test = (status: string) => ({
      status,
      fullName: 'a b',
      failureMessages: ['\u001b[31mno\u001b[39m\nmore'],
    })
    const report = {
      numPassedTests: 1,
      testResults: [
        {
          name: 'x.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [test('passed'), test('failed')],
        },
        { name: 'y.test.ts', status: 'failed', message: 'cannot load', assertionResults: [] },
        { name: 'z.test.ts', status: 'passed', message: '', assertionResults: [] },
      ],
    }
    expect(readVitest(report)).toEqual({
      passed: 1,
      failures: [
        { name: 'x.test.ts › a b', why: 'no\nmore' },
        { name: 'y.test.ts', why: 'cannot load' },
      ],
    })
  })

  it('names each failed browser test in whatever suite it stands; a second try that passed is none', () => {
    const spec = (title: string, status: string) => ({
      title,
      file: 'a.spec.ts',
      tests: [{ status, results: [{ error: { message: 'first' } }, { error: { message: 'last' } }] }],
    })
    const inner = { specs: [spec('inner', 'unexpected'), spec('again', 'flaky')] }
    const report = {
      stats: { expected: 3, flaky: 1 },
      suites: [{ specs: [spec('outer', 'expected')], suites: [inner] }],
    }
    expect(readPlaywright(report)).toEqual({
      passed: 4,
      failures: [{ name: 'e2e/a.spec.ts › inner', why: 'last' }],
    })
  })

  it('names each failed contract test', () => {
    const report = {
      'test/A.t.sol:A': {
        test_results: {
          'test_X()': { status: 'Success' },
          'test_Y()': { status: 'Failure', reason: 'because' },
        },
      },
    }
    expect(readForge(report)).toEqual({
      passed: 1,
      failures: [{ name: 'test/A.t.sol:A › test_Y()', why: 'because' }],
    })
  })

  it.each([readVitest, readPlaywright, readForge])(
    'tells nothing of a report that is not there: %o',
    (read) => {
      expect(read(null)).toEqual({ passed: 0, failures: [] })
    },
  )
})

it('names pure files that keep people waiting, and no world', () => {
  const file = (name: string, endTime: number) => ({ name, startTime: 0, endTime })
  const testResults = [
    file('a.test.ts', 2_500),
    file('b.test.ts', 9_000),
    file('c.world.test.ts', 60_000),
    file('d.test.ts', 10),
  ]
  expect(findSlowFiles({ testResults }, 2_000).map(({ name }) => name)).toEqual(['b.test.ts', 'a.test.ts'])
})
