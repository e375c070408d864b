/** Every operation by its opcode. What is not here fails as an invalid operation code. */
import { arithmeticOperations } from './arithmetic-operations.ts'
import { callOperations } from './call-operations.ts'
import { creationOperations } from './creation-operations.ts'
import { environmentOperations } from './environment-operations.ts'
import type { Operation } from './operation.ts'
import { stakingOperations } from './staking-operations.ts'
import { storageOperations } from './storage-operations.ts'

export { CALL_OPCODES } from './call-operations.ts'

export const OPERATIONS: readonly (Operation | undefined)[] = createTable()

function createTable(): (Operation | undefined)[] {
  const table = new Array<Operation | undefined>(256).fill(undefined)
  for (const operation of [
    ...arithmeticOperations,
    ...environmentOperations,
    ...storageOperations,
    ...callOperations,
    ...creationOperations,
    ...stakingOperations,
  ])
    table[operation.opcode] = operation
  return table
}
