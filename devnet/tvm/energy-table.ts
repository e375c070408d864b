/**
 * TRON's energy costs over the Petersburg rules: storage reads and calls at their first prices, no refunds (the meter
 * ignores them), no warm or cold accounts. Source: java-tron's EnergyCost table.
 */
import { paramsEVM } from '@ethereumjs/evm'

const TVM_COSTS: Readonly<Record<string, number>> = {
  sloadGas: 50,
  callGas: 40,
  callcodeGas: 40,
  delegatecallGas: 40,
  staticcallGas: 40,
  balanceGas: 20,
  extcodesizeGas: 20,
  extcodecopyGas: 20,
  extcodehashGas: 400,
  selfdestructGas: 5000,
  expByteGas: 10,
  selfdestructRefundGas: 0,
  bn254AddGas: 150,
  bn254MulGas: 6000,
  bn254PairingGas: 45000,
  bn254PairingWordGas: 34000,
  /** Read by the interpreter as the limit of call depth. */
  stackLimit: 64,
}

/** The parameter set for the EVM: every EIP's value of a name in TVM_COSTS is replaced. */
export function createTvmParams(): typeof paramsEVM {
  const params: Record<string, Record<string, unknown>> = JSON.parse(JSON.stringify(paramsEVM))
  for (const group of Object.values(params)) {
    for (const [name, cost] of Object.entries(TVM_COSTS)) if (name in group) group[name] = cost
  }
  return params as typeof paramsEVM
}

/**
 * Stands in for the 80 ms of CPU that a real node gives a transaction, as an energy figure so that it is
 * deterministic: running past it ends OUT_OF_TIME.
 */
export const MAX_ENERGY_PER_TRANSACTION = 20_000_000n
