'use client'
import { FileSearch } from 'lucide-react'
import { type ChangeEvent, useRef } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useWallet } from '@/hooks/use-snapshots.ts'
import { Button } from '../ui/button.tsx'
import { notify, notifyProblem } from '../ui/notify.ts'

/** For coins whose record no node keeps any more: the file that the page saved. Needs the wallet. */
export function OpenRecovery() {
  const input = useRef<HTMLInputElement>(null)
  if (useWallet().status !== 'connected') return null

  async function open({ target }: ChangeEvent<HTMLInputElement>): Promise<void> {
    const [file] = target.files ?? []
    if (!file) return
    const text = await file.text()
    target.value = ''
    const { commands } = await loadNode()
    const outcome = await commands.openRecoveryFile(text)
    if (outcome.status === 'failed') void notifyProblem(outcome.problem)
    else void notify('The recovery file was read. What it finds locked is shown here.')
  }

  return (
    <>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        aria-label="Recovery file"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => void open(event)}
      />
      <Button look="ghost" size="small" className="-ml-3" onClick={() => input.current?.click()}>
        <FileSearch className="size-4" aria-hidden />
        Open a recovery file
      </Button>
    </>
  )
}
