/** `npm run bench <name>`: a table for people, and one JSON object as the last line. Compare ratios, never absolute figures. */
const BENCHES = {
  fees: () => import('./fees.ts'),
  gas: () => import('./gas.ts'),
  vouchers: () => import('./vouchers.ts'),
} as const

const wanted = process.argv[2] ?? ''
if (!(wanted in BENCHES)) {
  console.error(`Which one? npm run bench ${Object.keys(BENCHES).join(' | ')}`)
  process.exit(2)
}
const { run } = await BENCHES[wanted as keyof typeof BENCHES]()
console.log(JSON.stringify(await run()))

export {}
