'use client'
import { HandCoins } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import type { PeerRow } from '@/lib/features/library/index.ts'
import type { Problem } from '@/lib/kernel/index.ts'
import { BTT, formatAmount, MAX_MEMO_LENGTH, parseMoney, showHidden } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { Choice, TextField } from '../ui/fields.tsx'
import { notify } from '../ui/notify.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { shortenAddress } from '../ui/short-address.tsx'
import { canTip, getPayee } from './peer-words.ts'

const PRESETS = ['1', '5', '20', 'other'] as const

export interface TipPopoverProps {
  readonly infoHash: string
  readonly peer: PeerRow
}

/** Thanks a seeder with BTT out of the budget, with a word if one likes. */
export function TipPopover({ infoHash, peer }: TipPopoverProps) {
  const [isOpen, setOpen] = useState(false)
  const [preset, setPreset] = useState<(typeof PRESETS)[number]>('5')
  const [other, setOther] = useState('')
  const [memo, setMemo] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isSending, setSending] = useState(false)
  const parsed = parseMoney(preset === 'other' ? other : preset, BTT)
  const amount = parsed === 0n ? null : parsed

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (amount === null) return
    setSending(true)
    setProblem(null)
    const { commands } = await loadNode()
    const outcome = await commands.tip(infoHash, peer.peerKey, amount, memo).finally(() => setSending(false))
    if (outcome.status === 'failed') {
      setProblem(outcome.problem)
      return
    }
    setOpen(false)
    setMemo('')
    if (outcome.status === 'done')
      void notify(`Tipped ${formatAmount(amount)} to ${shortenAddress(getPayee(peer.money) ?? '')}.`)
  }

  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button
          look="quiet"
          size="small"
          disabled={!canTip(peer.money)}
          aria-label={`Tip ${showHidden(peer.client)}`}
        >
          <HandCoins className="size-4" aria-hidden />
          Tip
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={12}
          aria-label={`Tip ${showHidden(peer.client)}`}
          className="z-40 max-h-(--radix-popover-content-available-height) w-[min(22rem,calc(100vw-1.5rem))] overflow-y-auto rounded-xl border border-line bg-surface p-4 shadow-xl"
        >
          <form onSubmit={send} className="space-y-4">
            <Choice
              label="Tip in BTT"
              value={preset}
              onChange={setPreset}
              options={PRESETS.map((value) => ({ value, label: value === 'other' ? 'Other' : value }))}
            />
            {preset === 'other' ? (
              <TextField
                label="Amount"
                unit="BTT"
                inputMode="decimal"
                autoComplete="off"
                value={other}
                onChange={(event) => setOther(event.target.value)}
                problem={
                  other !== '' && amount === null
                    ? 'Write a number above 0 with a decimal point: 2.5 or 1250.5.'
                    : null
                }
              />
            ) : null}
            <TextField
              label="Message (optional)"
              maxLength={MAX_MEMO_LENGTH}
              value={memo}
              onChange={(event) => setMemo(event.target.value)}
              hint={`Only the seeder reads it. ${MAX_MEMO_LENGTH - memo.length} characters left.`}
            />
            {problem ? <ProblemNote problem={problem} role="alert" /> : null}
            <Button look="pay" type="submit" className="w-full" disabled={amount === null || isSending}>
              {isSending ? 'Sending' : amount === null ? 'Tip' : `Tip ${formatAmount(amount)}`}
            </Button>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
