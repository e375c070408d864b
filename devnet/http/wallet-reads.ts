/** Endpoints that read blocks, transactions and the network's figures. */
import type { Block } from '../chain/block.ts'
import type { Blockchain, StoredTransaction } from '../chain/blockchain.ts'
import { BTTOLD } from '../chain/genesis.ts'
import { formatTransactionInfo } from '../chain/transaction-info.ts'
import { BadRequest } from '../devnet-error.ts'
import { formatBlock, formatStored } from './block-json.ts'
import { CHAIN_PARAMETERS } from './chain-parameters.ts'
import type { ChainView, Json, Read } from './chain-view.ts'
import { type ApiRequest, readInteger } from './request.ts'

const MAX_BLOCKS_A_REQUEST = 100

export const walletReads: Readonly<Record<string, Read>> = {
  async getnowblock({ chain, headNumber }, { visible }) {
    return formatBlock(chain, chain.getBlock(headNumber)!, { detail: true, visible })
  },
  async getblock({ chain, headNumber }, request) {
    const { id_or_num: wanted, detail } = request.params
    const block =
      wanted === undefined || wanted === '' ? chain.getBlock(headNumber) : findBlock(chain, wanted)
    if (!block || block.number > headNumber) return {}
    return formatBlock(chain, block, {
      detail: detail === true || detail === 'true',
      visible: request.visible,
    })
  },
  async getblockbynum({ chain, headNumber }, request) {
    const block = chain.getBlock(readInteger(request.params, 'num'))
    if (!block || block.number > headNumber) return {}
    return formatBlock(chain, block, { detail: true, visible: request.visible })
  },
  async getblockbyid({ chain, headNumber }, request) {
    const block = findBlock(chain, request.params.value)
    if (!block || block.number > headNumber) return {}
    return formatBlock(chain, block, { detail: true, visible: request.visible })
  },
  async getblockbylatestnum({ chain, headNumber }, request) {
    const count = Math.min(readInteger(request.params, 'num', 1), MAX_BLOCKS_A_REQUEST)
    return {
      block: formatRange(chain, Math.max(0, headNumber - count + 1), headNumber + 1, request.visible),
    }
  },
  async getblockbylimitnext({ chain, headNumber }, request) {
    const start = readInteger(request.params, 'startNum')
    const end = Math.min(readInteger(request.params, 'endNum'), start + MAX_BLOCKS_A_REQUEST, headNumber + 1)
    return { block: formatRange(chain, start, end, request.visible) }
  },
  async gettransactionbyid(view, request) {
    const stored = view.chain.getTransaction(readTxId(request))
    return stored && isShown(stored, view) ? formatStored(stored, request.visible) : {}
  },
  async gettransactioninfobyid({ chain, headNumber }, request) {
    const stored = chain.getTransaction(readTxId(request))
    if (!stored || !chain.isSealed(stored) || stored.info.blockNumber > headNumber) return {}
    return formatTransactionInfo(stored.info, request.visible)
  },
  async gettransactioninfobyblocknum({ chain, headNumber }, request) {
    const block = chain.getBlock(readInteger(request.params, 'num'))
    if (!block || block.number > headNumber) return []
    return block.txIds.map((txId) => formatTransactionInfo(chain.getTransaction(txId)!.info, request.visible))
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
  async getnodeinfo({ chain }) {
    const { head } = chain
    const solid = chain.getBlock(chain.solidNumber) ?? head
    return {
      beginSyncNum: 0,
      block: `Num:${head.number},ID:${head.id}`,
      solidityBlock: `Num:${solid.number},ID:${solid.id}`,
      currentConnectCount: 0,
      activeConnectCount: 0,
      configNodeInfo: { codeVersion: 'piecemeal-devnet', p2pVersion: '0', supportConstant: true },
    }
  },
}

const BTTOLD_JSON = {
  id: BTTOLD.id,
  name: Buffer.from(BTTOLD.name).toString('hex'),
  abbr: Buffer.from(BTTOLD.abbreviation).toString('hex'),
  precision: BTTOLD.decimals,
  total_supply: 990_000_000_000_000_000,
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
function isShown(stored: StoredTransaction, view: ChainView): boolean {
  return !view.isSolidified || stored.info.blockNumber <= view.headNumber
}
