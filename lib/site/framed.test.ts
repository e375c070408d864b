import { afterEach, expect, test, vi } from 'vitest'
import { isFramed } from '../kernel/framed.ts'
import { toAmount } from '../units/index.ts'
import { createFramedCommands } from './framed-commands.ts'

afterEach(() => vi.unstubAllGlobals())

const stub = (isTop: boolean, ancestors: readonly string[]) => {
  const self = { location: { ancestorOrigins: ancestors } }
  vi.stubGlobal('window', Object.assign(self, { self, top: isTop ? self : {} }))
}

test('sees a frame by the window above, or by the origins above', () => {
  expect(isFramed()).toBe(false)
  stub(true, [])
  expect(isFramed()).toBe(false)
  stub(false, [])
  expect(isFramed()).toBe(true)
  stub(true, ['https://free-films.example'])
  expect(isFramed()).toBe(true)
})

test('in a frame every command that could move money or touch a wallet refuses, in words', async () => {
  const framed = createFramedCommands()
  const infoHash = 'a'.repeat(40)
  const amount = toAmount(1n)
  const outcomes = await Promise.all([
    framed.connectWallet('tronlink'),
    framed.switchNetwork(),
    framed.requestFaucet(),
    framed.fillDemoWallet(),
    framed.previewFees(amount),
    framed.startPaying({ budget: amount, maxAskPerMiB: amount, torrents: [infoHash] }),
    framed.payHere(infoHash),
    framed.watchFreeHere(infoHash),
    framed.resumePaying(),
    framed.openMoreSeats(),
    framed.takeBack('T' as never),
    framed.topUp(amount),
    framed.openRecoveryFile('{}'),
    framed.tip(infoHash, 'peer' as never, amount, ''),
    framed.settle(),
    framed.startEarning({ askPerMiB: amount }),
    framed.redeem(),
  ])
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ problem: { code: 'framed', action: expect.stringContaining('own tab') } })
})
