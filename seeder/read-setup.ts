/** What the operator gave besides the command line: the site's configuration and the key. */
import { readFile } from 'node:fs/promises'
import { AppError, SiteError, WalletError } from '../lib/base/index.ts'
import type { SiteConfig } from '../lib/config/index.ts'
import { loadConfig, parseConfig } from '../lib/config/index.ts'
import { readKeystore } from '../lib/wallet/keystore.ts'

/** Reads config.json from a file or an address. Throws AppError 'bad-config', TransportError. */
export async function readConfig(source: string): Promise<SiteConfig> {
  if (/^https?:/.test(source)) return loadConfig(source)
  let text: string
  try {
    text = await readFile(source, 'utf8')
  } catch (cause) {
    throw new SiteError('bad-config', `${source} cannot be read`, { cause })
  }
  try {
    return parseConfig(JSON.parse(text))
  } catch (cause) {
    throw cause instanceof AppError ? cause : new SiteError('bad-config', `${source} is not JSON`, { cause })
  }
}

/**
 * The private key in hex, from the keystore or the environment; what it read is then gone from the environment.
 * Throws WalletError, which never repeats a secret.
 */
export async function readPrivateKey(keystore: string | null, env: NodeJS.ProcessEnv): Promise<string> {
  const { PIECEMEAL_SEEDER_KEY: key, PIECEMEAL_KEYSTORE_PASSWORD: password } = env
  delete env.PIECEMEAL_SEEDER_KEY
  delete env.PIECEMEAL_KEYSTORE_PASSWORD
  if (keystore === null) {
    if (!key) throw new WalletError('no-key', 'There is no key: set PIECEMEAL_SEEDER_KEY or give --keystore.')
    return key
  }
  let text: string
  try {
    text = await readFile(keystore, 'utf8')
  } catch (cause) {
    throw new WalletError('no-key', `The keystore ${keystore} cannot be read.`, { cause })
  }
  return readKeystore(text, password ?? '')
}
