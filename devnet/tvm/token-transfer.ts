/** TRC-10 tokens that travel with a message. */
export interface TokenTransfer {
  readonly tokenId: bigint
  readonly amount: bigint
}

export const NO_TOKEN: TokenTransfer = { tokenId: 0n, amount: 0n }
