/** What a visitor does with torrents of their own: drop files, hand out links, set a price. */
import { expect, type Page } from '@playwright/test'
import { Visitor } from './visitor.ts'

type TorrentMenuEntry = 'Copy link' | 'Copy magnet' | 'Save .torrent' | 'Remove'

interface DroppedFile {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

/** Lets go of a file over the page, as from a folder on the desktop. */
export async function dropFile(page: Page, { name, type, bytes }: DroppedFile): Promise<void> {
  await page.getByTestId('drop-zone').waitFor({ state: 'attached' })
  const dataTransfer = await page.evaluateHandle(
    (file) => {
      const transfer = new DataTransfer()
      const content = Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0))
      transfer.items.add(new File([content], file.name, { type: file.type }))
      return transfer
    },
    { name, type, base64: bytes.toString('base64') },
  )
  await page.dispatchEvent('body', 'dragover', { dataTransfer })
  await expect(page.getByText('Drop it here')).toBeVisible()
  await page.dispatchEvent('body', 'drop', { dataTransfer })
}

export class Holder extends Visitor {
  /** Drops a file on the front page, agrees to share it, and waits until it is offered. */
  async seedFile(file: DroppedFile): Promise<void> {
    await this.openHome()
    await dropFile(this.page, file)
    await this.agree()
    await this.page.waitForURL(/\/watch\/#[0-9a-f]{40}/)
    await expect(this.page.getByTestId('transfer')).toContainText('Complete, seeding')
  }

  async chooseFromMenu(entry: TorrentMenuEntry): Promise<void> {
    await this.page.getByRole('button', { name: /^More for / }).click()
    await this.page.getByRole('menuitem', { name: entry }).click()
  }

  /** Copies through the menu and reads what then lies on the clipboard. */
  async copyFromMenu(entry: 'Copy link' | 'Copy magnet'): Promise<string> {
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const read = (): Promise<string> => this.page.evaluate(() => navigator.clipboard.readText())
    await this.page.evaluate(() => navigator.clipboard.writeText(''))
    await this.chooseFromMenu(entry)
    await expect(this.page.getByText('Copied.').first()).toBeVisible()
    await expect.poll(read).not.toBe('')
    return read()
  }

  async openWallet(): Promise<void> {
    await this.page.getByRole('link', { name: 'Wallet', exact: true }).click()
    await expect(this.page.getByRole('heading', { name: 'Wallet', level: 1 })).toBeVisible()
  }

  /** On /wallet/: the connected address. */
  async readAddress(): Promise<string> {
    return (await this.page.getByTestId('address').textContent()) ?? ''
  }

  /** On /wallet/: sells what is seeded, in BTT per MiB. */
  async startEarning(askPerMiB: string): Promise<void> {
    await this.page.getByLabel('Your price per MiB').fill(askPerMiB)
    await this.page.getByRole('button', { name: 'Start earning' }).click()
    await expect(this.page.getByRole('button', { name: 'Stop earning' })).toBeVisible()
  }

  /** On /wallet/: what the card says was earned, or can be redeemed, in BTT. */
  async readEarnings(label: 'Earned' | 'To redeem'): Promise<string> {
    const card = this.page.getByTestId('earnings').locator('div', { hasText: label })
    return (await card.locator('dd').textContent()) ?? ''
  }

  /** Answers the question that comes before a redemption, once it says what it costs. */
  async confirmRedemption(): Promise<void> {
    const dialog = this.page.getByRole('dialog')
    await expect(dialog).toContainText(/Network fee, at most\s*[\d.]+ TRX/)
    await dialog.getByRole('button', { name: 'Redeem now' }).click()
  }

  async openSharingSettings(): Promise<void> {
    await this.page.getByRole('button', { name: 'Sharing settings' }).click()
    await expect(this.page.getByRole('dialog')).toBeVisible()
  }
}
