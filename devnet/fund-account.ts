/** Gifts of the faucet account: TRX and BTT, as ordinary transactions. */
import { concatBytes } from '@noble/hashes/utils.js'
import { hexToBytes } from '../lib/base/index.ts'
import { addressToBytes } from '../lib/tron/index.ts'
import type { Amount, FeeSun } from '../lib/units/index.ts'
import type { Blockchain } from './chain/blockchain.ts'
import { FAUCET_ACCOUNT } from './chain/demo-accounts.ts'
import { sendAs } from './chain/local-sender.ts'
import { type AccountId, formatAccountId } from './codec/account-id.ts'
import { toBareHex } from './codec/transaction-json.ts'
import type { Deployment } from './deploy-contracts.ts'
import { DevnetRefusal } from './devnet-error.ts'

/** First four bytes of keccak of "transfer(address,uint256)". */
const TRANSFER_SELECTOR = 'a9059cbb'

export interface Gift {
  readonly trxSun: FeeSun
  readonly bttAmount: Amount
}

/** Sends what is above zero; returns the transactions' ids. Throws DevnetRefusal. */
export async function fundAccount(
  chain: Blockchain,
  to: AccountId,
  gift: Gift,
  deployment: Deployment | null,
): Promise<readonly string[]> {
  const txIds: string[] = []
  if (gift.trxSun > 0n) {
    const info = await sendAs(chain, FAUCET_ACCOUNT, 'TransferContract', {
      to_address: formatAccountId(to, false),
      amount: gift.trxSun,
    })
    txIds.push(info.txId)
  }
  if (gift.bttAmount > 0n) {
    if (!deployment)
      throw new DevnetRefusal('CONTRACT_VALIDATE_ERROR', 'the BTT token is not deployed on this devnet')
    const argument = concatBytes(new Uint8Array(12), hexToBytes(to))
    const info = await sendAs(chain, FAUCET_ACCOUNT, 'TriggerSmartContract', {
      contract_address: `41${toBareHex(addressToBytes(deployment.token))}`,
      data: `${TRANSFER_SELECTOR}${toBareHex(argument)}${gift.bttAmount.toString(16).padStart(64, '0')}`,
      call_value: 0,
    })
    txIds.push(info.txId)
  }
  return txIds
}
