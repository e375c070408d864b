import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import {
  ChainError,
  ChannelError,
  ProgramError,
  StorageError,
  TorrentError,
  WalletError,
  WireError,
} from '../base/index.ts'
import { BUG_CODES, describeCode, describeError } from './describe-error.ts'
import { CHAIN_WORDS } from './words/chain.ts'
import { CHANNEL_WORDS } from './words/channel.ts'
import { CONTRACT_WORDS } from './words/contract.ts'
import { MEDIA_WORDS } from './words/media.ts'
import { SITE_WORDS } from './words/site.ts'
import { STATE_WORDS } from './words/state.ts'
import { STORAGE_WORDS } from './words/storage.ts'
import { TORRENT_WORDS } from './words/torrent.ts'
import { TRANSPORT_WORDS } from './words/transport.ts'
import { WALLET_WORDS } from './words/wallet.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** The words of each family that a page throws. */
const TABLES: Readonly<Record<string, object>> = {
  SiteError: SITE_WORDS,
  TransportError: TRANSPORT_WORDS,
  TorrentError: TORRENT_WORDS,
  ChannelError: { ...CHANNEL_WORDS, ...BUG_CODES },
  ChainError: { ...CHAIN_WORDS, ...CONTRACT_WORDS },
  WalletError: WALLET_WORDS,
  StorageError: STORAGE_WORDS,
  MediaError: MEDIA_WORDS,
}
/** Families whose codes are a peer's or a program's. */
const NOT_FOR_PEOPLE = new Set(['WireError', 'ProgramError'])
/** Thrown in lib by what only programs call: a seeder that relays, a keystore, a ledger in a file. */
const OF_PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  ChannelError: ['bad-signature', 'no-signature', 'purse-short', 'seat-too-small'],
  WalletError: ['bad-key', 'bad-keystore', 'wrong-password'],
  StorageError: ['ledger-damaged', 'ledger-in-use'],
}

interface Thrown {
  readonly family: string
  readonly code: string
  /** From the project's root. */
  readonly path: string
  /** The code is a value here, not a literal. */
  readonly isValue?: true
}

/** Where an error takes its code from a value, whose type is what holds it to words. */
const TYPED_CODES: readonly string[] = [
  // What is wrong with a seat that is offered to the relay, a program: RejectCode.
  'lib/payments/payee/payee.ts: code',
  // 'moved-less' or 'moved-nothing', which a test below names.
  'lib/payments/payee/redeem.ts: code',
  // A contract's error by its name: the record of its words is held to its ABI.
  'lib/tron/chain-errors.ts: parsed.name as ContractErrorCode',
  // A row of RESULT_CODES.
  'lib/tron/chain-errors.ts: known[0]',
]

/** Every code that lib constructs an error of ours with; one that is no literal is given as it is written. */
async function findThrown(): Promise<readonly Thrown[]> {
  const { sys } = ts
  const paths = sys.readDirectory(join(root, 'lib'), ['.ts'], ['**/*.test.ts', '**/testing/**'])
  const found: Thrown[] = []
  for (const path of paths) {
    const source = ts.createSourceFile(path, await readFile(path, 'utf8'), ts.ScriptTarget.Latest, true)
    const add = (family: string, node: ts.Node): void => {
      if (ts.isStringLiteral(node)) found.push({ family, code: node.text, path })
      else if (ts.isConditionalExpression(node)) {
        add(family, node.whenTrue)
        add(family, node.whenFalse)
      } else found.push({ family, code: node.getText(), path: relative(root, path), isValue: true })
    }
    const visit = (node: ts.Node): void => {
      if (ts.isNewExpression(node)) {
        const [, family] = /^(\w+Error)$/.exec(node.expression.getText()) ?? []
        const [code] = node.arguments ?? []
        if (family && code && (family in TABLES || NOT_FOR_PEOPLE.has(family))) add(family, code)
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return found
}

describe('words', () => {
  const all = { ...STATE_WORDS, ...Object.assign({}, ...Object.values(TABLES)) } as Record<string, unknown>

  test('say what happened, what it means for the money, and what to do', () => {
    for (const [code, words] of Object.entries(all)) {
      if (words === true) continue
      const { title, money, action } = words as { title: string; money: string; action: string }
      for (const sentence of [title, money, action]) expect(sentence, code).toMatch(/^[A-Z“].*[.]$/u)
    }
  })

  test('stand for each code that lib throws, or it is a peer’s, a program’s or a mistake of ours', async () => {
    const thrown = await findThrown()
    expect(thrown.length).toBeGreaterThan(100)
    const without = thrown.filter(
      ({ family, code, isValue }) =>
        !isValue &&
        !NOT_FOR_PEOPLE.has(family) &&
        !OF_PROGRAMS[family]?.includes(code) &&
        !Object.hasOwn(TABLES[family] ?? {}, code),
    )
    expect(without).toEqual([])
    const values = thrown.filter(({ isValue }) => isValue).map(({ path, code }) => `${path}: ${code}`)
    expect(new Set(values)).toEqual(new Set(TYPED_CODES))
  })

  test('stand for no code that nobody throws', async () => {
    const thrown = new Set((await findThrown()).map(({ family, code }) => `${family}/${code}`))
    // These codes are in a constant, not at the error itself.
    for (const code of ['out-of-energy', 'out-of-time', 'moved-less', 'moved-nothing'])
      thrown.add(`ChainError/${code}`)
    const unused = Object.entries(TABLES).flatMap(([family, words]) =>
      Object.keys(words)
        .filter((code) => !code.includes('_') && !thrown.has(`${family}/${code}`))
        .map((code) => `${family}/${code}`),
    )
    expect(unused).toEqual([])
  })
})

test('a code means what its family means by it', () => {
  expect(describeError(new WalletError('locked', 'x')).title).toMatch(/wallet/)
  expect(describeError(new StorageError('locked', 'x')).title).not.toMatch(/wallet/)
  expect(describeError(new TorrentError('too-long', 'x')).title).toMatch(/link/)
  expect(describeError(new WireError('too-long', 'x')).title).toMatch(/peer/)
})

test('the error’s own message follows where it tells more', () => {
  const { title, money } = describeError(new ChainError('SwarmChannels_BadLeaf', 'The list is not in order.'))
  expect(title).toContain('The list is not in order.')
  expect(money).toMatch(/fee/)
  expect(describeError(new WalletError('rejected', 'User said no.')).title).not.toContain('User')
})

test('a mistake of ours and what nobody foresaw get calm words', () => {
  expect(describeError(new RangeError('boom'))).toMatchObject({ code: 'unexpected' })
  expect(describeError('a string')).toMatchObject({ code: 'unexpected' })
  const ours = describeError(new ChannelError('bad-transition', 'Odd.'))
  expect(ours).toMatchObject({ code: 'bad-transition' })
  expect(ours.title).toContain('Odd.')
  expect(describeError(new ProgramError('bad-option', 'Odd.')).title).toMatch(/unexpected/)
  expect(describeError(new ChainError('Other_Error', 'Odd.')).title).toMatch(/unexpected/)
})

test('a state has the words of its code', () => {
  expect(describeCode('other-tab')).toMatchObject({ code: 'other-tab', title: SITE_WORDS['other-tab'].title })
})

test('a wallet’s problem says its name, closed off; without one it is yours', () => {
  expect(describeError(new WalletError('locked', '', { walletName: 'Bit\u202eget' })).action).toBe(
    'Unlock \u2068Bit[U+202E]get\u2069 and try again.',
  )
  expect(describeError(new WalletError('locked', '')).action).toBe('Unlock your wallet and try again.')
  expect(describeError(new WalletError('not-installed', '', { walletName: '$&' })).title).toContain('$&')
})
