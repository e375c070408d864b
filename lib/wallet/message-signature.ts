/** What wallets answer when they sign a text: the same 65 bytes, spelled in ways of their own. */
import { type Hex, WalletError } from '../base/index.ts'

/** 65 bytes r, s, v with v 27 or 28, in lower case; some wallets say 0 or 1, or leave 0x out. Throws WalletError 'bad-message-signature'. */
export function parseMessageSignature(answer: unknown): Hex {
  const match = typeof answer === 'string' ? /^(?:0x)?([0-9a-f]{128})([0-9a-f]{2})$/i.exec(answer) : null
  const v = Number.parseInt(match?.[2] ?? '', 16)
  const recovery = v < 2 ? v + 27 : v
  if (!match || (recovery !== 27 && recovery !== 28))
    throw new WalletError('bad-message-signature', 'The wallet’s answer is no signature.')
  return `0x${match[1]?.toLowerCase()}${recovery.toString(16)}`
}
