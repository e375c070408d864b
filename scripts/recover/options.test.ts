import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

const ADDRESS = 'TJhwowK91jY7eBB25q6JCJCha4s6UAvy3C'

test('an address is all that is needed', () => {
  expect(parseOptions(['--address', ADDRESS])).toEqual({
    address: ADDRESS,
    nodeUrl: null,
    fromBlock: null,
    file: null,
    config: 'public/config.json',
  })
  expect(
    parseOptions([
      '--address',
      ADDRESS,
      '--node',
      'https://node.example/',
      '--from-block',
      '12',
      '--file',
      'a',
    ]),
  ).toMatchObject({
    nodeUrl: 'https://node.example',
    fromBlock: 12,
    file: 'a',
  })
})

test('help is printed for nothing and for --help', () => {
  expect(parseOptions([])).toBeNull()
  expect(parseOptions(['--help'])).toBeNull()
})

test.each([
  [['--address', 'T1'], /--address/],
  [['--node', 'https://node.example'], /--address/],
  [['--address', ADDRESS, '--node', 'node.example'], /--node/],
  [['--address', ADDRESS, '--from-block', '-1'], /from-block/],
  [['--address', ADDRESS, '--key', 'secret'], /key/],
])('%j is refused in words', (args, words) => {
  expect(() => parseOptions(args)).toThrow(words)
})
