import type { Locator, Page } from '@playwright/test'

/** `/`: open a torrent, play the demo, see one's own. */
export class HomePage {
  readonly page: Page
  readonly source: Locator
  readonly open: Locator
  readonly playDemo: Locator
  readonly filePicker: Locator
  readonly problem: Locator
  readonly torrents: Locator
  readonly chip: Locator

  constructor(page: Page) {
    this.page = page
    this.source = page.getByLabel('Open a torrent')
    this.open = page.getByRole('button', { name: 'Open', exact: true })
    this.playDemo = page.getByRole('button', { name: /Play the demo/ })
    this.filePicker = page.locator('input[type="file"]')
    this.problem = page.getByRole('main').getByRole('alert')
    this.torrents = page.getByRole('region', { name: 'Your torrents' }).getByRole('listitem')
    this.chip = page.getByTestId('money-chip')
  }

  async goto(): Promise<void> {
    await this.page.goto('/')
  }

  async openSource(text: string): Promise<void> {
    await this.source.fill(text)
    await this.open.click()
  }

  /** Answers the consent sheet. */
  async agree(): Promise<void> {
    const sheet = this.page.getByRole('dialog', { name: 'Before you join the swarm' })
    await sheet.getByRole('button', { name: 'Agree and continue' }).click()
    await sheet.waitFor({ state: 'detached' })
  }
}
