export { readAbiAddress, readBigint, readBytes32 } from './abi-value.ts'
export { addressWord, bytes32, toAbiAddress, uint128Word, uintToBytes, uintWord } from './abi-word.ts'
export * from './address.ts'
export { broadcast, isFateUnknown, waitForReceipt } from './broadcast.ts'
export { decodeRefusal, decodeRevert } from './chain-errors.ts'
export { type ChainHeads, connectNode, type PricedCall, type TronConnection } from './connection.ts'
export { callConstant } from './constant-call.ts'
export { type AbiCall, createContractClient } from './contract-client.ts'
export * from './failed-transaction.ts'
export {
  type AccountMeans,
  burnOf,
  type ChainPrices,
  checkAffordable,
  createPriceReader,
  type FeeQuote,
  feeLimitOf,
  type Priced,
  quoteFee,
} from './fees.ts'
export * from './generated/trc20-abi.ts'
export * from './keccak.ts'
export * from './key-agreement.ts'
export { KNOWN_NETWORKS, type KnownNetwork } from './known-networks.ts'
export * from './message-digest.ts'
export * from './network.ts'
export {
  badReply,
  createNodeClient,
  type JsonObject,
  type NodeClient,
  readCount,
  readHex,
  readObject,
  readWords,
} from './node-client.ts'
export * from './signature.ts'
export { createTokenClient } from './token-client.ts'
export * from './tracked-sending.ts'
export {
  type BlockHead,
  bandwidthOf,
  checkSigned,
  checkSize,
  hashRawData,
  LIFETIME_MS,
  LOST_AFTER_MS,
  readChainId,
  readHead,
  type SignedTransaction,
  type TransactionSigner,
  toAccountHex,
  type UnsignedTransaction,
} from './transaction.ts'
export {
  type ContractLog,
  isMined,
  readFate,
  readLogsOf,
  readReceipt,
  type TransactionFate,
  type TransactionReceipt,
} from './transaction-info.ts'
export * from './transaction-state.ts'
export { type AbiInterface, loadTronCodec, type TronCodec } from './tronweb-codec.ts'
export * from './typed-data.ts'
