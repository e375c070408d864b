/** A transaction that a block took and that failed there: nothing moved, and its fee is gone all the same. */
import { ChainError, type Hex } from '../base/index.ts'
import type { FeeSun } from '../units/index.ts'

export class FailedTransaction extends ChainError {
  readonly txId: Hex
  readonly feeSun: FeeSun
  constructor(
    reason: Pick<ChainError, 'code' | 'message'>,
    burned: { readonly txId: Hex; readonly feeSun: FeeSun },
  ) {
    super(reason.code, reason.message)
    this.txId = burned.txId
    this.feeSun = burned.feeSun
  }
}
