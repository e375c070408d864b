/** Words for what goes wrong with the chain. */
import type { PageChainCode } from '../../base/index.ts'
import { NOTHING_SPENT, type Words } from './words.ts'

export const CHAIN_WORDS: Readonly<Record<PageChainCode, Words>> = {
  'bad-reply': {
    title: 'The TRON node answered nonsense.',
    money:
      'The page believed none of it. If you had just signed, the transaction may be under way: it is looked up, and never sent twice.',
    action: 'Wait a moment, then try again. If it stays so, the site’s operator has to name another node.',
  },
  'bad-signature': {
    title: 'The TRON node does not take the signature.',
    money: 'It was not taken, so nothing was spent.',
    action: 'Check that the wallet shows the account that you connected, then try again.',
  },
  expired: {
    title: 'The transaction was not taken in time.',
    money: 'No BTT moved. The page looked it up by its id, and the chain does not know it.',
    action: 'Try again.',
  },
  'fee-too-high': {
    title: 'The network asks for an unusually high fee.',
    money: NOTHING_SPENT,
    action: 'Try again later.',
  },
  malformed: {
    title: 'The page built a call that no contract takes.',
    money: NOTHING_SPENT,
    action: 'Reload the page and try again. If it happens again, please tell us.',
    showsMessage: true,
  },
  'moved-less': {
    title: 'The redemption paid less than your vouchers say.',
    money: 'What it paid is in your wallet; the rest is still due.',
    action: 'Look at the transaction in the receipts, and please tell us.',
  },
  'moved-nothing': {
    title: 'The redemption was taken and paid nothing.',
    money: 'The network kept the fee. Your vouchers are still in this browser.',
    action:
      'Do not redeem again before you know why: look at the transaction in the receipts, and please tell us.',
  },
  'no-session': {
    title: 'There is no budget to settle.',
    money: NOTHING_SPENT,
    action: 'Reload the page. What an earlier visit locked is shown as soon as it is found.',
  },
  'not-approved': {
    title: 'The contract may not take that much BTT yet.',
    money: NOTHING_SPENT,
    action:
      'Start again and confirm both requests in your wallet: the first allows the contract, the second locks the budget.',
  },
  'nothing-to-redeem': {
    title: 'The network would pay nothing for these vouchers now.',
    money: NOTHING_SPENT,
    action: 'Try again later. If it stays so, please tell us: your vouchers are saved in this browser.',
  },
  'out-of-energy': {
    title: 'The transaction ran out of energy.',
    money: 'The network kept the fee; no BTT moved.',
    action: 'Add TRX to this address and try again.',
  },
  'out-of-time': {
    title: 'The network was too busy for this transaction.',
    money:
      'It kept the fee of each try and moved nothing by it. What was settled or redeemed before stays so.',
    action: 'Try again later: it goes on where it stopped, and your vouchers are still good.',
  },
  pending: {
    title: 'An earlier transaction is still under way.',
    money: 'Nothing is sent twice. What is locked stays yours.',
    action: 'Wait a moment, then try again.',
  },
  'redeem-too-little': {
    title: 'What is due is worth less than the network’s fee.',
    money: NOTHING_SPENT,
    action:
      'Wait until more is due: your vouchers are saved in this browser, and a payer’s settlement pays them without a fee of yours.',
  },
  refused: {
    title: 'The TRON node refused the transaction.',
    money: 'It was not taken, so nothing was spent.',
    action: 'Try again in a moment.',
    showsMessage: true,
  },
  reverted: {
    title: 'The contract refused the transaction.',
    money: 'No BTT moved; where it was sent, the network kept its fee.',
    action: 'Reload the page, so that it reads the chain again, then try again.',
    showsMessage: true,
  },
  'still-opening': {
    title: 'A channel is still being opened.',
    money: 'What is locked stays yours.',
    action: 'Wait until its transaction is in a block, then settle.',
  },
  'sums-differ': {
    title: 'The chain’s figures do not add up with our receipts.',
    money: 'The transactions are final; the receipts are kept.',
    action: 'Open the receipts and compare them with the explorer, and please tell us.',
  },
  'too-large': {
    title: 'The transaction is larger than the network takes.',
    money: NOTHING_SPENT,
    action: 'Try again; if it stays so, please tell us.',
  },
  'too-little-btt': {
    title: 'There is less BTT than the budget.',
    money: NOTHING_SPENT,
    action: 'Choose a smaller budget or add BTT. On a test network, take test coins.',
  },
  'too-little-trx': {
    title: 'There is too little TRX for the network fee.',
    money: 'Nothing was spent: the transaction was not taken.',
    action:
      'Add TRX to this address: locking and settling each cost a fee. On a test network, take test coins.',
  },
  'fees-too-high': {
    title: 'The fees are more than a tenth of this budget.',
    money: 'Nothing was signed or spent: you chose not to lock such a budget.',
    action: 'Choose a larger budget, for more than one film, or allow it beneath the fees.',
  },
  'node-behind': {
    title: 'The TRON node is behind, or this computer’s clock is ahead.',
    money: 'Nothing was asked of your wallet, and nothing was sent.',
    action: 'Check the clock of this computer. If it is right, wait until the node has caught up.',
    showsMessage: true,
  },
  'too-early': {
    title: 'The wait is not over yet.',
    money: 'Nothing was sent. The coins are safe in the channel.',
    action: 'The network’s clock decides, not this computer’s. Try again in a few minutes.',
  },
  pruned: {
    title: 'This node does not keep blocks that old.',
    money: 'Nothing is lost: the coins stand in the contract.',
    action: 'Ask another node, one that keeps all blocks, or use your recovery file.',
  },
  unreachable: {
    title: 'The TRON node does not answer.',
    money: 'Nothing is lost: coins and channels stay on the chain, and vouchers stay in this browser.',
    action: 'Check your connection and try again in a moment.',
  },
  'wrong-network': {
    title: 'Your wallet or node is on another network.',
    money: 'Nothing was signed: a signature for one network is worthless on another.',
    action: 'Switch to the network named at the foot of the page, then try again.',
  },
}
