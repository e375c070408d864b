import type { swarmChannelsAbi } from './generated/abi.ts'

/** Every error that the contract can throw, but the one that only its deployment can. */
export type SwarmChannelsError = Exclude<
  Extract<(typeof swarmChannelsAbi)[number], { readonly type: 'error' }>['name'],
  'SwarmChannels_TokenHasNoCode'
>

/** What each error of SwarmChannels means, in words. */
export const SWARM_CHANNELS_ERRORS = {
  SwarmChannels_SignerIsZero: 'The session key is missing.',
  SwarmChannels_TokenRefused: 'The BTT token refused the transfer: too little BTT or no allowance.',
  SwarmChannels_ReceivedTooLittle: 'Less BTT arrived in the purse than was sent: the token kept some.',
  SwarmChannels_Reentered: 'The token called back into the contract.',
  SwarmChannels_PurseTooLow: 'The purse holds less than is needed.',
  SwarmChannels_PurseExpired: 'The time that was given to the purse is over.',
  SwarmChannels_NotAllowed: 'This address may not do that.',
  SwarmChannels_BadSignature: 'The signature is not the session key’s.',
  SwarmChannels_TotalIsZero: 'A channel cannot be empty.',
  SwarmChannels_CloseDelayOutOfRange: 'The closing delay is out of range.',
  SwarmChannels_NoteMismatch: 'The opening’s list of seats is not the one that the channel commits to.',
  SwarmChannels_AlreadyOpened: 'This channel has been opened before.',
  SwarmChannels_NotOpen: 'This channel is not open.',
  SwarmChannels_TreeMismatch: 'The list of seats is not the one that the channel was opened with.',
  SwarmChannels_BadLeaf: 'The list of seats is not in order.',
  SwarmChannels_BadRelease: 'A seeder’s release is not valid.',
  SwarmChannels_SeatStillOpen: 'A seeder has not released its seat yet and the closing delay is not over.',
} as const satisfies Readonly<Record<SwarmChannelsError, string>>
