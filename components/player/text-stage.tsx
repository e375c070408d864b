'use client'
import { useEffect, useState } from 'react'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { ForeignText } from '../ui/foreign-text.tsx'
import { OtherStage } from './other-stage.tsx'

/** More than this is no text that one reads in a page. */
const MAX_TEXT_BYTES = 1_048_576

export interface TextStageProps {
  readonly url: string
  readonly name: string
  readonly file: WatchSnapshot['files'][number]
}

/** Text, shown as text and never as a page: a stranger's HTML runs nothing here. */
export function TextStage({ url, name, file }: TextStageProps) {
  const [text, setText] = useState<string | null>(null)
  const [hasFailed, setFailed] = useState(false)
  const isTooLong = file.lengthBytes > MAX_TEXT_BYTES

  useEffect(() => {
    if (isTooLong) return
    const reading = new AbortController()
    fetch(url, { signal: reading.signal })
      .then((response) => (response.ok ? response.text() : Promise.reject(new Error(response.statusText))))
      .then(setText, () => reading.signal.aborted || setFailed(true))
    return () => reading.abort()
  }, [url, isTooLong])

  if (isTooLong || hasFailed) return <OtherStage url={url} name={name} file={file} />
  return (
    <div className="card p-4 sm:p-6">
      <p className="mb-3 font-semibold">
        <ForeignText text={name} />
      </p>
      {text === null ? (
        <p role="status" className="text-muted">
          Fetching the text from peers.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre tabIndex={0} className="max-h-[60dvh] overflow-auto font-mono text-sm whitespace-pre-wrap">
          {text}
        </pre>
      )}
    </div>
  )
}
