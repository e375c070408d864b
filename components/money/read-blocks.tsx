'use client'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import type { ElsewhereSearch } from '@/lib/features/pay/index.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/fields.tsx'
import { Meter } from '../ui/meter.tsx'
import { notifyProblem } from '../ui/notify.ts'

/** TRON makes a block every 3 seconds. */
const BLOCKS_PER_DAY = 28_800
const SPANS = [
  { value: '1', label: 'a day' },
  { value: '7', label: 'a week' },
  { value: '30', label: '30 days' },
] as const

type Days = (typeof SPANS)[number]['value']

interface ReadingProps {
  readonly search: Extract<ElsewhereSearch, { status: 'reading' }>
}

function Reading({ search: { block, fromBlock, toBlock } }: ReadingProps) {
  const count = toBlock - fromBlock + 1
  const done = Math.max(0, block - fromBlock + 1)
  const text = `${done.toLocaleString('en')} of ${count.toLocaleString('en')} blocks`
  return (
    <div className="space-y-2">
      <Meter label="Blocks read" value={done / count} text={text} />
      <p className="flex flex-wrap items-center justify-between gap-2 text-sm text-muted tabular-nums">
        {text}
        <Button
          look="ghost"
          size="small"
          onClick={() => void loadNode().then((node) => node.commands.stopReadingBlocks())}
        >
          Stop reading
        </Button>
      </p>
    </div>
  )
}

/** For a node that keeps no list of events: what the wallet locked elsewhere stands in its blocks. */
export function ReadBlocks({ search }: { readonly search: ElsewhereSearch }) {
  const [days, setDays] = useState<Days>('1')
  async function read(): Promise<void> {
    const { commands } = await loadNode()
    const outcome = await commands.readBlocks(Number(days) * BLOCKS_PER_DAY)
    if (outcome.status === 'failed') void notifyProblem(outcome.problem)
  }
  return (
    <section
      aria-label="Look for locked coins"
      className="space-y-3 rounded-xl border border-line p-3"
      data-testid="read-blocks"
    >
      <p role="status" className="text-sm">
        {search.status === 'read'
          ? `All that this wallet locked since block ${search.fromBlock.toLocaleString('en')} is shown here.`
          : search.status === 'reading'
            ? 'Reading the chain’s blocks. You can go on using the page.'
            : 'This node has no event server. If this wallet locked coins in another browser, its blocks tell where they are.'}
      </p>
      {search.status === 'reading' ? (
        <Reading search={search} />
      ) : (
        <>
          <Choice label="Locked within" options={SPANS} value={days} onChange={setDays} />
          <Button size="small" onClick={() => void read()}>
            {search.status === 'read' ? 'Read again' : 'Read the blocks'}
          </Button>
        </>
      )}
    </section>
  )
}
