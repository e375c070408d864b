/** Words for what SwarmChannels refuses. A simulation finds most of it before anything is signed. */
import type { SwarmChannelsError } from '../../channels/index.ts'
import { VOUCHERS_SAFE, type Words } from './words.ts'

const NOT_SENT = 'No BTT moved; where it was sent, the network kept its fee.'

/** The page asked for something that it should have known to be impossible. */
const OUR_MISTAKE: Words = {
  title: 'The contract does not take what this page asked for.',
  money: NOT_SENT,
  action: 'Reload the page, so that it reads the chain again. If it happens again, please tell us.',
  showsMessage: true,
}

/** Something else was quicker: what the page shows is old. */
const OUT_OF_DATE: Words = {
  title: 'The channel has moved on meanwhile.',
  money: NOT_SENT,
  action: 'Reload the page: it shows how the channel stands.',
  showsMessage: true,
}

const TOKEN: Words = {
  title: 'The BTT token did not carry out the transfer.',
  money: 'No BTT was locked; where it was sent, the network kept its fee.',
  action: 'Check that this account holds the amount and that the contract may take it, then try again.',
  showsMessage: true,
}

export const CONTRACT_WORDS: Readonly<Record<SwarmChannelsError, Words>> = {
  SwarmChannels_SignerIsZero: OUR_MISTAKE,
  SwarmChannels_TokenRefused: TOKEN,
  SwarmChannels_ReceivedTooLittle: TOKEN,
  SwarmChannels_Reentered: TOKEN,
  SwarmChannels_PurseTooLow: {
    title: 'The budget has less left than a new channel needs.',
    money: VOUCHERS_SAFE,
    action: 'The stream goes on with the seeders that have a seat. Settle to get the rest back.',
  },
  SwarmChannels_PurseExpired: {
    title: 'The time that you gave the budget is over.',
    money: 'No new channel can be opened. What is left is yours.',
    action: 'Settle to get the rest back.',
  },
  SwarmChannels_NotAllowed: {
    title: 'This account may not do that with the channel.',
    money: NOT_SENT,
    action: 'Choose the account that funded the budget in your wallet, then try again.',
  },
  SwarmChannels_BadSignature: OUR_MISTAKE,
  SwarmChannels_TotalIsZero: OUR_MISTAKE,
  SwarmChannels_CloseDelayOutOfRange: OUR_MISTAKE,
  SwarmChannels_NoteMismatch: OUR_MISTAKE,
  SwarmChannels_AlreadyOpened: OUT_OF_DATE,
  SwarmChannels_NotOpen: OUT_OF_DATE,
  SwarmChannels_TreeMismatch: OUR_MISTAKE,
  SwarmChannels_BadLeaf: OUR_MISTAKE,
  SwarmChannels_BadRelease: {
    title: 'A seeder’s final figure is not valid.',
    money: 'Nothing was settled, and nothing is lost.',
    action: 'Settle again: that seeder is then left to the closing delay.',
  },
  SwarmChannels_SeatStillOpen: {
    title: 'A seeder has not given its final figure yet.',
    money: 'The rest of the budget waits in the channel and is yours.',
    action: 'Settle again when the closing delay is over.',
  },
}
