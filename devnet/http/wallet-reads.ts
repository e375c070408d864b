/** Read endpoints under /wallet and /walletsolidity. */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { accountExists, getTrxBalance } from '../chain/apply-transaction.ts'
import type { Block } from '../chain/block.ts'
import type { Blockchain } from '../chain/blockchain.ts'
import { FREE_BANDWIDTH_BYTES, freeBandwidthUsed } from '../chain/fees.ts'
import { BTTOLD } from '../chain/genesis.ts'
import { formatTransactionInfo } from '../chain/transaction-info.ts'
import { formatAccountId } from '../codec/account-id.ts'
import { SMART_CONTRACT } from '../codec/contract-schemas.ts'
import { formatMessage } from '../codec/message.ts'
import { toBareHex } from '../codec/transaction-json.ts'
import { BadRequest } from '../devnet-error.ts'
import { formatBlock, formatStored } from './block-json.ts'
import { CHAIN_PARAMETERS } from './chain-parameters.ts'
import { type ApiRequest, readInteger, requireAccountId } from './request.ts'

type Json = Record<string, unknown>
/** `solidNumber`: the newest block that this view shows. */
export type Read = (chain: Blockchain, request: ApiRequest, solidNumber: number) => Promise<unknown>

const MAX_BLOCKS_A_REQUEST = 100

export const walletReads: Readonly<Record<string, Read>> = {
  async getnowblock(chain, { visible }, solidNumber) {
    return formatBlock(chain, chain.getBlock(solidNumber)!, { detail: true, visible })
  },
  async getblock(chain, request, solidNumber) {
    const { id_or_num: wanted, detail } = request.params
    const block =
      wanted === undefined || wanted === '' ? chain.getBlock(solidNumber) : findBlock(chain, wanted)
    if (!block || block.number > solidNumber) return {}
    return formatBlock(chain, block, {
      detail: detail === true || detail === 'true',
      visible: request.visible,
    })
  },
  async getblockbynum(chain, request, solidNumber) {
    const block = chain.getBlock(readInteger(request.params, 'num'))
    if (!block || block.number > solidNumber) return {}
    return formatBlock(chain, block, { detail: true, visible: request.visible })
  },
  async getblockbyid(chain, request, solidNumber) {
    const block = findBlock(chain, request.params.value)
    if (!block || block.number > solidNumber) return {}
    return formatBlock(chain, block, { detail: true, visible: request.visible })
  },
  async getblockbylatestnum(chain, request, solidNumber) {
    const count = Math.min(readInteger(request.params, 'num', 1), MAX_BLOCKS_A_REQUEST)
    return {
      block: formatRange(chain, Math.max(0, solidNumber - count + 1), solidNumber + 1, request.visible),
    }
  },
  async getblockbylimitnext(chain, request, solidNumber) {
    const start = readInteger(request.params, 'startNum')
    const end = Math.min(readInteger(request.params, 'endNum'), start + MAX_BLOCKS_A_REQUEST, solidNumber + 1)
    return { block: formatRange(chain, start, end, request.visible) }
  },
  async gettransactionbyid(chain, request, solidNumber) {
    const stored = chain.getTransaction(readTxId(request))
    return stored && isShown(chain, stored.info.blockNumber, solidNumber)
      ? formatStored(stored, request.visible)
      : {}
  },
  async gettransactioninfobyid(chain, request, solidNumber) {
    const stored = chain.getTransaction(readTxId(request))
    if (!stored || !chain.isSealed(stored) || stored.info.blockNumber > solidNumber) return {}
    return formatTransactionInfo(stored.info, request.visible)
  },
  async gettransactioninfobyblocknum(chain, request, solidNumber) {
    const block = chain.getBlock(readInteger(request.params, 'num'))
    if (!block || block.number > solidNumber) return []
    return block.txIds.map((txId) => formatTransactionInfo(chain.getTransaction(txId)!.info, request.visible))
  },
  async getaccount(chain, request) {
    const id = requireAccountId(request.params, 'address')
    const { state } = chain
    if (!(await accountExists(state, id))) return {}
    const meta = state.getMeta(id)
    const balance = Number(await getTrxBalance(state, id))
    const address = formatAccountId(id, request.visible)
    const tokens = [...state.listTokenBalances(id)].map(([key, value]) => ({ key, value: Number(value) }))
    const permission = { threshold: 1, keys: [{ address, weight: 1 }] }
    return {
      address,
      ...(chain.contracts.get(id) ? { type: 'Contract' } : {}),
      ...(balance > 0 ? { balance } : {}),
      ...(meta && meta.createdAtMs > 0 ? { create_time: meta.createdAtMs } : {}),
      ...(meta && meta.lastOperationMs > 0 ? { latest_opration_time: meta.lastOperationMs } : {}),
      ...(meta && meta.freeNetUsed > 0
        ? {
            free_net_usage: freeBandwidthUsed(meta, chain.nowMs()),
            latest_consume_free_time: meta.freeNetAtMs,
          }
        : {}),
      account_resource: {},
      owner_permission: { permission_name: 'owner', ...permission },
      active_permission: [
        {
          type: 'Active',
          id: 2,
          permission_name: 'active',
          operations: `7fff1fc0033efb0f${'0'.repeat(48)}`,
          ...permission,
        },
      ],
      ...(tokens.length > 0 ? { assetV2: tokens } : {}),
    }
  },
  async getaccountresource(chain, request) {
    const id = requireAccountId(request.params, 'address')
    if (!(await accountExists(chain.state, id))) return {}
    return {
      ...netUsage(chain, id),
      ...TOTALS,
      TotalEnergyLimit: 180_000_000_000,
      TotalEnergyWeight: 19_000_000_000,
    }
  },
  async getaccountnet(chain, request) {
    const id = requireAccountId(request.params, 'address')
    return (await accountExists(chain.state, id)) ? { ...netUsage(chain, id), ...TOTALS } : {}
  },
  async getaccountbalance(chain, request) {
    const id = requireAccountId(request.params, 'address')
    return { balance: Number(await getTrxBalance(chain.state, id)) }
  },
  async getcontract(chain, request) {
    const contract = chain.contracts.get(requireAccountId(request.params, 'value'))
    if (!contract) return {}
    return {
      abi: {},
      ...formatMessage(SMART_CONTRACT, contract.creation.message, request.visible),
      contract_address: formatAccountId(contract.address, request.visible),
      code_hash: toBareHex(keccak_256(await chain.getCode(contract.address))),
      trx_hash: contract.txId,
      version: 1,
    }
  },
  async getcontractinfo(chain, request, solidNumber) {
    const smart_contract = (await walletReads.getcontract!(chain, request, solidNumber)) as Json
    if (!smart_contract.contract_address) return {}
    const code = await chain.getCode(requireAccountId(request.params, 'value'))
    return { runtimecode: toBareHex(code), smart_contract, contract_state: {} }
  },
  async getchainparameters() {
    return { chainParameter: CHAIN_PARAMETERS }
  },
  async getenergyprices() {
    return { prices: '0:100' }
  },
  async getbandwidthprices() {
    return { prices: '0:1000' }
  },
  async getmemofee() {
    return { prices: '0:1000000' }
  },
  async getassetissuebyid(_chain, request) {
    return String(request.params.value) === BTTOLD.id ? BTTOLD_JSON : {}
  },
  async getassetissuelist() {
    return { assetIssue: [BTTOLD_JSON] }
  },
  async listwitnesses() {
    return { witnesses: [] }
  },
  async listnodes() {
    return { nodes: [] }
  },
  async getnodeinfo(chain) {
    const head = chain.head
    return {
      beginSyncNum: 0,
      block: `Num:${head.number},ID:${head.id}`,
      solidityBlock: `Num:${head.number},ID:${head.id}`,
      currentConnectCount: 0,
      activeConnectCount: 0,
      configNodeInfo: { codeVersion: 'piecemeal-devnet', p2pVersion: '0', supportConstant: true },
    }
  },
}

const TOTALS = { TotalNetLimit: 43_200_000_000, TotalNetWeight: 26_000_000_000 }
const BTTOLD_JSON = {
  id: BTTOLD.id,
  name: Buffer.from(BTTOLD.name).toString('hex'),
  abbr: Buffer.from(BTTOLD.abbreviation).toString('hex'),
  precision: BTTOLD.decimals,
  total_supply: 990_000_000_000_000_000,
}

function netUsage(chain: Blockchain, id: Parameters<Blockchain['state']['getMeta']>[0]): Json {
  const used = freeBandwidthUsed(chain.state.getMeta(id), chain.nowMs())
  return { ...(used > 0 ? { freeNetUsed: used } : {}), freeNetLimit: FREE_BANDWIDTH_BYTES }
}

function findBlock(chain: Blockchain, wanted: unknown): Block | undefined {
  const text = String(wanted ?? '')
  if (/^\d{1,15}$/.test(text)) return chain.getBlock(Number(text))
  return /^[0-9a-fA-F]{64}$/.test(text) ? chain.getBlockById(text.toLowerCase()) : undefined
}

function formatRange(chain: Blockchain, start: number, end: number, visible: boolean): Json[] {
  const blocks: Json[] = []
  for (let number = start; number < end; number++) {
    const block = chain.getBlock(number)
    if (block) blocks.push(formatBlock(chain, block, { detail: true, visible }))
  }
  return blocks
}

function readTxId(request: ApiRequest): string {
  const { value } = request.params
  if (typeof value !== 'string' || !/^[0-9a-fA-F]{64}$/.test(value))
    throw new BadRequest('INVALID transaction id')
  return value.toLowerCase()
}

/** The full node shows pending transactions too; the solidity view only solidified ones. */
function isShown(chain: Blockchain, blockNumber: number, solidNumber: number): boolean {
  return blockNumber <= solidNumber || solidNumber === chain.head.number
}
