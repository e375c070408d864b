/** Words for what goes wrong with wallets. `{wallet}` is the name of the wallet that was asked. */
import type { PageWalletCode } from '../../base/index.ts'
import { NO_MONEY, NOTHING_SPENT, type Words } from './words.ts'

export const WALLET_WORDS: Readonly<Record<PageWalletCode, Words>> = {
  'account-changed': {
    title: 'Another account was chosen in the wallet.',
    money: NOTHING_SPENT,
    action: 'Go back to the account that you began with, or connect the new one.',
  },
  'altered-transaction': {
    title: 'The wallet gave back another transaction than the one it was shown.',
    money: 'It was not sent: nothing was spent.',
    action: 'Do not use this wallet until you know why.',
  },
  'bad-message-signature': {
    title: 'The wallet’s answer is not the connected account’s signature.',
    money: 'Nothing is sold, and nothing was spent.',
    action: 'Choose the connected account in your wallet, then start earning again.',
  },
  'bad-transaction': {
    title: 'The transaction’s id is not the hash of its data.',
    money: 'It was not signed: nothing was spent.',
    action: 'Reload the page and try again. If it happens again, please tell us.',
  },
  locked: { title: 'Your wallet is locked.', money: NOTHING_SPENT, action: 'Unlock {wallet} and try again.' },
  'not-connected': { title: 'No wallet is connected.', money: NO_MONEY, action: 'Connect a wallet first.' },
  'not-installed': {
    title: 'The page did not find {wallet} in this browser.',
    money: NO_MONEY,
    action: 'Install it and reload the page, or use another wallet that is offered.',
  },
  rejected: {
    title: 'You declined the request in your wallet.',
    money: NOTHING_SPENT,
    action: 'Try again when you are ready.',
  },
  'request-pending': {
    title: 'Your wallet already waits for an answer.',
    money: NOTHING_SPENT,
    action: 'Open {wallet} and answer the request there.',
  },
  'switch-unsupported': {
    title: 'Your wallet cannot switch networks from a page.',
    money: NO_MONEY,
    action: 'Choose the network in {wallet} itself, then connect again.',
  },
  'testnet-only': {
    title: 'The demo wallet is only for test networks.',
    money: NO_MONEY,
    action: 'Connect a real wallet: here coins have value.',
  },
  'too-little-btt': {
    title: 'There is less BTT than the budget.',
    money: NOTHING_SPENT,
    action: 'Choose a smaller budget or add BTT. On a test network, take test coins.',
  },
  'wallet-failed': {
    title: 'The wallet could not do that.',
    money: NOTHING_SPENT,
    action: 'Unlock it, check its network, and try again.',
    showsMessage: true,
  },
  'wrong-account': {
    title: 'The wallet shows another account than this needs.',
    money: 'Nothing was sent: what you pay and what is locked stay as they are.',
    action:
      'Choose the account that funded the budget, or that you connected, in your wallet, then try again.',
  },
  'wrong-network': {
    title: 'Your wallet or node is on another network.',
    money: 'Nothing was signed: a signature for one network is worthless on another.',
    action: 'Switch to the network named at the foot of the page, then try again.',
  },
}
