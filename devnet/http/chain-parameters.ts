/** `getchainparameters`: the ones that wallets read, with the prices that the devnet charges. */
import {
  BANDWIDTH_PRICE_SUN,
  ENERGY_PRICE_SUN,
  FREE_BANDWIDTH_BYTES,
  MAX_FEE_LIMIT_SUN,
  MEMO_FEE_SUN,
  NEW_ACCOUNT_BANDWIDTH_FEE_SUN,
  NEW_ACCOUNT_FEE_SUN,
} from '../chain/fees.ts'

export const CHAIN_PARAMETERS: readonly { readonly key: string; readonly value?: number }[] = [
  { key: 'getMaintenanceTimeInterval', value: 21_600_000 },
  { key: 'getCreateAccountFee', value: Number(NEW_ACCOUNT_BANDWIDTH_FEE_SUN) },
  { key: 'getTransactionFee', value: Number(BANDWIDTH_PRICE_SUN) },
  { key: 'getCreateNewAccountFeeInSystemContract', value: Number(NEW_ACCOUNT_FEE_SUN) },
  { key: 'getCreateNewAccountBandwidthRate', value: 1 },
  { key: 'getEnergyFee', value: Number(ENERGY_PRICE_SUN) },
  { key: 'getMaxCpuTimeOfOneTx', value: 80 },
  { key: 'getFreeNetLimit', value: FREE_BANDWIDTH_BYTES },
  { key: 'getMaxFeeLimit', value: Number(MAX_FEE_LIMIT_SUN) },
  { key: 'getMemoFee', value: Number(MEMO_FEE_SUN) },
  { key: 'getAllowTvmTransferTrc10', value: 1 },
  { key: 'getAllowTvmConstantinople', value: 1 },
  { key: 'getAllowTvmIstanbul', value: 1 },
  { key: 'getAllowTvmLondon', value: 1 },
  { key: 'getAllowTvmCompatibleEvm', value: 1 },
  { key: 'getAllowTvmShangHai', value: 1 },
]
