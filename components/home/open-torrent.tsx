'use client'
import { ArrowRight, FileUp } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { type FormEvent, useRef, useState } from 'react'
import { openFiles, openText } from '@/hooks/open-torrent.ts'
import type { AddOutcome } from '@/lib/features/library/index.ts'
import type { Problem } from '@/lib/kernel/index.ts'
import { Button } from '../ui/button.tsx'
import { LateProblemNote } from '../ui/late-problem-note.tsx'
import { Spinner } from '../ui/spinner.tsx'

/** Nobody drags a file before the page is painted. */
const PageDropZone = dynamic(() => import('./page-drop-zone.tsx').then((module) => module.PageDropZone), {
  ssr: false,
})

/** The one input: a magnet, an info-hash or a link; files by button or dropped anywhere. */
export function OpenTorrent() {
  const router = useRouter()
  const picker = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [readPercent, setReadPercent] = useState<number | null>(null)

  async function open(run: () => Promise<AddOutcome>): Promise<void> {
    setProblem(null)
    setReadPercent(null)
    setBusy(true)
    const outcome = await run().finally(() => setBusy(false))
    if (outcome.status === 'refused') setProblem(outcome.problem)
    if (outcome.status === 'added') router.push(`/watch/#${outcome.infoHash}`)
  }

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void open(() => openText(text))
  }

  return (
    <div className="mt-8 max-w-xl">
      <form onSubmit={submit} noValidate>
        <label htmlFor="source" className="mb-2 block text-sm font-medium">
          Open a torrent
        </label>
        <div className="flex gap-2 rounded-xl border border-line-strong bg-surface p-1.5 shadow-sm focus-within:outline-3 focus-within:outline-active">
          <input
            id="source"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="Magnet link, info-hash or link"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? 'source-problem' : undefined}
            className="h-11 min-w-0 flex-1 bg-transparent px-3 outline-none placeholder:text-muted"
          />
          <Button look="primary" type="submit" aria-busy={isBusy}>
            Open
            <ArrowRight className="hidden size-4 sm:block" aria-hidden />
          </Button>
        </div>
      </form>
      {isBusy ? (
        <p role="status" className="mt-3 flex items-center gap-3 text-sm text-muted">
          <Spinner />
          {sayBusy(text, readPercent)}
        </p>
      ) : null}
      {problem ? (
        <LateProblemNote problem={problem} role="alert" id="source-problem" className="mt-3" />
      ) : null}
      <p className="mt-3 flex flex-wrap items-center gap-x-2 text-sm text-muted">
        <Button look="ghost" size="small" className="-ml-3 text-ink" onClick={() => picker.current?.click()}>
          <FileUp className="size-4" aria-hidden />
          Choose a file
        </Button>
        <span>or drop one anywhere: a .torrent opens, others are seeded.</span>
      </p>
      <input
        ref={picker}
        type="file"
        multiple
        className="hidden"
        tabIndex={-1}
        aria-label="Torrent file, or files to seed"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          if (files.length > 0) void open(() => openFiles(files, setReadPercent))
        }}
      />
      <PageDropZone
        onFiles={(files) => void open(() => openFiles(files, setReadPercent))}
        onText={(dropped) => void open(() => openText(dropped))}
      />
    </div>
  )
}

function sayBusy(text: string, readPercent: number | null): string {
  if (readPercent !== null) return `Reading your files: ${readPercent} %`
  return /^https?:/i.test(text.trim()) ? 'Fetching the link.' : 'Opening the torrent.'
}
