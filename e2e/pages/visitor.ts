/** What a visitor does on the site, in the visitor's words: roles and labels only, waits only on what can be seen. */
import { expect, type Locator, type Page } from '@playwright/test'

/** Base units of one BTT. */
export const BTT = 10n ** 18n

export interface FileGiven {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

export interface SettlementOnScreen {
  /** Base units, parsed from every digit that the page shows. */
  readonly paid: bigint
  readonly refunded: bigint
  readonly funded: bigint
}

/** "12.5 BTT" → base units. */
export function parseShownBtt(text: string): bigint {
  const match = /([\d,]+)(?:\.(\d+))? BTT/.exec(text)
  if (!match) throw new Error(`no amount in "${text}"`)
  return BigInt((match[1] ?? '0').replaceAll(',', '') + (match[2] ?? '').padEnd(18, '0'))
}

export class Visitor {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get video(): Locator {
    return this.page.locator('video')
  }
  get peers(): Locator {
    return this.page.getByTestId('peer')
  }
  get receipts(): Locator {
    return this.page.getByTestId('receipt')
  }
  get moneyBar(): Locator {
    return this.page.getByTestId('money-bar')
  }
  get settleButton(): Locator {
    return this.page.getByRole('button', { name: 'Settle', exact: true })
  }
  get lockButton(): Locator {
    return this.page.getByRole('button', { name: /^Lock .* and start$/ })
  }
  get declined(): Locator {
    return this.page.getByText('You declined in your wallet. No BTT moved.')
  }
  /** The step of a transaction that is under way, by its name. */
  step(name: string): Locator {
    return this.page.locator('[aria-current="step"]').filter({ hasText: name })
  }
  /** A line of the budget dialog's terms. */
  term(label: string): Locator {
    return this.page
      .getByRole('dialog')
      .locator('dl > div', { has: this.page.getByText(label, { exact: true }) })
  }
  title(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name })
  }

  async openHome(): Promise<void> {
    await this.page.goto('/')
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible()
  }

  async openText(text: string): Promise<void> {
    await this.page.getByLabel('Open a torrent').fill(text)
    await this.page.getByRole('button', { name: 'Open', exact: true }).click()
  }

  async openFiles(files: FileGiven | readonly FileGiven[]): Promise<void> {
    await this.page.getByLabel('Torrent file, or files to seed').setInputFiles(files)
  }

  /** A problem on screen in three sentences: what happened (`title`), what about the money, what to do. */
  async expectProblem(title: string | RegExp, timeout = 20_000): Promise<void> {
    const note = this.page.getByRole('alert').or(this.page.getByRole('status')).filter({ hasText: title })
    await expect(note.first()).toBeVisible({ timeout })
    const sentences = note.first().locator('p')
    await expect(sentences.nth(2)).toBeVisible()
    for (const sentence of await sentences.allInnerTexts()) expect(sentence).toMatch(/[.!?]$/)
  }

  /** Answers the sheet that comes before the first swarm. */
  async agree(): Promise<void> {
    await this.page.getByRole('button', { name: 'Agree and continue' }).click()
  }

  async playDemo(): Promise<void> {
    await this.openHome()
    await this.page.getByRole('button', { name: /Play the demo/ }).click()
    await this.agree()
    await this.page.waitForURL(/\/watch\/#[0-9a-f]{40}/)
    await this.waitUntilPlaying()
  }

  async waitUntilPlaying(): Promise<void> {
    await expect.poll(() => this.position(), { timeout: 60_000 }).toBeGreaterThan(0.2)
  }

  position(): Promise<number> {
    return this.video.evaluate((video: HTMLVideoElement) => video.currentTime)
  }

  /** Pauses, clicks the seek bar near a second, waits for the frame there; resolves with the exact position. */
  async seekTo(second: number): Promise<number> {
    const pause = this.page.getByRole('button', { name: 'Pause (k)' })
    if (await pause.isVisible()) await pause.click()
    const bar = this.page.getByRole('slider', { name: 'Position' })
    const box = await bar.boundingBox()
    const durationSec = await this.video.evaluate((video: HTMLVideoElement) => video.duration)
    await bar.click({
      position: { x: ((box?.width ?? 0) * second) / durationSec, y: (box?.height ?? 0) / 2 },
    })
    await expect
      .poll(
        () =>
          this.video.evaluate(
            (video: HTMLVideoElement, wanted) =>
              Math.abs(video.currentTime - wanted) < 3 && !video.seeking && video.readyState >= 2,
            second,
          ),
        { timeout: 60_000 },
      )
      .toBe(true)
    return this.position()
  }

  /** The colour of one pixel of the frame on screen, in the film's own coordinates. */
  readPixel(x: number, y: number): Promise<readonly [number, number, number]> {
    return this.video.evaluate(
      (video: HTMLVideoElement, point) => {
        const canvas = document.createElement('canvas')
        canvas.width = video.videoWidth
        canvas.height = video.videoHeight
        const context = canvas.getContext('2d')
        context?.drawImage(video, 0, 0)
        const [r = 0, g = 0, b = 0] = context?.getImageData(point.x, point.y, 1, 1).data ?? []
        return [r, g, b] as const
      },
      { x, y },
    )
  }

  /** Pieces of one kind on the map's legend. */
  async countPieces(kind: 'missing' | 'active' | 'verified' | 'paid'): Promise<number> {
    const text = await this.page.getByTestId(`pieces-${kind}`).innerText()
    return Number.parseInt(text, 10)
  }

  async waitForAllPieces(): Promise<void> {
    await expect
      .poll(async () => (await this.countPieces('missing')) + (await this.countPieces('active')), {
        timeout: 90_000,
      })
      .toBe(0)
  }

  /** By the name that the dialog shows. */
  async chooseWallet(wallet: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Connect', exact: true }).click()
    await this.page.getByRole('dialog').getByRole('button', { name: wallet, exact: true }).click()
  }

  /** A demo wallet is a new one, and has its test coins then. */
  async connect(wallet: string): Promise<void> {
    await this.chooseWallet(wallet)
    await expect(this.page.getByTestId('account')).toBeVisible()
    if (wallet === 'Demo wallet') await this.readTestCoins()
  }

  async readTestCoins(): Promise<void> {
    await expect(this.page.getByText('Test coins arrived.')).toBeVisible()
  }

  async openBudget(): Promise<void> {
    await this.page.getByRole('button', { name: 'Pay for speed' }).click()
  }

  /** Fills the open budget dialog; `budget` as a label of the presets. */
  async chooseBudget(budget: string, maxAsk = '20'): Promise<void> {
    const dialog = this.page.getByRole('dialog')
    await dialog.getByText(budget, { exact: true }).click()
    await dialog.getByLabel('Pay at most, per MiB').fill(maxAsk)
  }

  async chooseOtherBudget(budget: string, maxAsk = '20'): Promise<void> {
    await this.chooseBudget('Other', maxAsk)
    await this.page.getByRole('dialog').getByLabel('Your budget').fill(budget)
  }

  async takeTestCoins(): Promise<void> {
    await this.page.getByRole('button', { name: 'Get test coins' }).click()
    await this.readTestCoins()
  }

  /** Opens the budget dialog in a fresh demo wallet and fills it; `budget` as a label of the presets, or a figure. */
  async prepareBudget(budget: string, maxAsk = '20'): Promise<void> {
    await this.connect('Demo wallet')
    await this.openBudget()
    const isPreset = (await this.page.getByRole('dialog').getByText(budget, { exact: true }).count()) > 0
    if (isPreset) await this.chooseBudget(budget, maxAsk)
    else await this.chooseOtherBudget(budget, maxAsk)
  }

  /** Plays the demo and pays for it from a fresh demo wallet. */
  async payForDemo(budget = '100'): Promise<void> {
    await this.playDemo()
    await expect(this.peers).toHaveCount(1)
    await this.prepareBudget(budget)
    await this.lockBudget()
    await this.waitUntilPaying()
  }

  async lockBudget(): Promise<void> {
    await this.lockButton.click()
  }

  /** Reads the notice that a request was declined in the wallet, and closes it. */
  async readDeclined(): Promise<void> {
    await expect(this.declined).toBeVisible()
    const toast = this.page.getByRole('listitem').filter({ has: this.declined })
    // A newer toast may lie over it.
    await toast.getByRole('button', { name: 'Close toast' }).dispatchEvent('click')
    await expect(this.declined).toBeHidden()
  }

  async waitUntilPaying(): Promise<void> {
    await expect(this.title('Paying for speed')).toBeVisible({ timeout: 30_000 })
    await expect.poll(() => this.countPieces('paid'), { timeout: 60_000 }).toBeGreaterThan(0)
  }

  async tip(amount: string, memo: string): Promise<void> {
    await this.peers.first().getByRole('button', { name: /^Tip/ }).click()
    const popover = this.page.getByRole('dialog', { name: /^Tip/ })
    await popover.getByText(amount, { exact: true }).click()
    await popover.getByLabel(/Message/).fill(memo)
    await popover.getByRole('button', { name: /^Tip .* BTT$/ }).click()
    await expect(this.page.getByText(/^Tipped /)).toBeVisible()
  }

  /** Presses *Settle* and answers its question. */
  async askToSettle(): Promise<void> {
    await this.settleButton.click()
    await this.page.getByRole('dialog').getByRole('button', { name: 'Settle now' }).click()
  }

  async settle(): Promise<SettlementOnScreen> {
    await this.askToSettle()
    return this.readSettlement()
  }

  async readSettlement(): Promise<SettlementOnScreen> {
    const rows = this.page.getByTestId('settlement')
    await expect(rows).toBeVisible({ timeout: 40_000 })
    const read = async (label: string): Promise<bigint> =>
      parseShownBtt(
        await rows.locator('div', { has: this.page.getByText(label, { exact: true }) }).innerText(),
      )
    return {
      paid: await read('Paid to seeders'),
      refunded: await read('Back in your wallet'),
      funded: await read('Funded'),
    }
  }

  /** Sums of the receipts of each kind, read off the wallet page to the last digit. */
  async readReceipts(): Promise<ReadonlyMap<string, { readonly count: number; readonly sum: bigint }>> {
    await this.page.getByRole('link', { name: 'Wallet' }).first().click()
    await this.page.getByText('All lines', { exact: true }).click()
    await expect(this.receipts.first()).toBeVisible()
    const more = this.page.getByRole('button', { name: 'Show older' })
    for (let shown = await this.receipts.count(); await more.isVisible(); ) {
      await more.click()
      await expect.poll(() => this.receipts.count()).toBeGreaterThan(shown)
      shown = await this.receipts.count()
    }
    const rows = await this.receipts.evaluateAll((elements) =>
      elements.map((row) => ({
        kind: row.getAttribute('data-kind') ?? '',
        amount: row.querySelector('td:nth-child(2)')?.textContent ?? '',
      })),
    )
    const sums = new Map<string, { count: number; sum: bigint }>()
    for (const { kind, amount } of rows) {
      const before = sums.get(kind) ?? { count: 0, sum: 0n }
      sums.set(kind, { count: before.count + 1, sum: before.sum + parseShownBtt(amount) })
    }
    return sums
  }
}
