#!/usr/bin/env node
/** A solc for forge, which wants a binary: the npm package behind the two ways in which forge calls one. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const solc = createRequire(import.meta.url)('solc')
if (process.argv.includes('--version')) {
  const version = solc.version().replace(/\.Emscripten.*$/, '.Linux.g++')
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`)
} else {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
}
