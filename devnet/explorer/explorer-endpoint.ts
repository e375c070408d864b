/** The explorer's routes. Pages have no script and load nothing. */
import type { Blockchain } from '../chain/blockchain.ts'
import { parseAccountId } from '../codec/account-id.ts'
import type { Endpoint } from '../http/router.ts'
import { addressPage, startPage } from './address-page.ts'
import { html, page } from './markup.ts'
import { type ExplorerToken, transactionPage } from './transaction-page.ts'

export function createExplorerEndpoint(chain: Blockchain, getToken: () => ExplorerToken): Endpoint {
  return async (request) => {
    const [room, kind, key = '', ...rest] = request.path.split('/')
    if (request.method !== 'GET' || (room !== 'explorer' && request.path !== '')) return null
    if (kind === undefined) return { kind: 'html', httpStatus: 200, html: startPage(chain) }
    const text = rest.length > 0 ? null : await findPage(chain, kind, key, getToken())
    if (text !== null) return { kind: 'html', httpStatus: 200, html: text }
    const body = html`<p>This devnet knows no such ${kind === 'transaction' ? 'transaction' : 'address'}.</p>`
    return { kind: 'html', httpStatus: 404, html: page('Not found', '/', [body]) }
  }
}

async function findPage(
  chain: Blockchain,
  kind: string,
  key: string,
  token: ExplorerToken,
): Promise<string | null> {
  if (kind === 'transaction') {
    const stored = chain.getTransaction(key.toLowerCase())
    return stored ? transactionPage(chain, stored, token) : null
  }
  const id = kind === 'address' ? parseAccountId(key) : null
  return id ? addressPage(chain, id, token) : null
}
