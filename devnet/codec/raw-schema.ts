/** `Transaction.raw` and what it is made of (java-tron's Tron.proto). */
import type { MessageSchema } from './message.ts'

/** google.protobuf.Any: the contract's bytes under the name of their type. */
const ANY: MessageSchema = {
  name: 'Any',
  fields: [
    { number: 1, name: 'type_url', kind: 'string' },
    { number: 2, name: 'value', kind: 'bytes' },
  ],
}

const CONTRACT: MessageSchema = {
  name: 'Contract',
  fields: [
    // An enum; kept as a number, since types that the devnet has not must be told apart too.
    { number: 1, name: 'type', kind: 'int32' },
    { number: 2, name: 'parameter', kind: ANY },
    { number: 3, name: 'provider', kind: 'bytes' },
    { number: 4, name: 'ContractName', kind: 'bytes' },
    { number: 5, name: 'Permission_id', kind: 'int32' },
  ],
}

export const RAW: MessageSchema = {
  name: 'raw_data',
  fields: [
    { number: 1, name: 'ref_block_bytes', kind: 'bytes' },
    { number: 3, name: 'ref_block_num', kind: 'int64' },
    { number: 4, name: 'ref_block_hash', kind: 'bytes' },
    { number: 8, name: 'expiration', kind: 'int64' },
    { number: 10, name: 'data', kind: 'bytes' },
    { number: 11, name: 'contract', kind: CONTRACT, repeated: true },
    { number: 12, name: 'scripts', kind: 'bytes' },
    { number: 14, name: 'timestamp', kind: 'int64' },
    { number: 18, name: 'fee_limit', kind: 'int64' },
  ],
}
