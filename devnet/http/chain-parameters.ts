/** `getchainparameters`: the ones that wallets read, with the prices that the devnet charges. */
import {
  BANDWIDTH_PRICE_SUN,
  ENERGY_PRICE_SUN,
  MAX_FEE_LIMIT_SUN,
  MEMO_FEE_SUN,
  MULTI_SIGNATURE_FEE_SUN,
  NEW_ACCOUNT_BANDWIDTH_FEE_SUN,
  NEW_ACCOUNT_FEE_SUN,
  PERMISSION_UPDATE_FEE_SUN,
} from '../chain/fees.ts'
import { FREE_BANDWIDTH_BYTES, NETWORK } from '../chain/resources.ts'
import { type DynamicEnergyRules, MAINNET_DYNAMIC_ENERGY } from '../tvm/dynamic-energy.ts'

interface ChainParameter {
  readonly key: string
  /** Left out where it is 0: not voted for. */
  readonly value?: number
}

const FIXED: readonly ChainParameter[] = [
  { key: 'getCreateAccountFee', value: Number(NEW_ACCOUNT_BANDWIDTH_FEE_SUN) },
  { key: 'getTransactionFee', value: Number(BANDWIDTH_PRICE_SUN) },
  { key: 'getCreateNewAccountFeeInSystemContract', value: Number(NEW_ACCOUNT_FEE_SUN) },
  { key: 'getCreateNewAccountBandwidthRate', value: 1 },
  { key: 'getEnergyFee', value: Number(ENERGY_PRICE_SUN) },
  { key: 'getMaxCpuTimeOfOneTx', value: 80 },
  { key: 'getFreeNetLimit', value: FREE_BANDWIDTH_BYTES },
  { key: 'getMaxFeeLimit', value: Number(MAX_FEE_LIMIT_SUN) },
  { key: 'getMemoFee', value: Number(MEMO_FEE_SUN) },
  { key: 'getMultiSignFee', value: Number(MULTI_SIGNATURE_FEE_SUN) },
  { key: 'getUpdateAccountPermissionFee', value: Number(PERMISSION_UPDATE_FEE_SUN) },
  { key: 'getTotalNetLimit', value: NETWORK.totalNetLimit },
  { key: 'getTotalEnergyLimit', value: NETWORK.totalEnergyLimit },
  { key: 'getTotalEnergyCurrentLimit', value: NETWORK.totalEnergyLimit },
  { key: 'getUnfreezeDelayDays', value: 14 },
  { key: 'getAllowMultiSign', value: 1 },
  { key: 'getAllowDelegateResource', value: 1 },
  { key: 'getMaxDelegateLockPeriod', value: 864_000 },
  { key: 'getAllowTvmTransferTrc10', value: 1 },
  { key: 'getAllowTvmConstantinople', value: 1 },
  { key: 'getAllowTvmIstanbul', value: 1 },
  { key: 'getAllowTvmLondon', value: 1 },
  { key: 'getAllowTvmSolidity059', value: 1 },
  { key: 'getAllowTvmFreeze', value: 1 },
  { key: 'getAllowTvmVote', value: 1 },
  { key: 'getAllowTvmCompatibleEvm' },
  { key: 'getAllowHigherLimitForMaxCpuTimeOfOneTx', value: 1 },
  { key: 'getAllowOptimizedReturnValueOfChainId', value: 1 },
  { key: 'getAllowTvmShangHai', value: 1 },
  { key: 'getAllowEnergyAdjustment', value: 1 },
  { key: 'getAllowTvmCancun', value: 1 },
  { key: 'getAllowTvmBlob', value: 1 },
]

/** With dynamic energy as the chain has it: mainnet's has been on since 2023, this one's is off until it is asked for. */
export function listChainParameters(rules: DynamicEnergyRules | null): readonly ChainParameter[] {
  const { thresholdEnergy, increaseFactor, maxFactor } = rules ?? MAINNET_DYNAMIC_ENERGY
  return [
    ...FIXED,
    { key: 'getMaintenanceTimeInterval', value: (rules ?? MAINNET_DYNAMIC_ENERGY).maintenanceMs },
    { key: 'getAllowDynamicEnergy', ...(rules ? { value: 1 } : {}) },
    { key: 'getDynamicEnergyThreshold', value: thresholdEnergy },
    { key: 'getDynamicEnergyIncreaseFactor', value: increaseFactor },
    { key: 'getDynamicEnergyMaxFactor', value: maxFactor },
  ]
}
