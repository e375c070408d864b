#!/usr/bin/env node
/** A solc for forge, which wants a binary: the npm package behind the two ways in which forge calls one. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
if (process.argv.includes('--version')) {
  // forge asks at every start; who starts it a hundred times says it once, for loading the compiler takes a while.
  const known = process.env.PIECEMEAL_SOLC_VERSION ?? require('solc').version()
  const version = known.replace(/\.Emscripten.*$/, '.Linux.g++')
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`)
} else {
  process.stdout.write(require('solc').compile(readFileSync(0, 'utf8')))
}
