/** `/explorer/address/<T…>` and the start page: balances, and the latest transactions. */
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, hexToBytes } from '../../lib/base/index.ts'
import { BTT, formatDecimal } from '../../lib/units/index.ts'
import { getTrxBalance } from '../chain/accounts.ts'
import type { Blockchain } from '../chain/blockchain.ts'
import { BTTOLD, BTTOLD_TOKEN_ID } from '../chain/genesis.ts'
import { type AccountId, accountIdToAddress } from '../codec/account-id.ts'
import { facts, html, type Markup, page, section, table } from './markup.ts'
import { describeResult, type ExplorerToken, formatSun, summarise } from './transaction-page.ts'

const SHOWN_TRANSACTIONS = 50
/** First four bytes of keccak of "balanceOf(address)". */
const BALANCE_OF = '70a08231'

export async function addressPage(chain: Blockchain, id: AccountId, token: ExplorerToken): Promise<string> {
  const contract = chain.contracts.get(id)
  const btt = token.bttToken ? await readBttBalance(chain, token.bttToken, id) : null
  const { trx, bttold, codeLength } = await chain.read(async () => ({
    trx: await getTrxBalance(chain.state, id),
    bttold: chain.state.getTokenBalance(id, BTTOLD_TOKEN_ID),
    codeLength: (await chain.getCode(id)).length,
  }))
  const txIds = chain.listTransactions(id)
  return page(contract ? `Contract ${contract.creation.name}` : 'Account', '../../', [
    section(
      'Balances',
      facts([
        ['Address', html`<code>${accountIdToAddress(id)}</code>`],
        ['TRX', formatSun(trx)],
        ['BTT', btt === null ? null : formatDecimal(btt, BTT.decimals, BTT.decimals)],
        ['BTTOLD', bttold > 0n ? formatDecimal(bttold, BTTOLD.decimals, BTTOLD.decimals) : null],
        ['Code', contract ? `${codeLength} bytes` : null],
      ]),
    ),
    transactionList(chain, txIds, '../index.ts/'),
  ])
}

/** The newest transactions of the whole chain. */
export function startPage(chain: Blockchain): string {
  const txIds: string[] = []
  for (let number = chain.head.number; number > 0 && txIds.length < SHOWN_TRANSACTIONS; number--) {
    txIds.unshift(...(chain.getBlock(number)?.txIds ?? []))
  }
  return page('Explorer', '', [
    section(
      'Chain',
      facts([
        ['Chain id', `0x${chain.chainId.toString(16).padStart(8, '0')}`],
        ['Height', chain.head.number],
        ['Head', html`<code>${chain.head.id}</code>`],
      ]),
    ),
    transactionList(chain, txIds, 'explorer/'),
  ])
}

function transactionList(chain: Blockchain, txIds: readonly string[], root: string): Markup {
  const rows = txIds
    .slice(-SHOWN_TRANSACTIONS)
    .reverse()
    .flatMap((txId) => {
      const stored = chain.getTransaction(txId)
      if (!stored) return []
      const { info } = stored
      return [
        [
          html`<a href="${root}transaction/${txId}"><code>${txId.slice(0, 12)}…</code></a>`,
          info.blockNumber,
          summarise(chain, stored),
          html`<span class="${info.message === null ? 'good' : 'bad'}">${describeResult(info.result)}</span>`,
          formatSun(info.feeSun),
        ],
      ]
    })
  const title =
    txIds.length > rows.length ? `Latest ${rows.length} of ${txIds.length} transactions` : 'Transactions'
  if (rows.length === 0) return section(title, html`<p class="soft">None yet.</p>`)
  return section(title, table(['Id', 'Block', 'What', 'Result', 'Fee'], rows))
}

async function readBttBalance(chain: Blockchain, token: AccountId, holder: AccountId): Promise<bigint> {
  const run = await chain.call({
    caller: holder,
    contract: token,
    valueSun: 0n,
    tokenId: 0n,
    tokenAmount: 0n,
    data: concatBytes(hexToBytes(BALANCE_OF), new Uint8Array(12), hexToBytes(holder)),
  })
  return run.returnData.length === 32 ? BigInt(bytesToHex(run.returnData)) : 0n
}
