import { afterEach, describe, expect, test, vi } from 'vitest'
import { collectAnnouncements, parseAnnouncement } from './announcements.ts'
import { findWallets, listWallets } from './find-wallets.ts'

const PNG = 'data:image/png;base64,AAAA'

function announce(name: string, rdns = '', over: Record<string, unknown> = {}) {
  const announcement = parseAnnouncement({ info: { name, rdns, icon: PNG, ...over }, provider: {} })
  if (!announcement) throw new Error(`${name} is no announcement`)
  return announcement
}

const found = (...args: Parameters<typeof listWallets>) =>
  listWallets(...args)
    .filter(({ isHere }) => isHere)
    .map(({ kind, name }) => `${kind}: ${name}`)

/** What a wallet that passes for TronLink injects. */
const tron = { isTronLink: true, tronWeb: {} } as const
const tronLink = { tronWeb: {} } as const

describe('the list of wallets', () => {
  test('has none here in a bare page, and each with where to get it', () => {
    const offers = listWallets([], {})
    expect(offers.length).toBeGreaterThan(10)
    for (const { isHere, url } of offers) {
      expect(isHere).toBe(false)
      expect(url).toMatch(/^https:\/\//)
    }
  })

  test('names TronLink where it announces itself', () => {
    expect(found([announce('TronLink', 'org.tronlink.www')], { tron, tronLink })).toEqual([
      'tronlink: TronLink',
    ])
  })

  test('never calls a rival alone TronLink', () => {
    expect(found([], { tron, tronLink, okxwallet: { tronLink } })).toEqual(['okx: OKX Wallet'])
    expect(found([], { tron, tronLink, isBitKeep: true, bitkeep: { tronLink } })).toEqual([
      'bitget: Bitget Wallet',
    ])
    expect(found([announce('Rival')], { tron, tronLink })).toEqual(['injected: Rival'])
    expect(found([], { tron, tronLink })).toEqual(['injected: Browser wallet'])
    expect(found([announce('Rival')], {})).toEqual([])
  })

  test('two at once each have their own name, and come before the others', () => {
    const both = [announce('TronLink', 'org.tronlink.www'), announce('OKX', 'com.okex.wallet')]
    const page = { tron, tronLink, okxwallet: { tronLink } }
    expect(found(both, page)).toEqual(['tronlink: TronLink', 'okx: OKX'])
    expect(listWallets(both, page).slice(0, 2)).toMatchObject([{ icon: PNG }, { icon: PNG, url: null }])
    const rival = { ...announce('Rival'), provider: tron }
    expect(found([announce('OKX', 'com.okex.wallet'), rival], page)).toEqual(['okx: OKX', 'injected: Rival'])
  })

  test('a wallet that announces itself, and whose adapter cannot reach it, is not here', () => {
    expect(found([announce('OKX Wallet', 'com.okex.wallet')], {})).toEqual([])
    expect(found([announce('TokenPocket')], {})).toEqual(['tokenpocket: TokenPocket'])
  })

  test('globals whose getters throw are passed over', () => {
    const hostile = {
      get okxwallet(): never {
        throw new Error('boom')
      },
    }
    expect(found([announce('TronLink')], hostile)).toEqual(['tronlink: TronLink'])
  })
})

describe('an announcement', () => {
  test('keeps forty characters of a name, whole ones', () => {
    expect([...announce('a'.repeat(1_000_000)).name]).toHaveLength(40)
    expect([...announce('😀'.repeat(100)).name]).toHaveLength(40)
  })

  test.each([
    'https://evil.example/pixel.png',
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:image/pngx,AAAA',
    `${PNG}${'A'.repeat(70_000)}`,
    7,
  ])('brings no icon of %.60s', (icon) => {
    expect(announce('Rival', '', { icon }).icon).toBeNull()
  })

  test.each([
    null,
    undefined,
    7,
    {},
    { info: null },
    { info: { name: 7 }, provider: {} },
    { info: { name: '   ' }, provider: {} },
    { info: { name: 'No provider' } },
  ])('without what it needs is none: %j', (detail) => {
    expect(parseAnnouncement(detail)).toBeNull()
  })
})

test('an announcement whose getters throw is none', () => {
  const hostile = {
    get info(): never {
      throw new Error('boom')
    },
  }
  expect(parseAnnouncement(hostile)).toBeNull()
})

describe('in a page', () => {
  afterEach(() => vi.unstubAllGlobals())

  test('thousands of announcements are bounded, and each wallet counts once', async () => {
    const page = new EventTarget()
    const say = (name: string) =>
      page.dispatchEvent(
        new CustomEvent('TIP6963:announceProvider', { detail: { info: { name }, provider: {} } }),
      )
    page.addEventListener('TIP6963:requestProvider', () => {
      say('TronLink')
      say('TronLink')
      for (let index = 0; index < 5_000; index++) say(`flood ${index}`)
    })
    vi.stubGlobal('window', page)
    const heard = await collectAnnouncements()
    expect(heard).toHaveLength(32)
    expect(heard.filter(({ name }) => name === 'TronLink')).toHaveLength(1)
  })
})

test('outside of a page there are none', async () => {
  expect(await findWallets()).toEqual([])
})
