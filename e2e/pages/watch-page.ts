import type { Locator, Page } from '@playwright/test'

/** `/watch/#…`: the player, the pieces, the peers and the money bar. */
export class WatchPage {
  readonly page: Page
  readonly video: Locator
  readonly position: Locator
  readonly seekBar: Locator
  readonly transfer: Locator
  readonly paidPieces: Locator
  readonly peers: Locator
  readonly money: Locator
  readonly moneyTitle: Locator
  readonly spent: Locator
  readonly settlement: Locator

  constructor(page: Page) {
    this.page = page
    this.video = page.locator('video')
    this.position = page.getByTestId('position')
    this.seekBar = page.getByRole('slider', { name: 'Position' })
    this.transfer = page.getByTestId('transfer')
    this.paidPieces = page.getByTestId('pieces-paid')
    this.peers = page.getByTestId('peer')
    this.money = page.getByTestId('money-bar')
    this.moneyTitle = this.money.getByRole('heading', { level: 2 })
    this.spent = page.getByTestId('spent')
    this.settlement = page.getByTestId('settlement')
  }

  async goto(fragment: string): Promise<void> {
    await this.page.goto(`/watch/#${fragment}`)
  }

  /** From "Pay for speed" to the budget's button; the wallet's own pop-ups are the caller's. `budget`: a preset. */
  async payForSpeed(wallet: 'TronLink' | 'Demo wallet' | 'connected', budget: '100' | '250' | '1,000') {
    await this.money.getByRole('button', { name: 'Pay for speed' }).click()
    if (wallet !== 'connected') {
      const dialog = this.page.getByRole('dialog', { name: 'Connect a wallet' })
      await dialog.getByRole('button', { name: wallet }).click()
    }
    const dialog = this.page.getByRole('dialog', { name: 'Pay for speed' })
    await dialog.getByText(budget, { exact: true }).click()
    const faucet = dialog.getByRole('button', { name: 'Get test coins' })
    const start = dialog.getByRole('button', { name: /^Lock .* and start$/ })
    return { dialog, faucet, start }
  }

  button(name: 'Stop paying' | 'Resume paying' | 'Settle' | 'Confirm seats' | 'Done' | 'Receipts'): Locator {
    return this.money.getByRole('button', { name, exact: true })
  }

  /** Tips the first peer that can be tipped. `preset` in BTT. */
  async tip(preset: '1' | '5' | '20', memo: string): Promise<void> {
    await this.peers.getByRole('button', { name: /^Tip /, disabled: false }).first().click()
    const sheet = this.page.getByRole('dialog', { name: /^Tip / })
    await sheet.getByText(preset, { exact: true }).click()
    await sheet.getByLabel('Message (optional)').fill(memo)
    await sheet.getByRole('button', { name: `Tip ${preset} BTT` }).click()
    await sheet.waitFor({ state: 'detached' })
  }
}
