import type { Locator, Page } from '@playwright/test'

/** `/wallet/`: balances, earning, receipts. */
export class WalletPage {
  readonly page: Page
  readonly address: Locator
  readonly balances: Locator
  readonly earnings: Locator
  readonly receipts: Locator
  readonly saveCsv: Locator
  readonly startEarning: Locator
  readonly redeem: Locator
  readonly faucet: Locator

  constructor(page: Page) {
    this.page = page
    this.address = page.getByTestId('address')
    this.balances = page.getByTestId('balances')
    this.earnings = page.getByTestId('earnings')
    this.receipts = page.getByTestId('receipt')
    this.saveCsv = page.getByRole('button', { name: 'Save as CSV' })
    this.startEarning = page.getByRole('button', { name: 'Start earning' })
    this.redeem = page.getByRole('button', { name: 'Redeem' })
    this.faucet = page.getByRole('button', { name: 'Get test coins' })
  }

  async goto(): Promise<void> {
    await this.page.goto('/wallet/')
  }

  async connect(wallet: 'TronLink' | 'Demo wallet'): Promise<void> {
    await this.page.getByRole('button', { name: 'Connect a wallet' }).click()
    await this.page
      .getByRole('dialog', { name: 'Connect a wallet' })
      .getByRole('button', { name: wallet })
      .click()
  }

  receiptsOf(kind: string): Locator {
    return this.page.locator(`[data-testid="receipt"][data-kind="${kind}"]`)
  }
}
