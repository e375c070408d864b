/** `/explorer/transaction/<id>`: what a transaction did, in words. */
import { formatAmountExact, formatDecimal, toAmount } from '../../lib/units/index.ts'
import type { Blockchain, StoredTransaction } from '../chain/blockchain.ts'
import { ENERGY_PRICE_SUN } from '../chain/fees.ts'
import { BTTOLD } from '../chain/genesis.ts'
import { type AccountId, accountIdToAddress, parseAccountId } from '../codec/account-id.ts'
import { toBareHex } from '../codec/transaction-json.ts'
import { type Decoded, decodeCall, decodeEvent, decodeRevert, formatDecoded } from './decode.ts'
import { facts, html, type Markup, page, section, table } from './markup.ts'

export interface ExplorerToken {
  /** The BTT token's address, or null before it is deployed. */
  readonly bttToken: AccountId | null
}

/** "4.2 TRX", every digit. */
export function formatSun(sun: bigint): string {
  return `${formatDecimal(sun, 6, 6)} TRX`
}

function addressLink(id: AccountId): Markup {
  const address = accountIdToAddress(id)
  return html`<a href="../address/${address}"><code>${address}</code></a>`
}

export function transactionPage(chain: Blockchain, stored: StoredTransaction, token: ExplorerToken): string {
  const { transaction, info } = stored
  const outcome = chain.isSealed(stored)
    ? html`<strong class="${info.message === null ? 'good' : 'bad'}">${describeResult(info.result)}</strong>`
    : html`<strong>Waiting for its block</strong>`
  const revert = decodeRevert(chain, info.contract, info.returnData)
  const events = info.logs.map((log) => ({ log, decoded: decodeEvent(chain, log) }))
  const transfers = events.filter(
    ({ log, decoded }) => log.address === token.bttToken && decoded?.name === 'Transfer',
  )
  return page('Transaction', '../../', [
    section(
      'Outcome',
      facts([
        ['Status', outcome],
        [
          'Reason',
          info.result === 'REVERT' && revert ? html`<code>${formatDecoded(revert)}</code>` : info.message,
        ],
        ['Id', html`<code>${info.txId}</code>`],
        ['Block', info.blockNumber],
        ['Time', `${new Date(info.timestampMs).toISOString().replace('T', ' ').slice(0, 19)} UTC`],
        ['Sent by', addressLink(transaction.body.owner)],
        ['Fee', formatSun(info.feeSun)],
        [
          'Energy',
          info.isExecution ? `${formatDecimal(info.energyUsed, 0, 0)} at ${ENERGY_PRICE_SUN} sun` : null,
        ],
        [
          'Bandwidth',
          info.netFeeSun > 0n ? `${formatSun(info.netFeeSun)} burned` : `${info.netUsed} bytes, free`,
        ],
      ]),
    ),
    ...(transfers.length > 0
      ? [section('BTT moved', transferTable(transfers.map(({ decoded }) => decoded!)))]
      : []),
    section('What it did', describeBody(chain, stored)),
    ...(events.length > 0
      ? [
          section(
            'Events',
            table(
              ['Contract', 'Event'],
              events.map(({ log, decoded }) => [
                addressLink(log.address),
                html`<code>${decoded ? formatDecoded(decoded) : `${log.topics[0] ?? ''} ${toBareHex(log.data)}`}</code>`,
              ]),
            ),
          ),
        ]
      : []),
  ])
}

/** "SUCCESS" as "Success", "OUT_OF_ENERGY" as "Out of energy". */
export function describeResult(result: string): string {
  const words = result.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** One phrase for lists: "transfer of 5 TRX", "call of open". */
export function summarise(chain: Blockchain, stored: StoredTransaction): string {
  const { body } = stored.transaction
  switch (body.type) {
    case 'AccountCreateContract':
      return 'new account'
    case 'TransferContract':
      return `transfer of ${formatSun(body.amountSun)}`
    case 'TransferAssetContract':
      return `transfer of ${formatToken(body.tokenId, body.amount)}`
    case 'CreateSmartContract':
      return `deployment of ${body.creation.name || 'a contract'}`
    case 'TriggerSmartContract': {
      const name = chain.contracts.get(body.contract)?.creation.name || 'contract'
      return `${name}.${decodeCall(chain, body.contract, body.data)?.name ?? toBareHex(body.data.slice(0, 4))}`
    }
    case 'AccountPermissionUpdateContract':
      return 'new permissions'
    case 'FreezeBalanceV2Contract':
      return `stake of ${formatSun(body.amountSun)}`
    case 'UnfreezeBalanceV2Contract':
      return `unstake of ${formatSun(body.amountSun)}`
    case 'WithdrawExpireUnfreezeContract':
      return 'withdrawal of unstaked TRX'
    case 'CancelAllUnfreezeV2Contract':
      return 'unstaking called off'
    case 'DelegateResourceContract':
      return `delegation of ${formatSun(body.amountSun)}`
    case 'UnDelegateResourceContract':
      return `delegation of ${formatSun(body.amountSun)} taken back`
  }
}

function formatToken(tokenId: string, amount: bigint): string {
  return tokenId === BTTOLD.id
    ? `${formatDecimal(amount, BTTOLD.decimals, BTTOLD.decimals)} ${BTTOLD.name}`
    : `${amount} of token ${tokenId}`
}

function describeBody(chain: Blockchain, stored: StoredTransaction): Markup {
  const { body } = stored.transaction
  const summary = summarise(chain, stored)
  switch (body.type) {
    case 'AccountCreateContract':
      return facts([['New account', addressLink(body.account)]])
    case 'TransferContract':
    case 'TransferAssetContract':
      return facts([
        ['Action', summary],
        ['To', addressLink(body.to)],
      ])
    case 'CreateSmartContract':
      return facts([
        ['Action', summary],
        ['Contract', stored.info.contract ? addressLink(stored.info.contract) : null],
        ['Code', `${body.creation.bytecode.length} bytes`],
      ])
    case 'TriggerSmartContract': {
      const call = decodeCall(chain, body.contract, body.data)
      return facts([
        ['Action', summary],
        ['Contract', addressLink(body.contract)],
        ['TRX sent', body.callValueSun > 0n ? formatSun(body.callValueSun) : null],
        ...(call
          ? call.arguments.map(
              ({ name, type, value }) => [name || type, html`<code>${value}</code>`] as const,
            )
          : [['Data', html`<code>${toBareHex(body.data)}</code>`] as const]),
      ])
    }
    case 'DelegateResourceContract':
    case 'UnDelegateResourceContract':
      return facts([
        ['Action', summary],
        ['For', addressLink(body.receiver)],
      ])
    default:
      return facts([['Action', summary]])
  }
}

function linkTo(address: string | undefined): Markup | string {
  const id = parseAccountId(address)
  return id ? addressLink(id) : ''
}

function transferTable(transfers: readonly Decoded[]): Markup {
  return table(
    ['From', 'To', 'BTT'],
    transfers.map(({ arguments: [from, to, value] }) => [
      linkTo(from?.value),
      linkTo(to?.value),
      formatAmountExact(toAmount(BigInt(value?.value ?? '0'))),
    ]),
  )
}
