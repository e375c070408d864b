/** Endpoints that read blocks, transactions and the network's figures. */
import type { Block } from '../chain/block.ts'
import type { Blockchain, StoredTransaction } from '../chain/blockchain.ts'
import { BTTOLD } from '../chain/genesis.ts'
import { formatTransactionInfo } from '../chain/transaction-info.ts'
import { toBareHex } from '../codec/transaction-json.ts'
import { PlainError } from '../devnet-error.ts'
import { formatBlock, formatGenesisTransaction, formatStored } from './block-json.ts'
import { listChainParameters } from './chain-parameters.ts'
import type { ChainView, Json, Read } from './chain-view.ts'
import { type ApiRequest, readHex, readSignedInteger, refuseHex } from './request.ts'

const MAX_BLOCKS_A_REQUEST = 100

export const walletReads: Readonly<Record<string, Read>> = {
  async getnowblock({ chain, headNumber }, { visible }) {
    return formatBlock(chain, chain.getBlock(headNumber)!, { detail: true, visible })
  },
  async getblock({ chain, headNumber }, request) {
    const { id_or_num: wanted, detail } = request.params
    const block =
      wanted === undefined || wanted === ''
        ? chain.getBlock(headNumber)
        : findBlock(chain, `${wanted}`, headNumber)
    if (!block || block.number > headNumber) return {}
    return formatBlock(chain, block, {
      detail: detail === true || detail === 'true',
      visible: request.visible,
    })
  },
  async getblockbynum({ chain, headNumber }, request) {
    const block = chain.getBlock(readSignedInteger(request, 'num'))
    if (!block || block.number > headNumber) return {}
    return formatBlock(chain, block, { detail: true, visible: request.visible })
  },
  async getblockbyid({ chain, headNumber }, request) {
    const block = chain.getBlockById(readId(request))
    if (!block || block.number > headNumber) return {}
    return formatBlock(chain, block, { detail: true, visible: request.visible })
  },
  async getblockbylatestnum({ chain, headNumber }, request) {
    const count = readSignedInteger(request, 'num')
    if (count <= 0 || count >= MAX_BLOCKS_A_REQUEST) return {}
    return {
      block: formatRange(chain, Math.max(0, headNumber - count + 1), headNumber + 1, request.visible),
    }
  },
  async getblockbylimitnext({ chain, headNumber }, request) {
    const start = readSignedInteger(request, 'startNum')
    const end = readSignedInteger(request, 'endNum')
    if (end <= 0 || end <= start || end - start > MAX_BLOCKS_A_REQUEST) return {}
    return { block: formatRange(chain, start, Math.min(end, headNumber + 1), request.visible) }
  },
  async gettransactionbyid(view, request) {
    const id = readId(request)
    const stored = view.chain.getTransaction(id)
    if (stored) return isShown(stored, view) ? formatStored(stored, request.visible) : {}
    const first = view.chain.getBlock(0)?.genesisTransactions.find(({ txId }) => txId === id)
    return first ? formatGenesisTransaction(first, request.visible) : {}
  },
  async gettransactioninfobyid({ chain, headNumber }, request) {
    const stored = chain.getTransaction(readId(request))
    if (!stored || !chain.isSealed(stored) || stored.info.blockNumber > headNumber) return {}
    return formatTransactionInfo(stored.info, request.visible)
  },
  async gettransactioninfobyblocknum({ chain, headNumber }, request) {
    const number = readSignedInteger(request, 'num')
    if (number <= 0) return {}
    const block = chain.getBlock(number)
    if (!block || block.number > headNumber) return []
    return block.txIds.map((txId) => formatTransactionInfo(chain.getTransaction(txId)!.info, request.visible))
  },
  async getchainparameters({ chain }) {
    return { chainParameter: listChainParameters(chain.dynamicEnergy) }
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
      configNodeInfo: {
        codeVersion: 'piecemeal-devnet',
        p2pVersion: '0',
        supportConstant: chain.supportsConstant,
      },
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

/** By number or by id. Throws PlainError in java-tron's words; undefined for what is in no block here. */
function findBlock(chain: Blockchain, wanted: string, headNumber: number): Block | undefined {
  if (/^[+-]?\d{1,18}$/.test(wanted)) {
    if (Number(wanted) < 0) throw new PlainError('num must be non-positive number.')
    return chain.getBlock(Number(wanted))
  }
  const number = /^[0-9a-fA-F]{64}$/.test(wanted)
    ? BigInt.asIntN(64, BigInt(`0x${wanted.slice(0, 16)}`))
    : -1n
  if (number < 0n || number > BigInt(headNumber)) throw new PlainError('id must be legal block hash.')
  return chain.getBlockById(wanted.toLowerCase())
}

function formatRange(chain: Blockchain, start: number, end: number, visible: boolean): Json[] {
  const blocks: Json[] = []
  for (let number = start; number < end; number++) {
    const block = chain.getBlock(number)
    if (block) blocks.push(formatBlock(chain, block, { detail: true, visible }))
  }
  return blocks
}

/** A block's or transaction's id: any bytes, of which most are nobody's. Throws BadRequest. */
function readId(request: ApiRequest): string {
  const { value } = request.params
  if (request.method === 'GET' && !/^(0x)?[0-9a-fA-F]*$/.test(`${value ?? ''}`)) throw refuseHex()
  return toBareHex(readHex(request, 'value'))
}

/** The full node shows pending transactions too; the solidity view only solidified ones. */
function isShown(stored: StoredTransaction, view: ChainView): boolean {
  return !view.isSolidified || stored.info.blockNumber <= view.headNumber
}
