/** The headless seeder as a program, to be killed. Says its port; redeems when told by a line on its stdin. */

import { createInterface } from 'node:readline'
import type { Network } from '../../lib/tron/index.ts'
import { toAmount } from '../../lib/units/index.ts'
import { createKeySigner } from '../../lib/wallet/key-signer.ts'
import { createJsonLog, describeFailure } from '../../seeder/log.ts'
import { startSeeder } from '../../seeder/start-seeder.ts'

export interface ChaosSeederArguments {
  readonly network: Network
  readonly tracker: string
  readonly path: string
  readonly dataDir: string
  readonly privateKey: string
  /** Decimal base units. */
  readonly askPerMiB: string
  readonly maxUploadBytesPerSec: number
}

const args = JSON.parse(process.argv[2] ?? '{}') as ChaosSeederArguments
const log = createJsonLog((line) => process.stdout.write(line))

async function run(): Promise<void> {
  const seeder = await startSeeder({
    network: args.network,
    trackers: [args.tracker],
    paths: [args.path],
    wallet: createKeySigner(args.privateKey),
    askPerMiB: toAmount(BigInt(args.askPerMiB)),
    freeAllowanceBytes: 0,
    freeBytesPerSec: 0,
    maxUploadBytesPerSec: args.maxUploadBytesPerSec,
    dataDir: args.dataDir,
    // Nothing is redeemed but what is asked for here, or what a closing channel would take along.
    redeemAt: toAmount(10n ** 30n),
    redeemFloor: toAmount(1n),
    log,
  })
  log({ event: 'listening', port: seeder.port })
  createInterface(process.stdin).on('line', () => {
    seeder.redeemNow().then(
      () => log({ event: 'redeemedAll' }),
      (error: unknown) => log({ event: 'redeemFailed', ...describeFailure(error) }),
    )
  })
}

run().catch((error: unknown) => {
  log({ event: 'failed', ...describeFailure(error) })
  process.exit(1)
})
